import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { about, flagNoun, helpedFlag, noFlag, ownFlag } from './flag.ts';

/** The agent or a supervisor takes the flag down and says how it ended (S1.12). Nothing is deleted. */
export const lower: Command<'flag:lower'> = {
  permission: 'anyone',
  rate: { points: 20, seconds: 10 },
  needs: (input) => [need(flagNoun, input.flagId)],
  decide: (state, input, { actor }) => {
    if (actor.kind !== 'person') return { refusal: noFlag };
    const own = state.get(flagNoun, input.flagId)?.agentId === actor.id;
    const found = own ? ownFlag(actor, input.flagId, state) : helpedFlag(actor, input.flagId, state);
    if ('refusal' in found) return found;
    return {
      events: [
        {
          type: 'flag:lowered',
          ...about(found.flag),
          personId: actor.id,
          side: own ? 'agent' : 'supervisor',
          outcome: input.outcome,
          reason: 'lowered',
        },
      ],
      value: null,
    };
  },
};
