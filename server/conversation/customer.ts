import { channels } from '../../shared/contract/channel.ts';
import type { Conversation } from '../../shared/contract/conversation.ts';
import type {
  CustomerConversation,
  CustomerLine,
  CustomerNotice,
  CustomerStaff,
} from '../../shared/contract/customer.ts';
import type { Event } from '../../shared/contract/event.ts';
import type { CustomerId } from '../../shared/contract/id.ts';
import { newId } from '../../shared/contract/uuid.ts';
import type { CustomerFrame, CustomerTable, Writer } from '../hub/room.ts';
import type { State } from '../hub/state.ts';
import { table } from '../hub/table.ts';
import { personNoun } from '../person/person.ts';
import { sessionNoun } from '../session/session.ts';
import { conversationNoun } from './conversation.ts';

interface CustomerRow {
  readonly id: CustomerId;
  readonly name: string;
  readonly createdAt: number;
}

const customerTable = table<CustomerRow>('customer', {
  id: ['id', 'uuid'],
  name: ['name', 'text'],
  createdAt: ['created_at', 'instant'],
});

/** Who the customer said to be, newest word first. */
export const customerWriter: Writer<CustomerRow> = {
  table: 'customer',
  rows: (event) => {
    if (event.type !== 'conversation:started') return [];
    const { customerId: id, customerName: name } = event.conversation;
    return [{ id, name, createdAt: event.at }];
  },
  save: (organisationId, rows) => {
    const newest = new Map(rows.map((row) => [row.id, row]));
    return customerTable.insert(
      organisationId,
      [...newest.values()],
      'on conflict (id) do update set name = excluded.name',
    );
  },
};

function nameOf(state: State, personId: string): string {
  return state.get(personNoun, personId)?.name ?? '';
}

/** What a customer may know of their conversation: whether somebody is there, and who. */
function customerView(state: State, conversation: Conversation): CustomerConversation {
  const { id, lifecycle, assigneeId, sessionId } = conversation;
  const { endsWithCustomer } = channels[conversation.channel];
  if (lifecycle === 'closed') return { id, state: 'closed', helpers: [], endsWithCustomer };
  if (assigneeId === null) return { id, state: 'waiting', helpers: [], endsWithCustomer };
  const agent: CustomerStaff = { id: assigneeId, name: nameOf(state, assigneeId), role: 'agent' };
  const joined =
    (sessionId === null ? undefined : state.get(sessionNoun, sessionId))?.supervisors.filter(
      (one) => one.mode === 'joined',
    ) ?? [];
  const supervisors = joined.map(
    ({ personId }): CustomerStaff => ({ id: personId, name: nameOf(state, personId), role: 'supervisor' }),
  );
  return { id, state: 'active', helpers: [agent, ...supervisors], endsWithCustomer };
}

interface Frames {
  readonly conversation: Conversation;
  line(line: CustomerLine): CustomerFrame;
  notice(notice: CustomerNotice, name: string, helps?: string): CustomerFrame;
  view(): CustomerFrame;
}

function frames(event: Event, conversationId: string, state: State): Frames | null {
  const conversation = state.get(conversationNoun, conversationId);
  if (conversation === undefined) return null;
  const { id, customerId } = conversation;
  const line = (one: CustomerLine): CustomerFrame => ({ kind: 'line', customerId, conversationId: id, line: one });
  return {
    conversation,
    line,
    notice: (notice, name, helps = '') =>
      line({ id: newId(event.at), position: event.position, at: event.at, from: 'notice', notice, name, helps }),
    view: () => ({
      kind: 'conversation',
      customerId,
      position: event.position,
      conversation: customerView(state, conversation),
    }),
  };
}

/**
 * The customer's gate out: a total table, so that every new event must say what customers get of it. Side chats, flags and
 * monitoring say null, and their frames could not carry it anyway (I7).
 */
