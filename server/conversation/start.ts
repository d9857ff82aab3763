import type { Conversation } from '../../shared/contract/conversation.ts';
import type { ConversationId } from '../../shared/contract/id.ts';
import type { Queue } from '../../shared/contract/organisation.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import type { Command, Noun, Outcome } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { queueNoun, queueTable } from '../queue/queue.ts';
import { conversationNoun, entryOf } from './conversation.ts';

/** The queue of customers who did not choose one: the organisation's first active queue by name. */
export const defaultQueue: Noun<Queue> = {
  kind: 'default queue',
  load: (organisationId) => ({
    text: `${queueTable.select} where organisation_id = $1 and active order by name, id limit 1`,
    values: [organisationId],
  }),
  read: (raw) => ['default', queueTable.read(raw)],
  touches: () => [],
  evolve: (row) => row,
};

/** A customer's one open conversation, so that two tabs that start at once share it. */
export const openOfCustomer: Noun<ConversationId> = {
  kind: 'open conversation of a customer',
  load: (organisationId, ids) => ({
    text: `select customer_id, id from conversation where organisation_id = $1 and customer_id = any($2::uuid[]) and lifecycle = 'open'`,
    values: [organisationId, ids],
  }),
  read: (raw) => [raw.customer_id as string, raw.id as ConversationId],
  touches: (event) => {
    if (event.type === 'conversation:started') return [event.conversation.customerId];
    return event.type === 'conversation:closed' ? [event.customerId] : [];
  },
  evolve: (open, event) => {
    if (event.type === 'conversation:started') return event.conversation.id;
    return event.type === 'conversation:closed' && event.conversationId === open ? undefined : open;
  },
};

export const start: Command<'conversation:start'> = {
  permission: 'customer',
  rate: { points: 5, seconds: 60 },
  needs: (input, actor) => [
    input.queueId === null ? need(defaultQueue, 'default') : need(queueNoun, input.queueId),
    ...(actor.kind === 'customer' ? [need(openOfCustomer, actor.id)] : []),
  ],
  decide: (state, input, context) => {
    const { actor, now } = context;
    if (actor.kind !== 'customer')
      return { refusal: refusal('not_permitted', 'Only a customer starts a conversation.', 'Use the widget.') };
    const open = state.get(openOfCustomer, actor.id);
    const said = (conversationId: ConversationId): Outcome => ({
      type: 'message:sent',
      conversationId,
      entryId: entryOf(context),
      author: 'customer',
      personId: null,
      text: input.text,
    });
    if (open !== undefined) {
      state.get(conversationNoun, open);
      return { events: [said(open)], value: { conversationId: open } };
    }
    const queue = input.queueId === null ? state.get(defaultQueue, 'default') : state.get(queueNoun, input.queueId);
    if (queue === undefined || !queue.active)
      return {
        refusal: refusal('queue_inactive', 'Nobody takes chats here at the moment.', 'Please try again later.'),
      };
    const id = context.newId<'conversation'>();
    const conversation: Conversation = {
      id,
      channel: input.channel,
      connectionId: null,
      queueId: queue.id,
      teamId: queue.teamId,
      customerId: actor.id,
      customerName: input.name.trim(),
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
      events: [{ type: 'conversation:started', conversationId: id, conversation }, said(id)],
      value: { conversationId: id },
    };
  },
};
