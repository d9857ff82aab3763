import { createHash } from 'node:crypto';
import type { CommandName } from '../../shared/contract/command.ts';
import type { ActorRef } from '../../shared/contract/event.ts';
import type { CommandId, OrganisationId } from '../../shared/contract/id.ts';
import type { Answer, Refusal } from '../../shared/contract/refusal.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import { newId } from '../../shared/contract/uuid.ts';
import type { AutoFallback } from '../../shared/contract/wire.ts';
import type { Bus } from '../bus/bus.ts';
import { isReadOnly } from '../db/errors.ts';
import type { Database } from '../db/pool.ts';
import type { Log } from '../log.ts';
import type { Committed } from './batch.ts';
import { writeBatch } from './batch.ts';
import { derivedId } from './derived-id.ts';
import { autoFallback } from './fallback.ts';
import { Feed } from './feed.ts';
import { Line } from './line.ts';
import type { Sent } from './log.ts';
import { readLog } from './log.ts';
import { named } from './named.ts';
import type { Order, PlannedJob, Rules } from './plan.ts';
import { actorKey, hashPayload, Ids, idReused } from './plan.ts';
import type { CommandRow } from './room.ts';

/** I3: a message that the bus lost, or a hub that died before publishing, costs at most this. */
export const pollMs = 1000;

export interface HubOptions {
  readonly db: Database;
  readonly bus: Bus;
  readonly clock: () => number;
  readonly log: Log;
  readonly rules: Rules;
  readonly epoch: string;
  readonly hubId: string;
  /** Whether this hub finds that flags would not reach supervisors in time just now. */
  readonly fallback: () => AutoFallback | null;
  /** A batch was written, or refused because the database takes no writes. */
  wrote?(taken: boolean): void;
  /** Every event of every followed organisation, once and in order: the gate out. */
  deliver(sent: Sent): void;
  /** Jobs were planned that are due at this instant; the runner looks then. */
  planned(dueAt: number): void;
  /** Once a second, when the database has just said how far every log is: only then may a screen hear that it is live. */
  looked?(): void;
}

/** Observed counts, for /metrics. */
export interface HubCounts {
  batches: number;
  commands: number;
  refusals: number;
  events: number;
}

/**
 * The hub's middle: lines of commands in, followed logs out. It knows rules and no room.
 */
export class Hub {
  readonly options: HubOptions;
  readonly counts: HubCounts = { batches: 0, commands: 0, refusals: 0, events: 0 };
  readonly #lines = new Map<OrganisationId, Line>();
  readonly #feeds = new Map<OrganisationId, Feed>();
  readonly #joining = new Map<OrganisationId, Promise<Feed>>();
  #poll: ReturnType<typeof setTimeout> | null = null;
  #polling: Promise<void> | null = null;
  #lastPollAt = 0;
  #lateMs = 0;
  #closed = false;

  constructor(options: HubOptions) {
    this.options = options;
  }

