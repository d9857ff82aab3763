import type { DeliveryFault, DeliveryState } from '../../shared/contract/connection.ts';
import type { Event } from '../../shared/contract/event.ts';
import type { ConnectionId, ConversationId, EntryId } from '../../shared/contract/id.ts';
import type { Noun } from '../hub/room.ts';
import { table } from '../hub/table.ts';
import { tableNoun } from '../hub/table-noun.ts';

/** A line of the staff, or a notice, on its way to a customer of a messaging channel. */
export interface Delivery {
  /** The line's, or of a notice its own. Every attempt carries it. */
  readonly id: EntryId;
  readonly conversationId: ConversationId;
  readonly connectionId: ConnectionId;
  /** Order within the conversation: where it was queued. */
  readonly position: number;
  readonly notice: { readonly kind: 'joined' | 'left'; readonly name: string } | null;
  readonly state: DeliveryState;
  /** How often it was tried since it was queued, or sent again by hand. */
  readonly attempts: number;
  readonly fault: DeliveryFault | null;
  readonly faultAt: number | null;
  readonly ref: string | null;
  readonly queuedAt: number;
  readonly nextAt: number | null;
  readonly settledAt: number | null;
}

const deliveryTable = table<Delivery>('delivery', {
  id: ['id', 'uuid'],
  conversationId: ['conversation_id', 'uuid'],
  connectionId: ['connection_id', 'uuid'],
  position: ['position', 'bigint'],
  notice: ['notice', 'jsonb'],
  state: ['state', 'text'],
  attempts: ['attempts', 'integer'],
  fault: ['fault', 'text'],
  faultAt: ['fault_at', 'instant'],
  ref: ['ref', 'text'],
  queuedAt: ['queued_at', 'instant'],
  nextAt: ['next_at', 'instant'],
  settledAt: ['settled_at', 'instant'],
});

function deliveryOf(event: Event): EntryId | undefined {
  switch (event.type) {
    case 'delivery:queued':
    case 'delivery:sent':
    case 'delivery:delivered':
    case 'delivery:read':
    case 'delivery:delayed':
    case 'delivery:failed':
    case 'delivery:retried':
      return event.entryId;
    default:
      return undefined;
  }
}

function evolve(delivery: Delivery | undefined, event: Event): Delivery | undefined {
  if (event.type === 'delivery:queued')
    return {
      id: event.entryId,
      conversationId: event.conversationId,
      connectionId: event.connectionId,
      position: event.position,
      notice: event.notice,
      state: 'waiting',
      attempts: 0,
      fault: null,
      faultAt: null,
      ref: null,
      queuedAt: event.at,
      nextAt: event.at,
      settledAt: null,
    };
  if (delivery === undefined) return undefined;
  const settled = { nextAt: null, settledAt: event.at };
  switch (event.type) {
    case 'delivery:sent':
      return { ...delivery, ...settled, state: 'sent', attempts: event.attempts, ref: event.ref };
    case 'delivery:delivered':
      return { ...delivery, state: 'delivered' };
    case 'delivery:read':
      return { ...delivery, state: 'read' };
    case 'delivery:delayed':
      return {
        ...delivery,
        attempts: event.attempts,
        fault: event.fault,
        faultAt: event.at,
        nextAt: event.nextAt,
      };
    case 'delivery:failed':
      return {
        ...delivery,
        ...settled,
        state: 'failed',
        attempts: event.attempts,
        fault: event.fault,
        faultAt: event.at,
      };
    case 'delivery:retried':
      return { ...delivery, state: 'waiting', attempts: 0, ref: null, nextAt: event.at, settledAt: null };
    default:
      return delivery;
  }
}

const noun = tableNoun<Delivery>('delivery', deliveryTable, {
  of: deliveryOf,
  born: (event) => event.type === 'delivery:queued',
  evolve,
});

export const deliveryNoun: Noun<Delivery> = {
  ...noun,
  // Whoever had taken it is done with it.
  save: (organisationId, rows) => {
    const upsert = deliveryTable.upsert(organisationId, rows);
    return { ...upsert, text: `${upsert.text}, taken_until = null` };
  },
};
