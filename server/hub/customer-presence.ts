import { endingChannels } from '../../shared/contract/channel.ts';
import type { ConversationId, CustomerId, OrganisationId } from '../../shared/contract/id.ts';
import { isReadOnly } from '../db/errors.ts';
import type { Database } from '../db/pool.ts';
import type { Log } from '../log.ts';
import type { Hub } from './hub.ts';
import { named } from './named.ts';
import { leaseMs } from './presence.ts';
import type { CommandRow } from './room.ts';
import type { Visitor } from './visitor.ts';

/** How long a customer may be without a connection before a conversation that ends with them has ended. */
export const customerGraceMs = 30_000;

export interface CustomerPresenceOptions {
  readonly db: Database;
  readonly hub: Hub;
  readonly hubId: string;
  readonly clock: () => number;
  readonly log: Log;
  readonly graceMs: number;
  readonly leave: CommandRow<{ readonly subject: string }, null>;
}

const instant = (parameter: string): string => `to_timestamp(${parameter}::double precision / 1000)`;
/** Open conversations `c` that end with their customer. The channels are constants of the program. */
const endsWithThem = `c.lifecycle = 'open' and c.channel in (${endingChannels.map((channel) => `'${channel}'`).join(', ')})`;

/**
 * Who is there of the customers whose conversation ends when they leave. As with the staff's presence, each hub notes who is
 * connected to it, and a dead hub's customers are found by its lease. An end cannot be taken back, so a hub judges only while
 * it has itself looked without a hole for the whole grace: after a restart, or a database that was away, customers have that
 * long to come back.
 */
export class CustomerPresence {
  readonly #options: CustomerPresenceOptions;
  /** Who is connected to this hub now and was told of a conversation that ends with them, or has ended. */
  readonly #here = new Map<
    CustomerId,
    { readonly organisationId: OrganisationId; readonly ends: boolean; readonly position: number }
  >();
  /** Who came or went since the last note. */
  readonly #changed = new Map<CustomerId, { readonly organisationId: OrganisationId; readonly here: boolean }>();
  /** Ends that are on their way. */
  readonly #leaving = new Set<ConversationId>();
  #line: Promise<void> = Promise.resolve();
  #lookedAt = Number.NEGATIVE_INFINITY;
  /** Since when this hub has looked without a hole. */
  #steadySince = Number.POSITIVE_INFINITY;
  #closed = false;

  constructor(options: CustomerPresenceOptions) {
    this.#options = options;
  }

  /**
   * What a customer who is connected here has just been told. Those of a storm are noted together.
   * @param ends their conversation is open and ends with them
   * @param position the log's; what was read before something newer came is no news
   */
  told({ organisationId, customerId }: Visitor, ends: boolean, position: number): void {
    const known = this.#here.get(customerId);
    if (position < (known?.position ?? 0)) return;
    this.#here.set(customerId, { organisationId, ends, position });
    if (ends && known?.ends !== true) this.#noteSoon(customerId, organisationId, true);
  }

  /** A customer's last socket on this hub is gone. */
  gone({ organisationId, customerId }: Visitor): void {
    const known = this.#here.get(customerId);
    this.#here.delete(customerId);
    if (known?.ends === true) this.#noteSoon(customerId, organisationId, false);
  }

