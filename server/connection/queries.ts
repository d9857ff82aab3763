import type pg from 'pg';
import type { Connection, DeliveryFault } from '../../shared/contract/connection.ts';
import type { ConnectionId, EntryId, OrganisationId } from '../../shared/contract/id.ts';
import type { ConnectionDetail } from '../../shared/contract/read.ts';
import { named } from '../hub/named.ts';
import type { Raw } from '../hub/room.ts';
import { connectionTable } from './connection.ts';

const dayMs = 24 * 3_600_000;

/**
 * An organisation's connections by name, with how they did in the last 24 hours.
 * @param transaction a client of the login `halyard_app` inside a transaction that has set `halyard.organisation`
 * @param now the hub's clock, ms
 */
export async function readConnections(
  transaction: pg.ClientBase,
  organisationId: OrganisationId,
  now: number,
): Promise<ConnectionDetail[]> {
  const { rows } = await transaction.query<Raw>(
    named({
      text: `with c as (${connectionTable.select} where organisation_id = $1)
        select c.*, coalesce(d.sent, 0) as sent, coalesce(d.failed, 0) as failed, coalesce(w.waiting, 0) as waiting,
          r.received, f.fault, f.fault_at
        from c
          left join lateral (select count(*) filter (where state in ('sent', 'delivered', 'read')) as sent,
              count(*) filter (where state = 'failed') as failed
            from delivery where connection_id = c.id and queued_at > to_timestamp($2::double precision / 1000)) d on true
          -- What waits counts however long it has waited.
          left join lateral (select count(*) as waiting from delivery where connection_id = c.id and state = 'waiting') w on true
          left join lateral (select count(*) as received from conversation v join entry e
              on e.organisation_id = $1 and e.conversation_id = v.id
            where v.connection_id = c.id and (v.closed_at is null or v.closed_at > to_timestamp($2::double precision / 1000))
              and e.author = 'customer' and e.at > to_timestamp($2::double precision / 1000)) r on true
          left join lateral (select fault, fault_at from delivery
            where connection_id = c.id and fault_at > to_timestamp($2::double precision / 1000) order by fault_at desc limit 1) f on true
        order by lower(c.name), c.id`,
      values: [organisationId, now - dayMs],
    }),
  );
  return rows.map((raw) => ({
    ...connectionTable.read(raw),
    received: raw.received as number,
    sent: raw.sent as number,
    failed: raw.failed as number,
    waiting: raw.waiting as number,
    fault: raw.fault === null ? null : { fault: raw.fault as DeliveryFault, at: raw.fault_at as number },
  }));
}

/** A connection with what verifies its requests: for the hub's own login alone. */
export interface Keyed {
  readonly organisationId: OrganisationId;
  readonly connection: Connection;
  readonly secrets: { readonly inbound: string; readonly outbound: string; readonly verify: string | null };
}

/** @param system the login `halyard_system` */
export async function readKeyed(system: pg.Pool, id: ConnectionId): Promise<Keyed | null> {
  const { rows } = await system.query<Raw>(
    named({
      text: `select c.*, s.inbound, s.outbound, s.verify from connection c join connection_secret s on s.connection_id = c.id
        where c.id = $1`,
      values: [id],
    }),
  );
  const [raw] = rows;
  if (raw === undefined) return null;
  const { inbound, outbound, verify } = raw as { inbound: string; outbound: string; verify: string | null };
  return {
    organisationId: raw.organisation_id as OrganisationId,
    connection: connectionTable.read(raw),
    secrets: { inbound, outbound, verify },
  };
}

/** Lines of a connection by the provider's names for them, or by their own ids. */
export async function readDeliveries(
  system: pg.Pool,
  id: ConnectionId,
  refs: readonly string[],
  ids: readonly string[],
  now: number,
): Promise<{ readonly found: ReadonlyMap<string, EntryId>; readonly underWay: boolean }> {
  const { rows } = await system.query<{ id: EntryId; ref: string | null; state: string }>(
    named({
      text: `select id, ref, state from delivery where connection_id = $1 and ref = any($2::text[])
        union select id, ref, state from delivery where connection_id = $1 and id = any($3::uuid[])
        union (select id, null, 'under way' from delivery
          where connection_id = $1 and state = 'waiting' and taken_until > to_timestamp($4::double precision / 1000) limit 1)`,
      values: [id, refs, ids, now],
    }),
  );
  const found = new Map<string, EntryId>();
  for (const row of rows) {
    if (row.state === 'waiting' || row.state === 'under way') continue;
    found.set(row.id, row.id);
    if (row.ref !== null) found.set(row.ref, row.id);
  }
  return { found, underWay: rows.some((row) => row.state === 'under way') };
}
