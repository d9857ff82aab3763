import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { arranging, noRule, ruleNoun } from './rule.ts';

/** It listens again. */
export const activate: Command<'rule:activate'> = {
  permission: 'flag.manage',
  rate: arranging,
  alone: true,
  needs: ({ ruleId }) => [need(ruleNoun, ruleId)],
  decide: (state, { ruleId }) => {
    const rule = state.get(ruleNoun, ruleId);
    if (rule === undefined || rule.removed) return { refusal: noRule };
    return { events: rule.active === true ? [] : [{ type: 'rule:activated', ruleId }], value: null };
  },
};
