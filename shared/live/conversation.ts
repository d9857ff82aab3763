import type { Conversation } from '../contract/conversation.ts';
import type { Event } from '../contract/event.ts';
import { withOne } from './rows.ts';

/** What of a line stands in lists. */
export const previewLength = 140;

/** The conversation an event is about, or undefined. */
export function conversationOf(event: Event): Conversation['id'] | undefined {
  return 'conversationId' in event ? event.conversationId : undefined;
}

const free = { assigneeId: null, sessionId: null, offer: null, reach: 'own' } as const;

/**
 * Moves one conversation by one event. Pure; the hub and the screens share it.
 * @returns the conversation after; the same object when the event does not change it
 */
export function evolveConversation(conversation: Conversation | undefined, event: Event): Conversation | undefined {
  switch (event.type) {
    case 'conversation:started':
    case 'conversation:queued':
    case 'conversation:assigned':
      return event.conversation;
    default:
  }
  if (conversation === undefined || conversationOf(event) !== conversation.id) return conversation;
  switch (event.type) {
    case 'message:sent': {
      const fromCustomer = event.author === 'customer';
      return {
        ...conversation,
        lastLine: { author: event.author, personId: event.personId, text: preview(event.text), at: event.at },
        unread: fromCustomer
          ? conversation.unread + 1
          : event.personId === conversation.assigneeId
            ? 0
            : conversation.unread,
        customerWaitsSince: fromCustomer ? (conversation.customerWaitsSince ?? event.at) : null,
        answeredAt: fromCustomer ? conversation.answeredAt : (conversation.answeredAt ?? event.at),
      };
    }
    case 'conversation:read':
      return event.personId === conversation.assigneeId ? { ...conversation, unread: 0 } : conversation;
    case 'conversation:closed':
      return {
        ...conversation,
        ...free,
        lifecycle: 'closed',
        queuedAt: null,
        customerWaitsSince: null,
        closedAt: event.at,
      };
    case 'flag:escalated':
      return { ...conversation, reach: event.reach };
    case 'offer:made':
      return { ...conversation, offer: event.offer };
    case 'offer:declined':
    case 'offer:expired':
      return {
        ...conversation,
        offer: null,
        passedBy: withOne(conversation.passedBy, event.personId, (one) => one === event.personId),
      };
    case 'offer:accepted':
    case 'offer:cancelled':
      return { ...conversation, offer: null };
    default:
      return conversation;
  }
}

/** Cuts a line for lists without splitting a surrogate pair. */
export function preview(text: string): string {
  if (text.length <= previewLength) return text;
  const cut = text.slice(0, previewLength - 1);
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`;
}
