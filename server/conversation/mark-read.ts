import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { conversationNoun, noConversation } from './conversation.ts';

/** The assignee has the newest line on a focused screen. */
export const markRead: Command<'conversation:mark-read'> = {
  permission: 'anyone',
  rate: { points: 60, seconds: 10 },
  needs: (input) => [need(conversationNoun, input.conversationId)],
  decide: (state, input, { actor }) => {
    const conversation = state.get(conversationNoun, input.conversationId);
    if (conversation === undefined || actor.kind !== 'person' || conversation.assigneeId !== actor.id)
      return { refusal: noConversation };
    if (conversation.unread === 0) return { events: [], value: null };
    return {
      events: [{ type: 'conversation:read', conversationId: conversation.id, personId: actor.id }],
      value: null,
    };
  },
};
