import type { ConnectionId } from '../../shared/contract/id.ts';
import type { Secret, Writer } from '../hub/room.ts';

/**
 * What signs and verifies goes from a command's outcome to its own table and nowhere else: it is in no event, answer or log, and
 * the batch's login cannot read it back.
 */
interface Row {
  readonly connectionId: ConnectionId;
  readonly inbound: string;
  readonly outbound: string;
  readonly verify: string | null;
}

function rowOf(connectionId: ConnectionId, secret: Secret | null): Row[] {
  const { inbound, outbound, verify } = secret ?? {};
  if (typeof inbound !== 'string' || typeof outbound !== 'string') return [];
  return [{ connectionId, inbound, outbound, verify: typeof verify === 'string' ? verify : null }];
}

const values = (organisationId: string, rows: readonly Row[]): unknown[] => [
  organisationId,
  rows.map((row) => row.connectionId),
  rows.map((row) => row.inbound),
  rows.map((row) => row.outbound),
  rows.map((row) => row.verify),
];

export const secretWriter: Writer<Row> = {
  table: 'connection_secret',
  rows: (event, _before, secret) => (event.type === 'connection:created' ? rowOf(event.connection.id, secret) : []),
  save: (organisationId, rows) => ({
    text: `insert into connection_secret (organisation_id, connection_id, inbound, outbound, verify)
      select $1::uuid, given.* from unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) as given`,
    values: values(organisationId, rows),
  }),
};

/** Apart from the first writing: an upsert would read what it replaces, and this login may not read. */
export const secretChangeWriter: Writer<Row> = {
  table: 'connection_secret',
  rows: (event, _before, secret) => (event.type === 'connection:secrets-set' ? rowOf(event.connectionId, secret) : []),
  save: (organisationId, rows) => ({
    text: `update connection_secret set inbound = given.inbound, outbound = given.outbound, verify = given.verify
      from unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) as given (connection_id, inbound, outbound, verify)
      where connection_secret.organisation_id = $1 and connection_secret.connection_id = given.connection_id`,
    // One statement may touch a row once: of two changes in a batch the later one stands.
    values: values(organisationId, [...new Map(rows.map((row) => [row.connectionId, row])).values()]),
  }),
};