  /** Starts to compare positions with the database once a second. */
  start(): void {
    const again = async (): Promise<void> => {
      await this.poll().then(
        () => this.options.looked?.(),
        (error: Error) => this.options.log.warn({ error: error.message }, 'positions could not be read'),
      );
      if (!this.#closed) this.#poll = setTimeout(() => void again(), pollMs);
    };
    this.#poll = setTimeout(() => void again(), pollMs);
  }

  /** Puts a command in its organisation's line. `input` was parsed with the row's own schema. */
  submit<I, V>(
    organisationId: OrganisationId,
    order: {
      id: CommandId;
      name: string;
      row: CommandRow<I, V>;
      input: I;
      actor: ActorRef;
      address: string | null;
      job?: PlannedJob;
    },
  ): Promise<Answer> {
    const { input, row } = order;
    if (this.#closed) return Promise.resolve(stopping);
    this.counts.commands += 1;
    // Row and input leave here side by side as they came in; only their common type is forgotten.
    const kept = {
      ...order,
      input: input as never,
      row: row as CommandRow<never, unknown>,
      payloadHash: hashPayload(order.name, input),
      ids: new Ids(),
    };
    return this.#line(organisationId).put(kept);
  }

  /** Runs a command of the hub's own, such as the first start's. */
  run<I, V>(
    organisationId: OrganisationId,
    name: CommandName | string,
    row: CommandRow<I, V>,
    input: I,
    actor: ActorRef,
  ): Promise<Answer> {
    return this.submit(organisationId, {
      id: newId<'command'>(this.options.clock()),
      name,
      row,
      input,
      actor,
      address: null,
    });
  }

  /** The organisation's feed; the first one to ask makes this hub follow its log. */
  async follow(organisationId: OrganisationId): Promise<Feed> {
    const feed = this.#feeds.get(organisationId);
    if (feed !== undefined) return feed;
    let joining = this.#joining.get(organisationId);
    if (joining === undefined) {
      joining = this.#join(organisationId).finally(() => this.#joining.delete(organisationId));
      this.#joining.set(organisationId, joining);
    }
    return joining;
  }

  feeds(): Iterable<Feed> {
    return this.#feeds.values();
  }

  /**
   * Compares the position of every followed log with the database's: one statement for all of them, and one at a time,
   * however many screens ask.
   */
  poll(): Promise<void> {
    this.#polling ??= this.#readPositions().finally(() => {
      this.#polling = null;
    });
    return this.#polling;
  }

  async #readPositions(): Promise<void> {
    const { db } = this.options;
    const ids = [...this.#feeds.keys()];
    const { rows } = await db.system.query<{ organisation_id: OrganisationId; position: number }>(
      named({
        text: 'select organisation_id, position from clock where organisation_id = any($1::uuid[])',
        values: [ids],
      }),
    );
    const now = this.options.clock();
    for (const row of rows) this.#feeds.get(row.organisation_id)?.heard(row.position, now);
    this.#lateMs = Math.max(0, ...[...this.#feeds.values()].map((feed) => feed.lateMs(now)));
    this.#lastPollAt = performance.now();
  }

  /** How late the latest feed of this hub was at the last look at the database, ms. */
  get lateMs(): number {
    return this.#lateMs;
  }

  /** How long ago the database last answered, ms. */
  get silence(): number {
    return performance.now() - this.#lastPollAt;
  }

