import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { arranging, noRule, ruleNoun } from './rule.ts';

/** It is gone from the list for good. Flags that it raised go on saying its name. */
export const remove: Command<'rule:remove'> = {
  permission: 'flag.manage',
  rate: arranging,
  alone: true,
  needs: ({ ruleId }) => [need(ruleNoun, ruleId)],
  decide: (state, { ruleId }) => {
    const rule = state.get(ruleNoun, ruleId);
    if (rule === undefined || rule.removed) return { refusal: noRule };
    return { events: [{ type: 'rule:removed', ruleId }], value: null };
  },
};
