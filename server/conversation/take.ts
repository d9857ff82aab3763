import { refusal } from '../../shared/contract/refusal.ts';
import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { personNoun } from '../person/person.ts';
import { assign, cancelOffer, closed, conversationNoun, noConversation, ofItsTeam } from './conversation.ts';

/** Somebody of its team takes a conversation that nobody serves; of two at once one wins, and the other learns who. */
export const take: Command<'conversation:take'> = {
  permission: 'conversation.serve',
  rate: { points: 20, seconds: 10 },
  needs: (input) => [need(conversationNoun, input.conversationId)],
  decide: (state, input, context) => {
    const { actor } = context;
    const conversation = state.get(conversationNoun, input.conversationId);
    if (conversation === undefined || actor.kind !== 'person' || !ofItsTeam(actor, conversation))
      return { refusal: noConversation };
    if (conversation.lifecycle === 'closed') return { refusal: closed };
    if (conversation.assigneeId !== null) {
      const winner = state.get(personNoun, conversation.assigneeId);
      const name = winner?.name ?? 'Somebody';
      return {
        refusal: refusal('already_assigned', `${name} already serves this conversation.`, 'Pick another one.', {
          personId: conversation.assigneeId,
          name,
        }),
      };
    }
    const { outcomes, sessionId } = assign(conversation, actor.id, context);
    const cancelled = conversation.offer?.personId === actor.id ? [] : cancelOffer(conversation);
    return { events: [...cancelled, ...outcomes], value: { sessionId } };
  },
};
