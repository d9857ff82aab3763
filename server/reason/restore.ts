import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { settingRate } from '../organisation/organisation.ts';
import { reasonTaken, sameName } from './create.ts';
import { noReason, reasonNoun } from './reason.ts';
import { activeReasons, reasonsNoun } from './use.ts';

/** An archived reason can be chosen again, last in the dialog. */
export const restore: Command<'reason:restore'> = {
  permission: 'flag.manage',
  rate: settingRate,
  alone: true,
  needs: ({ reasonId }, _actor, organisationId) => [need(reasonNoun, reasonId), need(reasonsNoun, organisationId)],
  decide: (state, { reasonId }, context) => {
    const reason = state.get(reasonNoun, reasonId);
    if (reason === undefined) return { refusal: noReason };
    if (reason.active) return { events: [], value: null };
    const active = activeReasons(state, context);
    if (active.some((one) => sameName(one.name, reason.name))) return { refusal: reasonTaken(reason.name) };
    return { events: [{ type: 'reason:restored', reasonId, order: active.length + 1 }], value: null };
  },
};