  /** Takes nothing more, and resolves when what is in the lines has been carried out and answered. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#poll !== null) clearTimeout(this.#poll);
    await Promise.all([...this.#lines.values()].map((line) => line.idle()));
  }

  #line(organisationId: OrganisationId): Line {
    let line = this.#lines.get(organisationId);
    if (line === undefined) {
      const { log } = this.options;
      line = new Line({
        organisationId,
        write: (orders: readonly Order[]) => this.#write(organisationId, orders),
        refused: (order) => this.#whyRefused(order),
        committed: (committed) => this.#committed(organisationId, committed),
        log,
      });
      this.#lines.set(organisationId, line);
    }
    return line;
  }

  /**
   * A session that began while the database took no writes stays so, whatever becomes of the database; each one that is found is
   * closed, and the batch goes to another. Only when all of them are of that kind is it the database.
   */
  async #write(organisationId: OrganisationId, orders: readonly Order[]): Promise<Committed> {
    const { db, rules, clock, fallback, wrote } = this.options;
    for (let left = db.app.options.max; ; left -= 1) {
      try {
        const committed = await writeBatch(db.app, rules, organisationId, orders, clock, fallback());
        wrote?.(true);
        return committed;
      } catch (error) {
        if (isReadOnly(error) && left > 0 && fallback()?.why !== 'read_only') continue;
        if (isReadOnly(error)) wrote?.(false);
        throw error;
      }
    }
  }

  /** What a sender hears of a write that the database did not take: an entrance to supervisors says why there is none. */
  #whyRefused({ row }: Order): Refusal | null {
    const standing = this.options.fallback();
    return row.callsForHelp === true && standing?.why === 'read_only' ? autoFallback(standing) : null;
  }

  /**
   * The first answer to a command, if it was given one: for a database that takes no writes, where no batch can look (I5).
   * @throws what the database throws
   */
  async answered(
    organisationId: OrganisationId,
    { id, name, input, actor }: { id: CommandId; name: string; input: unknown; actor: ActorRef },
  ): Promise<Answer | null> {
    const { rows } = await this.options.db.system.query<{ payload_hash: Buffer; answer: Answer }>(
      named({
        text: 'select payload_hash, answer from answer where organisation_id = $1 and actor = $2 and command_id = $3',
        values: [organisationId, actorKey(actor), id],
      }),
    );
    const [row] = rows;
    if (row === undefined) return null;
    return row.payload_hash.equals(hashPayload(name, input)) ? row.answer : idReused;
  }

  #committed(organisationId: OrganisationId, committed: Committed): void {
    const { bus, epoch } = this.options;
    this.counts.batches += 1;
    this.counts.events += committed.happened.length;
    for (const one of committed.settled) if (!one.answer.ok) this.counts.refusals += 1;
    if (committed.happened.length > 0) {
      const sent: Sent[] = committed.happened.map(({ event, audience, hidden, frames }) => ({
        event,
        audience,
        hidden,
        frames,
      }));
      this.#feeds.get(organisationId)?.offer(sent);
      bus.publish(channel(organisationId), JSON.stringify({ epoch, sent }));
    }
    if (committed.dueAt !== null) this.options.planned(committed.dueAt);
  }

  async #join(organisationId: OrganisationId): Promise<Feed> {
    const { db, bus, epoch, log, deliver } = this.options;
    const { rows } = await db.system.query<{ position: number }>(
      named({ text: 'select position from clock where organisation_id = $1', values: [organisationId] }),
    );
    const [row] = rows;
    if (row === undefined) throw new Error(`there is no organisation ${organisationId}`);
    const feed = new Feed({
      organisationId,
      epoch,
      position: row.position,
      deliver,
      read: (after, upTo) => readLog(db.system, organisationId, after, upTo, 500),
      log,
    });
    this.#feeds.set(organisationId, feed);
    bus.subscribe(channel(organisationId), (message) => {
      try {
        const told: unknown = JSON.parse(message);
        if (isTold(told) && told.epoch === epoch) feed.offer(told.sent);
      } catch {
        // Whatever that was, the log has the truth and the next second reads it.
        log.warn({ organisationId }, 'a message on the bus could not be read');
      }
    });
    return feed;
  }
}

/** Whether a message has the form in which hubs tell each other; one from elsewhere, or torn, must not end a feed. */
function isTold(message: unknown): message is { readonly epoch: string; readonly sent: readonly Sent[] } {
  const sent: unknown = Reflect.get(Object(message), 'sent');
  return (
    Array.isArray(sent) &&
    sent.every((one: unknown) => {
      const { event, ...lists }: Record<string, unknown> = Object(one);
      return (
        Number.isSafeInteger(Reflect.get(Object(event), 'position')) &&
        typeof Reflect.get(Object(event), 'type') === 'string' &&
        [lists.audience, lists.hidden, lists.frames].every(Array.isArray)
      );
    })
  );
}

const stopping: Answer = {
  ok: false,
  refusal: refusal(
    'try_again',
    'This hub is stopping; nothing was changed.',
    'It is sent again by itself, to another hub or to this one when it is back.',
  ),
};

const channel = (organisationId: OrganisationId): string => `log:${organisationId}`;

/** The id of a job's command: the same for the same planning, so that a job that is run twice happens once (I1). */
export function jobCommandId(organisationId: OrganisationId, job: string, planned: number): CommandId {
  return derivedId<'command'>(createHash('sha256').update(`${organisationId} ${job} ${planned}`).digest());
}
