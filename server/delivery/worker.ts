import type { AdapterKind, DeliveryFault } from '../../shared/contract/connection.ts';
import type { ConnectionId, ConversationId, EntryId, OrganisationId } from '../../shared/contract/id.ts';
import type { Answer } from '../../shared/contract/refusal.ts';
import type { Adapter, OutgoingLine, Secrets } from '../channel/channel.ts';
import type { Database } from '../db/pool.ts';
import type { Hub } from '../hub/hub.ts';
import { jobCommandId } from '../hub/hub.ts';
import { named } from '../hub/named.ts';
import type { Log } from '../log.ts';
import { nextAttempt, readRetryAfter } from './backoff.ts';
import type { Delivery } from './delivery.ts';
import type { Send } from './outbound.ts';
import { type Settle, settle } from './settle.ts';

/** A hub that took a line and died leaves it to others after this; longer than an attempt can take. */
const leaseMs = 30_000;
const lookMs = 500;
/** Taken at one look, under way in this hub, and under way for one connection: a slow target must not stand in others' way. */
const atOnce = 8;
const mostFlying = 64;
const mostOfConnection = 8;
/** What came of an attempt is told to the database so often, and so far apart, before it is left to the lease. */
const tellings = 8;
const tellAgainMs = 500;

export interface DeliveriesOptions {
  readonly db: Pick<Database, 'system'>;
  readonly hub: Hub;
  readonly clock: () => number;
  readonly log: Log;
  readonly adapters: Readonly<Record<AdapterKind, Adapter>>;
  readonly send: Send;
  /** From 0 up to, and without, 1. */
  readonly random: () => number;
}

interface TakenRow {
  readonly organisation_id: OrganisationId;
  readonly id: EntryId;
  readonly conversation_id: ConversationId;
  readonly connection_id: ConnectionId;
  readonly notice: Delivery['notice'];
  readonly attempts: number;
  readonly queued_at: number;
  readonly adapter: AdapterKind;
  readonly target: string;
  readonly sender: string | null;
  readonly inbound: string;
  readonly outbound: string;
  readonly verify: string | null;
  readonly address: string | null;
  readonly text: string | null;
  readonly name: string | null;
  readonly author: string | null;
}

const instant = (value: string): string => `to_timestamp(${value}::double precision / 1000)`;

/**
 * Due lines, and everything that is needed to send them: the oldest of each conversation alone, so that order holds while one of
 * them is tried again, and none that another hub has taken. The lease need not reach the disk before the line goes out: a database
 * that falls and forgets it lets the line go out again under its id, as after any fall.
 */
const takeDue = `with quick as (select set_config('synchronous_commit', 'off', true) as setting), taken as (
    update delivery set taken_until = ${instant('$2')} where id in (
      select d.id from delivery d join connection c on c.id = d.connection_id
        where d.state = 'waiting' and c.active and d.next_at <= ${instant('$1')}
          and (d.taken_until is null or d.taken_until < ${instant('$1')}) and d.connection_id <> all($3::uuid[])
          and not exists (select from delivery e where e.organisation_id = d.organisation_id
            and e.conversation_id = d.conversation_id and e.state = 'waiting' and e.position < d.position)
        order by d.next_at limit ${atOnce} for update of d skip locked)
    returning organisation_id, id, conversation_id, connection_id, notice, attempts, queued_at)
  select taken.*, c.adapter, c.target, c.sender, s.inbound, s.outbound, s.verify, a.address, e.text, e.name, e.author
    from taken cross join quick join connection c on c.id = taken.connection_id
      join connection_secret s on s.connection_id = c.id
      join conversation v on v.id = taken.conversation_id
      left join customer_address a on a.customer_id = v.customer_id
      left join entry e on e.id = taken.id`;

/**
 * Sends what is due: rows are taken by lease, sent by their adapter, and what came of it is noted by a command of the system. A hub
 * that dies in between leaves the line to another, which sends it again under the same id.
 */
export class Deliveries {
  readonly #options: DeliveriesOptions;
  readonly #flying = new Map<EntryId, { readonly connectionId: ConnectionId; readonly done: Promise<void> }>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #filling: Promise<void> | null = null;
  #again = false;
  #closed = false;

  constructor(options: DeliveriesOptions) {
    this.#options = options;
  }

