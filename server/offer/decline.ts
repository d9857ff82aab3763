import { conversationNoun } from '../conversation/conversation.ts';
import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { ownOffer } from './accept.ts';

/** The agent lets the offered conversation go to somebody else. */
export const decline: Command<'offer:decline'> = {
  permission: 'conversation.serve',
  rate: { points: 20, seconds: 10 },
  needs: (input) => [need(conversationNoun, input.conversationId)],
  decide: (state, { conversationId, offerId }, { actor }) => {
    const own = ownOffer(state.get(conversationNoun, conversationId), offerId, actor);
    if ('refusal' in own) return own;
    const { offer } = own.conversation;
    if (offer === null) return { events: [], value: null };
    return {
      events: [{ type: 'offer:declined', conversationId, offerId: offer.id, personId: offer.personId }],
      value: null,
    };
  },
};
