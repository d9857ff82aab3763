import type { OrganisationId, PersonId } from '../../shared/contract/id.ts';
import { isReadOnly } from '../db/errors.ts';
import type { Database } from '../db/pool.ts';
import type { Log } from '../log.ts';
import type { FallbackWatch } from './fallback.ts';
import type { Hub } from './hub.ts';
import { named } from './named.ts';
import type { CommandRow } from './room.ts';

/** How long somebody may be without a connection before that becomes a fact that rules depend on. */
export const graceMs = 10_000;
/** How long a hub counts as alive after its last beat. */
export const leaseMs = 5000;

export interface PresenceOptions {
  readonly db: Database;
  readonly hub: Hub;
  readonly hubId: string;
  readonly clock: () => number;
  readonly log: Log;
  readonly graceMs: number;
  /** Hears whether the database takes writes, and how late hubs hear the log. */
  readonly watch: Pick<FallbackWatch, 'measured' | 'refused' | 'wrote'>;
  readonly reach: CommandRow<{ readonly subject: string }, null>;
  readonly lose: CommandRow<{ readonly subject: string }, null>;
}

/**
 * Who can be reached. Each hub notes in `presence` who is connected to it, and keeps a lease in `hub`; whoever has been gone
 * everywhere for the grace delay becomes unreachable, once, by whichever hub notices first. A dead hub's people are found by
 * its lease. What a hub could not note while the database was away, or what others noted about it while it hung, is put
 * right at its next beat.
 */
export class Presence {
  readonly #options: PresenceOptions;
  /** Who is connected to this hub now. */
  readonly #here = new Map<PersonId, OrganisationId>();
  /** Who came or went since the last note. */
  readonly #changed = new Map<PersonId, { readonly organisationId: OrganisationId; readonly here: boolean }>();
  #line: Promise<void> = Promise.resolve();
  #closed = false;
  /** When the lease could not be renewed for the last time. */
  #missedAt = Number.NEGATIVE_INFINITY;

  constructor(options: PresenceOptions) {
    this.#options = options;
  }

