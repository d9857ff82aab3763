import type { OrganisationId } from '../../shared/contract/id.ts';
import type { Answer, Refusal } from '../../shared/contract/refusal.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import { internal } from '../auth/answer.ts';
import { isConnectionLost, isReadOnly, isRetryable } from '../db/errors.ts';
import type { Log } from '../log.ts';
import type { Committed } from './batch.ts';
import type { Order } from './plan.ts';

/** The most commands that one transaction takes. */
export const batchSize = 64;
/** How long a sender waits before being told (F4): then the same id may be sent again. */
export const patienceMs = 3000;
/** More than this waiting means that the database has stopped; new ones are turned away at once. */
export const lineLimit = 2000;

const tryAgain: Answer = {
  ok: false,
  refusal: refusal(
    'try_again',
    'The hub cannot reach its database in time; nothing was changed.',
    'It is sent again by itself; or try again in a moment.',
  ),
};
const unknown: Answer = {
  ok: false,
  refusal: refusal(
    'outcome_unknown',
    'The hub could not learn whether this was stored.',
    'Send the same command id again: it happens at most once.',
  ),
};

interface Waiting {
  readonly order: Order;
  readonly since: number;
  answer: ((answer: Answer) => void) | null;
}

export interface LineOptions {
  readonly organisationId: OrganisationId;
  /** Carries out a batch; rejects with what the database threw. */
  write(orders: readonly Order[]): Promise<Committed>;
  /** After every commit, in log order, before the senders are answered. */
  committed(committed: Committed): void;
  /** A better word than "try again" for a command that the database did not take; null where there is none. */
  refused?(order: Order): Refusal | null;
  readonly log: Log;
}

/**
 * One organisation's line: commands wait their turn and are carried out in batches, one batch at a time, so that commands of
 * an organisation are serial by construction.
 */
export class Line {
  readonly #options: LineOptions;
  readonly #waiting: Waiting[] = [];
  #running: Promise<void> | null = null;
  #inFlight: readonly Waiting[] = [];
  #watch: ReturnType<typeof setTimeout> | null = null;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  /** Puts a command in the line; synchronous, so that one sender's order holds. */
  put(order: Order): Promise<Answer> {
    if (this.#waiting.length >= lineLimit) return Promise.resolve(tryAgain);
    return new Promise((answer) => {
      this.#waiting.push({ order, since: performance.now(), answer });
      this.#watch ??= setTimeout(() => this.#lookAround(), patienceMs / 4);
      this.#running ??= this.#run();
    });
  }

  /** Resolves when the line is empty and nothing is under way. */
  async idle(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  async #run(): Promise<void> {
    // Whatever arrives in this turn of the event loop shares the first transaction.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#take();
      if (batch.length === 0) continue;
      this.#inFlight = batch;
      await this.#write(batch);
      this.#inFlight = [];
    }
    this.#running = null;
    if (this.#watch !== null) clearTimeout(this.#watch);
    this.#watch = null;
  }

  /**
   * The next batch; a command that must be alone ends the one before it. Whoever has waited too long is turned away: this hub
   * may have hung, and the sender have gone to another with the same command.
   */
  #take(): Waiting[] {
    this.#turnAwayLate();
    const until = this.#waiting.findIndex(
      (one, at) => at > 0 && (one.order.row.alone === true || this.#waiting[0]?.order.row.alone === true),
    );
    return this.#waiting.splice(0, Math.min(until === -1 ? batchSize : until, batchSize));
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    try {
      const committed = await this.#options.write(batch.map((one) => one.order));
      this.#options.committed(committed);
      for (const [at, { answer }] of committed.settled.entries()) settle(batch[at], answer);
    } catch (error) {
      await this.#mend(batch, error);
    }
  }

  async #mend(batch: readonly Waiting[], error: unknown): Promise<void> {
    const { log, organisationId, refused } = this.#options;
    if (isConnectionLost(error)) {
      log.warn({ organisationId, error: message(error), commands: batch.length }, 'a batch lost its connection');
      for (const one of batch) settle(one, unknown);
      return;
    }
    if (isRetryable(error) && batch.some((one) => one.answer !== null && performance.now() - one.since < patienceMs)) {
      await new Promise((resume) => setTimeout(resume, 20));
      await this.#write(batch);
      return;
    }
    if (batch.length > 1) {
      // One of them is poisoned; alone it harms no other.
      for (const one of batch) await this.#write([one]);
      return;
    }
    const [only] = batch;
    // Of a database that takes no writes the log says once that it began; each command would say it again.
    const readOnly = isReadOnly(error);
    if (!readOnly)
      log.error({ organisationId, command: only?.order.name, error: message(error) }, 'a command could not be saved');
    const why = only === undefined || !readOnly ? null : (refused?.(only.order) ?? null);
    settle(
      only,
      why !== null ? { ok: false, refusal: why } : isTryLater(error) ? tryAgain : { ok: false, refusal: internal },
    );
  }

  /** Nobody waits longer than `patienceMs` for an answer, whatever the database does. */
  #lookAround(): void {
    for (const one of this.#inFlight) if (isLate(one)) settle(one, unknown);
    this.#turnAwayLate();
    this.#watch = setTimeout(() => this.#lookAround(), patienceMs / 4);
  }

  #turnAwayLate(): void {
    for (let at = this.#waiting.length - 1; at >= 0; at -= 1) {
      const one = this.#waiting[at];
      if (one === undefined || !isLate(one)) continue;
      this.#waiting.splice(at, 1);
      settle(one, tryAgain);
    }
  }
}

/** The watch goes round every quarter of `patienceMs`: so nobody waits longer than that. */
const isLate = (one: Waiting): boolean => performance.now() - one.since >= patienceMs * 0.75;

function settle(one: Waiting | undefined, answer: Answer): void {
  one?.answer?.(answer);
  if (one !== undefined) one.answer = null;
}

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Disk full, read-only, out of connections or memory: it may well work later (F5). */
function isTryLater(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return code.startsWith('53') || code === '25006' || code === '57014';
}
