import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { settingRate } from '../organisation/organisation.ts';
import { reasonTaken, sameName } from './create.ts';
import { noReason, reasonNoun } from './reason.ts';
import { activeReasons, reasonsNoun } from './use.ts';

export const rename: Command<'reason:rename'> = {
  permission: 'flag.manage',
  rate: settingRate,
  alone: true,
  needs: ({ reasonId }, _actor, organisationId) => [need(reasonNoun, reasonId), need(reasonsNoun, organisationId)],
  decide: (state, { reasonId, name: typed }, context) => {
    const reason = state.get(reasonNoun, reasonId);
    if (reason === undefined) return { refusal: noReason };
    const name = typed.trim();
    if (name === reason.name) return { events: [], value: null };
    if (activeReasons(state, context).some((one) => one.id !== reasonId && sameName(one.name, name)))
      return { refusal: reasonTaken(name) };
    return { events: [{ type: 'reason:renamed', reasonId, before: reason.name, name }], value: null };
  },
};
