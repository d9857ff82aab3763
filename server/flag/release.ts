import { refusal } from '../../shared/contract/refusal.ts';
import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { about, flagNoun, helpedFlag, noFlag } from './flag.ts';

/** Whoever took a flag gives it back; it needs somebody again. */
export const release: Command<'flag:release'> = {
  permission: 'supervision.own',
  rate: { points: 20, seconds: 10 },
  needs: (input) => [need(flagNoun, input.flagId)],
  decide: (state, input, { actor }) => {
    const found = helpedFlag(actor, input.flagId, state);
    if ('refusal' in found || actor.kind !== 'person') return 'refusal' in found ? found : { refusal: noFlag };
    const { flag } = found;
    if (flag.claim === null)
      return { refusal: refusal('flag_not_claimed', 'Nobody has taken this flag.', 'You can take it.') };
    if (flag.claim.personId !== actor.id)
      return {
        refusal: refusal('not_your_claim', 'Somebody else has taken this flag.', 'Ask them to release it.', {
          personId: flag.claim.personId,
        }),
      };
    return { events: [{ type: 'flag:released', ...about(flag), personId: actor.id, reason: 'released' }], value: null };
  },
};
