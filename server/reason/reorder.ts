import { refusal } from '../../shared/contract/refusal.ts';
import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { settingRate } from '../organisation/organisation.ts';
import { activeReasons, reasonsNoun } from './use.ts';

/** The order of the dialog, which is also the reasons' keys. */
export const reorder: Command<'reason:reorder'> = {
  permission: 'flag.manage',
  rate: settingRate,
  alone: true,
  needs: (_input, _actor, organisationId) => [need(reasonsNoun, organisationId)],
  decide: (state, { reasonIds }, context) => {
    const before = activeReasons(state, context).map((one) => one.id);
    const whole = new Set(reasonIds).size === before.length && before.every((id) => reasonIds.includes(id));
    if (!whole || reasonIds.length !== before.length)
      return {
        refusal: refusal(
          'not_found',
          'The reasons have changed meanwhile.',
          'Look at them again and put them in order.',
        ),
      };
    if (before.every((id, at) => reasonIds[at] === id)) return { events: [], value: null };
    return { events: [{ type: 'reason:reordered', before, reasonIds }], value: null };
  },
};