  start(): void {
    const next = (): void => {
      if (this.#closed) return;
      this.#timer = setTimeout(() => void this.#fill().then(next), lookMs);
    };
    next();
  }

  /** Something was queued; it need not wait for the next look. */
  wake(): void {
    if (!this.#closed) void this.#fill();
  }

  /** Sends everything that is due at the clock's now; resolves when nothing of it is under way any more. */
  async look(): Promise<void> {
    for (;;) {
      await this.#fill();
      const [first] = this.#flying.values();
      if (first === undefined) return;
      await first.done;
    }
  }

  /** Takes nothing more, and resolves when what is under way has come to its end. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#filling;
    await Promise.all([...this.#flying.values()].map(({ done }) => done));
  }

  #fill(): Promise<void> {
    this.#again = true;
    this.#filling ??= this.#run()
      .catch((error: Error) => this.#options.log.warn({ error: error.message }, 'due lines could not be taken'))
      .finally(() => {
        this.#filling = null;
      });
    return this.#filling;
  }

  async #run(): Promise<void> {
    while (this.#again && !this.#closed && this.#flying.size < mostFlying) {
      this.#again = false;
      const rows = await this.#take();
      if (rows.length === atOnce) this.#again = true;
      for (const row of rows) {
        const done = this.#carry(row)
          .catch((error: Error) => this.#options.log.error({ error: error.stack }, 'a line could not be carried'))
          .finally(() => {
            this.#flying.delete(row.id);
            // The next line of the conversation is free, and so is a place.
            this.wake();
          });
        this.#flying.set(row.id, { connectionId: row.connection_id, done });
      }
    }
  }

  async #take(): Promise<readonly TakenRow[]> {
    const { db, clock } = this.#options;
    const now = clock();
    const load = new Map<ConnectionId, number>();
    for (const { connectionId } of this.#flying.values()) load.set(connectionId, (load.get(connectionId) ?? 0) + 1);
    const full = [...load].filter(([, count]) => count >= mostOfConnection).map(([id]) => id);
    const { rows } = await db.system.query<TakenRow>(named({ text: takeDue, values: [now, now + leaseMs, full] }));
    return rows;
  }

  async #carry(row: TakenRow): Promise<void> {
    const { adapters, send, clock, random } = this.#options;
    const attempt = row.attempts + 1;
    const line = lineOf(row);
    if (line === null) return this.#tell(row, attempt, { kind: 'failed', fault: 'rejected' });
    const adapter = adapters[row.adapter];
    const { inbound, outbound, verify } = row;
    const secrets: Secrets = { inbound, outbound, verify };
    const exchange = await send(adapter.request(line, row, secrets, clock()));
    const later = (fault: DeliveryFault, retryAfter: number | null = null): Settle['outcome'] => {
      const nextAt = nextAttempt(clock(), attempt, random(), retryAfter);
      return nextAt === null ? { kind: 'failed', fault } : { kind: 'delayed', fault, nextAt };
    };
    if (exchange.kind === 'fault') {
      // A private address stays one: whoever set it must set another.
      const { fault } = exchange;
      return this.#tell(row, attempt, fault === 'refused_address' ? { kind: 'failed', fault } : later(fault));
    }
    const outcome = adapter.outcome(exchange);
    switch (outcome.kind) {
      case 'sent':
        return this.#tell(row, attempt, { kind: 'sent', ref: outcome.ref });
      case 'gone':
        return this.#tell(row, attempt, { kind: 'gone' });
      case 'never':
        return this.#tell(row, attempt, { kind: 'failed', fault: outcome.fault });
      case 'later':
        return this.#tell(row, attempt, later(outcome.fault, readRetryAfter(exchange.retryAfter, clock())));
    }
  }

  async #tell(row: TakenRow, attempt: number, outcome: Settle['outcome']): Promise<void> {
    const { hub, log } = this.#options;
    const { organisation_id: organisationId, id: entryId } = row;
    const input: Settle = { entryId, attempt, outcome };
    let answer: Answer | null = null;
    for (let telling = 0; telling < tellings; telling += 1) {
      answer = await hub.submit(organisationId, {
        id: jobCommandId(organisationId, `delivery:${entryId}`, attempt),
        name: 'delivery:settle',
        row: settle,
        input,
        actor: { kind: 'system' },
        address: null,
      });
      if (answer.ok || this.#closed) break;
      await new Promise((resume) => setTimeout(resume, tellAgainMs));
    }
    if (answer?.ok !== true)
      log.warn(
        { entryId, code: answer?.ok === false ? answer.refusal.code : null },
        'what came of a line could not be stored; its lease lapses and it is sent again under its id',
      );
  }
}

/** What is to be said; null where its words are gone, or the customer cannot be reached. */
function lineOf(row: TakenRow): OutgoingLine | null {
  const { id, conversation_id: conversationId, address: to, notice, text, name, author } = row;
  if (to === null) return null;
  const head = { id, conversationId, to, at: row.queued_at };
  if (notice !== null) return { ...head, said: notice };
  if (text === null || text === '') return null;
  return {
    ...head,
    said: { kind: 'line', text, by: author === 'supervisor' ? 'supervisor' : 'agent', name: name ?? '' },
  };
}