  /** The first connection of a person on this hub came, or the last one went. Those of a storm are noted together. */
  set(organisationId: OrganisationId, personId: PersonId, here: boolean): void {
    // A hub that ends gives its lease back, which says it of everybody at once.
    if (this.#closed) return;
    if (here) this.#here.set(personId, organisationId);
    else this.#here.delete(personId);
    this.#changed.set(personId, { organisationId, here });
    // The first of many asks for the note; it takes along whoever comes until it is written.
    if (this.#changed.size === 1) void this.#inLine(() => this.#noteChanged());
  }

  /** Once a second: renews the lease, puts its own notes right, and finds who has been gone everywhere for long enough. */
  async beat(): Promise<void> {
    const { db, hub, clock, lose, watch, graceMs: grace } = this.#options;
    const now = clock();
    try {
      const worstMs = await this.#renew(now);
      watch.wrote();
      watch.measured(worstMs);
    } catch (error) {
      this.#missedAt = now;
      if (!isReadOnly(error)) throw error;
      watch.refused();
      // Of the others nothing is known then.
      watch.measured(hub.lateMs);
      return;
    }
    await this.#inLine(() => this.#putRight());
    // The others could not renew theirs either, perhaps: their people are not gone, and they have a moment to say so.
    if (now - this.#missedAt < leaseMs) return;
    const { rows } = await db.system.query<{ organisation_id: OrganisationId; id: PersonId }>(
      named({
        text: `select p.organisation_id, p.id from person p where p.reachable and not exists (
            select 1 from presence r left join hub h on h.id = r.hub_id
            where r.organisation_id = p.organisation_id and r.person_id = p.id
              and coalesce(r.gone_since, case when h.lease_until > to_timestamp($1::double precision / 1000) then null else coalesce(h.lease_until, '-infinity') end, 'infinity')
                > to_timestamp($2::double precision / 1000))`,
        values: [now, now - grace],
      }),
    );
    for (const row of rows)
      void hub.run(row.organisation_id, 'person:mark-unreachable', lose, { subject: row.id }, { kind: 'system' });
    await db.system.query(
      named({
        text: `delete from presence r using (select r2.organisation_id, r2.person_id, r2.hub_id from presence r2 left join hub h on h.id = r2.hub_id
            where coalesce(r2.gone_since, case when h.id is null or h.lease_until < to_timestamp($1::double precision / 1000) then coalesce(h.lease_until, '-infinity') end, 'infinity')
              < to_timestamp($2::double precision / 1000)) old
          where r.organisation_id = old.organisation_id and r.person_id = old.person_id and r.hub_id = old.hub_id`,
        values: [now, now - grace * 6],
      }),
    );
  }

  /**
   * Renews the lease, with how late this hub hears the log.
   * @returns how late the latest of all living hubs hears it, ms
   */
  async #renew(now: number): Promise<number> {
    const { db, hub, hubId } = this.#options;
    const { rows } = await db.system.query<{ worst: number }>(
      named({
        text: `with mine as (
            insert into hub (id, lease_until, started_at, behind_ms)
              values ($1, to_timestamp($2::double precision / 1000), to_timestamp($3::double precision / 1000), $4)
              on conflict (id) do update set lease_until = excluded.lease_until, behind_ms = excluded.behind_ms
              returning behind_ms)
          select greatest((select behind_ms from mine), (select max(behind_ms) from hub
            where id <> $1 and lease_until > to_timestamp($3::double precision / 1000))) as worst`,
        values: [hubId, now + leaseMs, now, Math.round(hub.lateMs)],
      }),
    );
    return rows[0]?.worst ?? 0;
  }

  /** Gives the lease back, so that the people of this hub count as gone from now. */
  async close(): Promise<void> {
    const { db, hubId, clock } = this.#options;
    this.#closed = true;
    await this.#line;
    await db.system.query(
      named({
        text: 'update hub set lease_until = to_timestamp($2::double precision / 1000) where id = $1',
        values: [hubId, clock()],
      }),
    );
  }

  #inLine(write: () => Promise<void>): Promise<void> {
    this.#line = this.#line.then(write).catch((error: Error) => {
      if (!isReadOnly(error)) this.#options.log.warn({ error: error.message }, 'presence could not be noted');
    });
    return this.#line;
  }

  async #noteChanged(): Promise<void> {
    const changed = [...this.#changed].map(([personId, one]) => ({ personId, ...one }));
    this.#changed.clear();
    await this.#note(changed);
  }

  /** Notes who is here and who is not, and makes those a fact who were unreachable and are here. */
  async #note(
    people: readonly { readonly organisationId: OrganisationId; readonly personId: PersonId; readonly here: boolean }[],
  ): Promise<void> {
    const { db, hub, hubId, clock, reach } = this.#options;
    if (people.length === 0) return;
    const { rows } = await db.system.query<{ organisation_id: OrganisationId; id: PersonId }>(
      named({
        text: `with changed as (select * from unnest($2::uuid[], $3::uuid[], $4::boolean[]) as c (organisation_id, person_id, here)),
            noted as (
              insert into presence (organisation_id, person_id, hub_id, gone_since)
              select organisation_id, person_id, $1, case when here then null else to_timestamp($5::double precision / 1000) end from changed
              on conflict (organisation_id, person_id, hub_id) do update set gone_since = excluded.gone_since)
          select p.organisation_id, p.id from changed c join person p on p.id = c.person_id where c.here and p.active and not p.reachable`,
        values: [
          hubId,
          people.map((one) => one.organisationId),
          people.map((one) => one.personId),
          people.map((one) => one.here),
          clock(),
        ],
      }),
    );
    for (const row of rows)
      void hub.run(row.organisation_id, 'person:mark-reachable', reach, { subject: row.id }, { kind: 'system' });
  }

  /** Compares who is here with what is noted, and notes the differences; mostly there are none. */
  async #putRight(): Promise<void> {
    const { db, hubId, clock } = this.#options;
    if (this.#closed) return;
    const here = [...this.#here.keys()];
    const { rows } = await db.system.query<{ organisation_id: OrganisationId; id: PersonId }>(
      named({
        text: `with here as (select unnest($2::uuid[]) as person_id),
            gone as (
              update presence r set gone_since = to_timestamp($3::double precision / 1000)
              where r.hub_id = $1 and r.gone_since is null and not exists (select from here where here.person_id = r.person_id))
          select p.organisation_id, p.id from here join person p on p.id = here.person_id and p.active
            left join presence r on r.organisation_id = p.organisation_id and r.person_id = p.id and r.hub_id = $1 and r.gone_since is null
          where not p.reachable or r.person_id is null`,
        values: [hubId, here, clock()],
      }),
    );
    await this.#note(
      rows
        .filter((row) => this.#here.has(row.id))
        .map((row) => ({ organisationId: row.organisation_id, personId: row.id, here: true })),
    );
  }
}
