import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { about, flagNoun, helpedFlag, noFlag } from './flag.ts';

/** A supervisor has the flag before their eyes: a focused, visible tab shows it. */
export const markSeen: Command<'flag:mark-seen'> = {
  permission: 'supervision.own',
  rate: { points: 400, seconds: 10 },
  needs: (input) => [need(flagNoun, input.flagId)],
  decide: (state, input, { actor }) => {
    const found = helpedFlag(actor, input.flagId, state);
    if ('refusal' in found || actor.kind !== 'person') return 'refusal' in found ? found : { refusal: noFlag };
    const { flag } = found;
    if (flag.seenBy.some((one) => one.personId === actor.id)) return { events: [], value: null };
    return { events: [{ type: 'flag:seen', ...about(flag), personId: actor.id }], value: null };
  },
};