  /** Once a second, after the hub's lease was renewed: puts its own notes right, and ends what has lost its customer. */
  async beat(): Promise<void> {
    const { db, clock, graceMs: grace } = this.#options;
    const now = clock();
    // What this hub could not note must not be judged; a database that takes no writes is a hole in its looking.
    try {
      await this.#inLine(() => this.#putRight());
    } catch (error) {
      if (!isReadOnly(error)) throw error;
      this.#lookedAt = Number.NEGATIVE_INFINITY;
      return;
    }
    if (now - this.#lookedAt > leaseMs) this.#steadySince = now;
    this.#lookedAt = now;
    if (now - this.#steadySince < grace) return;
    const { rows } = await db.system.query<{ organisation_id: OrganisationId; id: ConversationId }>(
      named({
        text: `select c.organisation_id, c.id from conversation c where ${endsWithThem} and c.started_at <= ${instant('$2')}
          and not exists (
            select 1 from customer_presence r left join hub h on h.id = r.hub_id
            where r.organisation_id = c.organisation_id and r.customer_id = c.customer_id
              and coalesce(r.gone_since, case when h.lease_until > ${instant('$1')} then null else coalesce(h.lease_until, '-infinity') end, 'infinity')
                > ${instant('$2')})`,
        values: [now, now - grace],
      }),
    );
    for (const row of rows) this.#end(row.organisation_id, row.id);
    await db.system.query(
      named({
        text: `delete from customer_presence r where not exists (
            select 1 from conversation c where c.organisation_id = r.organisation_id and c.customer_id = r.customer_id and ${endsWithThem})`,
        values: [],
      }),
    );
  }

  /** Notes nothing more: the hub gives its lease back, which says it of everybody at once. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#line;
  }

  #end(organisationId: OrganisationId, id: ConversationId): void {
    const { hub, leave } = this.#options;
    if (this.#leaving.has(id)) return;
    this.#leaving.add(id);
    void hub
      .run(organisationId, 'conversation:customer-left', leave, { subject: id }, { kind: 'system' })
      .finally(() => this.#leaving.delete(id));
  }

  #noteSoon(customerId: CustomerId, organisationId: OrganisationId, here: boolean): void {
    if (this.#closed) return;
    this.#changed.set(customerId, { organisationId, here });
    // The first of many asks for the note; it takes along whoever comes until it is written.
    if (this.#changed.size === 1)
      void this.#inLine(() => this.#noteChanged()).catch((error: Error) =>
        this.#options.log.warn({ error: error.message }, 'presence of customers could not be noted'),
      );
  }

  /** One write after the other; a failure is the caller's, and ends nothing behind it. */
  #inLine(write: () => Promise<void>): Promise<void> {
    const written = this.#line.then(write);
    this.#line = written.catch(() => {});
    return written;
  }

  async #noteChanged(): Promise<void> {
    const changed = [...this.#changed].map(([customerId, one]) => ({ customerId, ...one }));
    this.#changed.clear();
    await this.#note(changed);
  }

  async #note(
    customers: readonly {
      readonly organisationId: OrganisationId;
      readonly customerId: CustomerId;
      readonly here: boolean;
    }[],
  ): Promise<void> {
    const { db, hubId, clock } = this.#options;
    if (customers.length === 0) return;
    await db.system.query(
      named({
        text: `insert into customer_presence (organisation_id, customer_id, hub_id, gone_since)
          select organisation_id, customer_id, $1, case when here then null else ${instant('$5')} end
            from unnest($2::uuid[], $3::uuid[], $4::boolean[]) as c (organisation_id, customer_id, here)
          on conflict (organisation_id, customer_id, hub_id) do update set gone_since = excluded.gone_since`,
        values: [
          hubId,
          customers.map((one) => one.organisationId),
          customers.map((one) => one.customerId),
          customers.map((one) => one.here),
          clock(),
        ],
      }),
    );
  }

  /** Compares who is here with what is noted, and notes the differences; mostly there are none. */
  async #putRight(): Promise<void> {
    const { db, hubId, clock } = this.#options;
    if (this.#closed) return;
    const here = [...this.#here].flatMap(([id, { ends }]) => (ends ? [id] : []));
    const { rows } = await db.system.query<{ customer_id: CustomerId }>(
      named({
        text: `with here as (select unnest($2::uuid[]) as customer_id),
            gone as (
              update customer_presence r set gone_since = ${instant('$3')}
              where r.hub_id = $1 and r.gone_since is null
                and not exists (select from here where here.customer_id = r.customer_id))
          select here.customer_id from here
            left join customer_presence r on r.customer_id = here.customer_id and r.hub_id = $1 and r.gone_since is null
          where r.customer_id is null`,
        values: [hubId, here, clock()],
      }),
    );
    await this.#note(
      rows.flatMap(({ customer_id: customerId }) => {
        const one = this.#here.get(customerId);
        return one?.ends === true ? [{ organisationId: one.organisationId, customerId, here: true }] : [];
      }),
    );
  }
}
