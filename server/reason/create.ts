import { limits } from '../../shared/contract/limits.ts';
import type { Refusal } from '../../shared/contract/refusal.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { settingRate } from '../organisation/organisation.ts';
import { activeReasons, reasonsNoun } from './use.ts';

export const reasonTaken = (name: string): Refusal =>
  refusal('name_taken', `There is a reason called ${name} already.`, 'Choose another name.');

/** Names that differ in case only are one name to a person. */
export const sameName = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();

/** One more reason, last in the dialog. */
export const create: Command<'reason:create'> = {
  permission: 'flag.manage',
  rate: settingRate,
  alone: true,
  needs: (_input, _actor, organisationId) => [need(reasonsNoun, organisationId)],
  decide: (state, input, context) => {
    const active = activeReasons(state, context);
    const name = input.name.trim();
    if (active.some((one) => sameName(one.name, name))) return { refusal: reasonTaken(name) };
    if (active.length >= limits.reasons)
      return {
        refusal: refusal(
          'limit_reached',
          `There are ${limits.reasons} reasons already, as many as an agent can choose among.`,
          'Archive one that is not used.',
        ),
      };
    const id = context.newId<'reason'>();
    const reason = { id, name, targetMs: input.targetMs, order: active.length + 1, active: true };
    return { events: [{ type: 'reason:created', reason }], value: { reasonId: id } };
  },
};
