import { refusal } from '../../shared/contract/refusal.ts';
import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { personNoun } from '../person/person.ts';
import { about, flagNoun, helpedFlag, noFlag } from './flag.ts';

/** A supervisor takes a flag. Exactly one wins; the others are told who (I2). */
export const claim: Command<'flag:claim'> = {
  permission: 'supervision.own',
  rate: { points: 20, seconds: 10 },
  needs: (input) => [need(flagNoun, input.flagId)],
  decide: (state, input, { actor }) => {
    const found = helpedFlag(actor, input.flagId, state);
    if ('refusal' in found || actor.kind !== 'person') return 'refusal' in found ? found : { refusal: noFlag };
    const { flag } = found;
    if (flag.claim === null)
      return { events: [{ type: 'flag:claimed', ...about(flag), personId: actor.id }], value: null };
    if (flag.claim.personId === actor.id) return { events: [], value: null };
    const name = state.get(personNoun, flag.claim.personId)?.name ?? 'Somebody';
    return {
      refusal: refusal('flag_claimed', `${name} has already taken this flag.`, 'You can still chat, monitor or join.', {
        personId: flag.claim.personId,
        name,
        at: flag.claim.at,
      }),
    };
  },
};