export const customerTableOf: CustomerTable = {
  'conversation:started': (event, state) => {
    const to = frames(event, event.conversationId, state);
    return to === null ? [] : [to.view()];
  },
  'conversation:queued': (event, state) => {
    const to = frames(event, event.conversationId, state);
    return to === null ? [] : [to.notice('queued', ''), to.view()];
  },
  'conversation:assigned': (event, state) => {
    const to = frames(event, event.conversationId, state);
    return to === null ? [] : [to.notice('serving', nameOf(state, event.personId)), to.view()];
  },
  'conversation:closed': (event, state) => {
    const to = frames(event, event.conversationId, state);
    return to === null ? [] : [to.notice('closed', ''), to.view()];
  },
  'message:sent': (event, state) => {
    const to = frames(event, event.conversationId, state);
    if (to === null) return [];
    const name = event.personId === null ? to.conversation.customerName : nameOf(state, event.personId);
    const { entryId: id, position, at, author: from, text } = event;
    return [to.line({ id, position, at, from, name, text })];
  },
  'supervision:joined': (event, state) => {
    const to = frames(event, event.conversationId, state);
    if (to === null) return [];
    const agent = to.conversation.assigneeId;
    return [to.notice('joined', nameOf(state, event.personId), agent === null ? '' : nameOf(state, agent)), to.view()];
  },
  'supervision:left': (event, state) => {
    const to = event.was === 'joined' ? frames(event, event.conversationId, state) : null;
    if (to === null) return [];
    const agent = to.conversation.assigneeId;
    return [to.notice('left', nameOf(state, event.personId), agent === null ? '' : nameOf(state, agent)), to.view()];
  },
  'conversation:read': null,
  'offer:made': null,
  'offer:accepted': null,
  'offer:declined': null,
  'offer:expired': null,
  'offer:cancelled': null,
  'session:started': null,
  'session:ended': null,
  'side-chat:said': null,
  'side-chat:read': null,
  'supervision:monitored': null,
  'supervision:took-over': null,
  'flag:raised': null,
  'flag:amended': null,
  'flag:delivered': null,
  'flag:seen': null,
  'flag:claimed': null,
  'flag:released': null,
  'flag:answered': null,
  'flag:join-asked': null,
  'flag:join-accepted': null,
  'flag:join-declined': null,
  'flag:joined': null,
  'flag:left': null,
  'flag:lowered': null,
  'flag:escalated': null,
  'organisation:monitoring-set': null,
  'organisation:thresholds-set': null,
  'organisation:escalation-set': null,
  'organisation:fallback-entered': null,
  'organisation:fallback-left': null,
  'reason:renamed': null,
  'reason:target-set': null,
  'reason:reordered': null,
  'reason:archived': null,
  'reason:restored': null,
  'team:legacy-flag-set': null,
  'rule:created': null,
  'rule:redefined': null,
  'rule:activated': null,
  'rule:deactivated': null,
  'rule:removed': null,
  'connection:created': null,
  'connection:renamed': null,
  'connection:queue-set': null,
  'connection:target-set': null,
  'connection:secrets-set': null,
  'connection:activated': null,
  'connection:deactivated': null,
  'delivery:queued': null,
  'delivery:sent': null,
  'delivery:delivered': null,
  'delivery:read': null,
  'delivery:delayed': null,
  'delivery:failed': null,
  'delivery:retried': null,
  'organisation:created': null,
  'reason:created': null,
  'queue:created': null,
  'queue:renamed': null,
  'queue:deactivated': null,
  'team:created': null,
  'team:renamed': null,
  'team:archived': null,
  'person:invited': null,
  'person:invitation-renewed': null,
  'person:joined': null,
  'person:renamed': null,
  'person:role-set': null,
  'person:teams-set': null,
  'person:capacity-set': null,
  'person:deactivated': null,
  'person:reactivated': null,
  'person:status-set': null,
  'person:signed-out-everywhere': null,
  'person:reachable': null,
  'person:unreachable': null,
};
