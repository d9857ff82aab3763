import { refusal } from '../../shared/contract/refusal.ts';
import { entryOf } from '../conversation/conversation.ts';
import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { about, flagNoun, helpedFlag, noFlag } from './flag.ts';

/** A supervisor says no to joining, with a word for the agent; the flag stays up. */
export const declineJoin: Command<'flag:decline-join'> = {
  permission: 'supervision.own',
  rate: { points: 10, seconds: 10 },
  needs: (input) => [need(flagNoun, input.flagId)],
  decide: (state, input, context) => {
    const { actor } = context;
    const found = helpedFlag(actor, input.flagId, state);
    if ('refusal' in found || actor.kind !== 'person') return 'refusal' in found ? found : { refusal: noFlag };
    const { flag } = found;
    if (flag.join?.state !== 'asked')
      return {
        refusal: refusal(
          'join_not_asked',
          'The agent is not waiting for an answer about joining.',
          'Nothing is left to do here.',
        ),
      };
    return {
      events: [
        { type: 'flag:join-declined', ...about(flag), personId: actor.id, entryId: entryOf(context), text: input.word },
      ],
      value: null,
    };
  },
};
