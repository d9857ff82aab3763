import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { about, flagNoun, ownFlag } from './flag.ts';

/** The agent asks that a supervisor joins the customer conversation; after a decline it may be asked again (S1.10). */
export const askJoin: Command<'flag:ask-join'> = {
  permission: 'flag.raise',
  rate: { points: 5, seconds: 5 },
  needs: (input) => [need(flagNoun, input.flagId)],
  decide: (state, input, { actor }) => {
    const found = ownFlag(actor, input.flagId, state);
    if ('refusal' in found) return found;
    const { flag } = found;
    if (flag.join?.state === 'asked' || flag.joinedBy.length > 0) return { events: [], value: null };
    return { events: [{ type: 'flag:join-asked', ...about(flag) }], value: null };
  },
};
