import { refusal } from '../../shared/contract/refusal.ts';
import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { closed, conversationNoun, ending, mayMove, noConversation, ofItsTeam } from './conversation.ts';

/** Ends a conversation: by its customer, its agent, or whoever may move it. Its session ends with it. */
export const close: Command<'conversation:close'> = {
  permission: 'anyone',
  rate: { points: 30, seconds: 10 },
  needs: (input) => [need(conversationNoun, input.conversationId)],
  decide: (state, input, { actor }) => {
    const conversation = state.get(conversationNoun, input.conversationId);
    if (conversation === undefined) return { refusal: noConversation };
    const byCustomer = actor.kind === 'customer';
    if (byCustomer && conversation.customerId !== actor.id) return { refusal: noConversation };
    if (!byCustomer && !mayMove(actor, conversation, state)) {
      if (!ofItsTeam(actor, conversation)) return { refusal: noConversation };
      return {
        refusal: refusal(
          'not_your_session',
          'Somebody else serves this conversation.',
          'Ask its agent or a supervisor to close it.',
        ),
      };
    }
    if (conversation.lifecycle === 'closed') return { refusal: closed };
    return { events: ending(conversation, byCustomer ? 'customer_left' : 'closed'), value: null };
  },
};
