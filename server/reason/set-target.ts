import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { settingRate } from '../organisation/organisation.ts';
import { noReason, reasonNoun } from './reason.ts';

/** By when somebody should have taken a flag of this reason. Flags that are up keep the target they were raised with. */
export const setTarget: Command<'reason:set-target'> = {
  permission: 'flag.manage',
  rate: settingRate,
  needs: ({ reasonId }) => [need(reasonNoun, reasonId)],
  decide: (state, { reasonId, targetMs }) => {
    const reason = state.get(reasonNoun, reasonId);
    if (reason === undefined) return { refusal: noReason };
    if (reason.targetMs === targetMs) return { events: [], value: null };
    return { events: [{ type: 'reason:target-set', reasonId, before: reason.targetMs, targetMs }], value: null };
  },
};
