import type { Conversation } from '../../shared/contract/conversation.ts';
import type { ConnectionId, ConversationId } from '../../shared/contract/id.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import { connectionNoun, inactive } from '../connection/connection.ts';
import type { CommandRow, Outcome } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { queueNoun } from '../queue/queue.ts';
import { ruleSetNoun } from '../rule/rule.ts';
import { conversationNoun, entryOf } from './conversation.ts';
import { openOfCustomer } from './start.ts';

/** A line that came in through a connection. */
export interface Receive {
  readonly connectionId: ConnectionId;
  /** Where the customer is reached; it is written beside the customer and nowhere else. */
  readonly address: string;
  readonly name: string;
  readonly text: string;
}

/**
 * Run by the hub in the customer's name: the line goes on with the customer's open conversation, or opens one on the connection's
 * queue. The customer is one of this connection alone, so an open conversation of theirs is one of this connection.
 */
export const receive: CommandRow<Receive, { readonly conversationId: ConversationId }> = {
  permission: 'customer',
  rate: { points: 1000, seconds: 1 },
  needs: (input, actor, organisationId) => [
    need(connectionNoun, input.connectionId),
    // A line of somebody who is served already may be heard by a rule.
    need(ruleSetNoun, organisationId),
    ...(actor.kind === 'customer' ? [need(openOfCustomer, actor.id)] : []),
  ],
  decide: (state, input, context) => {
    const { actor, now } = context;
    if (actor.kind !== 'customer')
      return { refusal: refusal('not_permitted', 'Only a customer can be heard here.', 'Use the message composer.') };
    const connection = state.get(connectionNoun, input.connectionId);
    if (connection === undefined || !connection.active) return { refusal: inactive };
    const said = (conversationId: ConversationId): Outcome => ({
      type: 'message:sent',
      conversationId,
      entryId: entryOf(context),
      author: 'customer',
      personId: null,
      text: input.text,
    });
    const open = state.get(openOfCustomer, actor.id);
    if (open !== undefined) {
      state.get(conversationNoun, open);
      return { events: [said(open)], value: { conversationId: open } };
    }
    const queue = state.get(queueNoun, connection.queueId);
    if (queue === undefined || !queue.active)
      return {
        refusal: refusal(
          'queue_inactive',
          'The queue of this connection takes no conversations.',
          'Choose another queue for it under Settings, Connections.',
        ),
      };
    const id = context.newId<'conversation'>();
    const conversation: Conversation = {
      id,
      channel: 'messaging',
      connectionId: connection.id,
      queueId: queue.id,
      teamId: queue.teamId,
      customerId: actor.id,
      customerName: input.name,
      lifecycle: 'open',
      assigneeId: null,
      sessionId: null,
      queuedAt: now,
      offer: null,
      passedBy: [],
      startedAt: now,
      answeredAt: null,
      customerWaitsSince: null,
      unread: 0,
      lastLine: null,
      closedAt: null,
      reach: 'own',
    };
    return {
      events: [
        {
          fact: { type: 'conversation:started', conversationId: id, conversation },
          secret: { address: input.address },
        },
        said(id),
      ],
      value: { conversationId: id },
    };
  },
};
