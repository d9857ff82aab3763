import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { about, flagNoun, helpedFlag, noFlag } from './flag.ts';

/** A supervisor's screen has the flag; the first one counts. */
export const markDelivered: Command<'flag:mark-delivered'> = {
  permission: 'supervision.own',
  rate: { points: 400, seconds: 10 },
  needs: (input) => [need(flagNoun, input.flagId)],
  decide: (state, input, { actor }) => {
    const found = helpedFlag(actor, input.flagId, state);
    if ('refusal' in found || actor.kind !== 'person') return 'refusal' in found ? found : { refusal: noFlag };
    const { flag } = found;
    if (flag.deliveredAt !== null) return { events: [], value: null };
    return { events: [{ type: 'flag:delivered', ...about(flag), personId: actor.id }], value: null };
  },
};
