import type { ConnectionId, CustomerId } from '../../shared/contract/id.ts';
import type { Writer } from '../hub/room.ts';

interface Address {
  readonly customerId: CustomerId;
  readonly connectionId: ConnectionId;
  readonly address: string;
}

/** Where a customer of a connection is reached. It comes as the secret of an outcome and is in no event. */
export const addressWriter: Writer<Address> = {
  table: 'customer_address',
  rows: (event, _before, secret) => {
    if (event.type !== 'conversation:started') return [];
    const { connectionId, customerId } = event.conversation;
    const address = secret?.address;
    return connectionId === null || typeof address !== 'string' ? [] : [{ customerId, connectionId, address }];
  },
  save: (organisationId, rows) => ({
    text: `insert into customer_address (organisation_id, customer_id, connection_id, address)
      select $1::uuid, given.* from unnest($2::uuid[], $3::uuid[], $4::text[]) as given on conflict do nothing`,
    values: [
      organisationId,
      rows.map((row) => row.customerId),
      rows.map((row) => row.connectionId),
      rows.map((row) => row.address),
    ],
  }),
};
