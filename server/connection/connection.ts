import { createHmac } from 'node:crypto';
import type { Connection } from '../../shared/contract/connection.ts';
import type { Event } from '../../shared/contract/event.ts';
import type { ConnectionId, CustomerId } from '../../shared/contract/id.ts';
import type { Refusal } from '../../shared/contract/refusal.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import { derivedId } from '../hub/derived-id.ts';
import { table } from '../hub/table.ts';
import { tableNoun } from '../hub/table-noun.ts';

export const connectionTable = table<Connection>('connection', {
  id: ['id', 'uuid'],
  name: ['name', 'text'],
  adapter: ['adapter', 'text'],
  queueId: ['queue_id', 'uuid'],
  active: ['active', 'boolean'],
  target: ['target', 'text'],
  sender: ['sender', 'text'],
});

function connectionOf(event: Event): ConnectionId | undefined {
  switch (event.type) {
    case 'connection:created':
      return event.connection.id;
    case 'connection:renamed':
    case 'connection:queue-set':
    case 'connection:target-set':
    case 'connection:secrets-set':
    case 'connection:activated':
    case 'connection:deactivated':
      return event.connectionId;
    default:
      return undefined;
  }
}

function evolve(connection: Connection | undefined, event: Event): Connection | undefined {
  if (event.type === 'connection:created') return event.connection;
  if (connection === undefined) return undefined;
  switch (event.type) {
    case 'connection:renamed':
      return { ...connection, name: event.name };
    case 'connection:queue-set':
      return { ...connection, queueId: event.queueId };
    case 'connection:target-set':
      return { ...connection, target: event.target, sender: event.sender };
    case 'connection:activated':
      return { ...connection, active: true };
    case 'connection:deactivated':
      return { ...connection, active: false };
    default:
      return connection;
  }
}

/** A messaging channel joined to a queue through an adapter. Its secrets are no part of it: see `secrets.ts`. */
export const connectionNoun = tableNoun<Connection>('connection', connectionTable, {
  of: connectionOf,
  born: (event) => event.type === 'connection:created',
  evolve,
});

/**
 * The customer behind an address: one of this connection alone. Under the installation's secret, because numbers are few enough to
 * be tried one by one until the id fits.
 */
export const customerAt = (secret: Buffer, connectionId: ConnectionId, address: string): CustomerId =>
  derivedId(createHmac('sha256', secret).update(`address ${connectionId} ${address}`).digest());

/** How often somebody may arrange connections. */
export const arranging = { points: 60, seconds: 60 } as const;

export const noConnection: Refusal = refusal(
  'not_found',
  'There is no such connection.',
  'Look at the list of connections again.',
);

export const inactive: Refusal = refusal(
  'connection_inactive',
  'This connection is switched off.',
  'An admin can switch it on under Settings, Connections.',
);
