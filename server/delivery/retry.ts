import { refusal } from '../../shared/contract/refusal.ts';
import { connectionNoun, inactive } from '../connection/connection.ts';
import { closed, conversationNoun, mayMove, noConversation, ofItsTeam } from '../conversation/conversation.ts';
import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { sessionNoun } from '../session/session.ts';
import { deliveryNoun } from './delivery.ts';

/** Sends a line again that has failed: by whoever may write to this customer. */
export const retry: Command<'delivery:retry'> = {
  permission: 'anyone',
  rate: { points: 20, seconds: 10 },
  needs: (input) => [need(conversationNoun, input.conversationId), need(deliveryNoun, input.entryId)],
  decide: (state, { conversationId, entryId }, { actor }) => {
    const conversation = state.get(conversationNoun, conversationId);
    if (conversation === undefined || actor.kind !== 'person') return { refusal: noConversation };
    const session = conversation.sessionId === null ? undefined : state.get(sessionNoun, conversation.sessionId);
    const writes =
      conversation.assigneeId === actor.id ||
      session?.supervisors.some((one) => one.personId === actor.id && one.mode === 'joined') === true;
    if (!writes) {
      if (!ofItsTeam(actor, conversation) && !mayMove(actor, conversation, state)) return { refusal: noConversation };
      return {
        refusal: refusal('not_joined', 'You do not write in this conversation.', 'Ask its agent to send it again.'),
      };
    }
    if (conversation.lifecycle === 'closed') return { refusal: closed };
    const delivery = state.get(deliveryNoun, entryId);
    if (delivery === undefined || delivery.conversationId !== conversationId)
      return {
        refusal: refusal('not_found', 'There is no such line here.', 'Look at the conversation again.'),
      };
    if (delivery.state !== 'failed')
      return {
        refusal: refusal('not_failed', 'This line has not failed.', 'Wait; it is sent by itself.'),
      };
    if (state.get(connectionNoun, delivery.connectionId)?.active !== true) return { refusal: inactive };
    return { events: [{ type: 'delivery:retried', conversationId, entryId }], value: null };
  },
};
