import type { Conversation } from '../../shared/contract/conversation.ts';
import type { Refusal } from '../../shared/contract/refusal.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import { assign, conversationNoun } from '../conversation/conversation.ts';
import type { Actor, Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';

const gone: Refusal = refusal('offer_gone', 'This offer is over.', 'The next one comes by itself.');

/** The offer that is out to this actor, or a refusal. */
export function ownOffer(
  conversation: Conversation | undefined,
  offerId: string,
  actor: Actor,
): { conversation: Conversation } | { refusal: Refusal } {
  if (actor.kind !== 'person' || conversation?.offer?.id !== offerId || conversation.offer.personId !== actor.id)
    return { refusal: gone };
  return { conversation };
}

/** The agent takes the offered conversation: it is theirs, and their session starts. */
export const accept: Command<'offer:accept'> = {
  permission: 'conversation.serve',
  rate: { points: 20, seconds: 10 },
  needs: (input) => [need(conversationNoun, input.conversationId)],
  decide: (state, { conversationId, offerId }, context) => {
    const { actor } = context;
    const own = ownOffer(state.get(conversationNoun, conversationId), offerId, actor);
    if ('refusal' in own || actor.kind !== 'person') return 'refusal' in own ? own : { refusal: gone };
    const { outcomes, sessionId } = assign(own.conversation, actor.id, context);
    return {
      events: [{ type: 'offer:accepted', conversationId, offerId, personId: actor.id }, ...outcomes],
      value: { sessionId },
    };
  },
};
