import type { OrganisationId } from '../../shared/contract/id.ts';
import { isReadOnly } from '../db/errors.ts';
import type { Database } from '../db/pool.ts';
import type { Log } from '../log.ts';
import type { Hub } from './hub.ts';
import { jobCommandId } from './hub.ts';
import { named } from './named.ts';
import type { CommandRow } from './room.ts';

/** A hub that took a job and died leaves it to others after this. */
const leaseMs = 10_000;
const lookMs = 500;
const atOnce = 200;

export interface JobsOptions {
  readonly db: Database;
  readonly hub: Hub;
  readonly clock: () => number;
  readonly log: Log;
  readonly kinds: Readonly<Record<string, CommandRow<{ readonly subject: string }, null>>>;
}

interface DueRow {
  readonly organisation_id: OrganisationId;
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly planned: number;
}

/**
 * Runs what is due: rows are taken by lease, run as commands of the system under an id derived from the job, and deleted in
 * that command's own batch. So a job runs once, whatever dies when (I1).
 */
export class Jobs {
  readonly #options: JobsOptions;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #looking: Promise<void> | null = null;
  #again = false;
  #closed = false;

  constructor(options: JobsOptions) {
    this.#options = options;
  }

  start(): void {
    const next = (): void => {
      if (this.#closed) return;
      this.#timer = setTimeout(() => void this.look().then(next), lookMs);
    };
    next();
  }

  /** Something was planned; what is due now need not wait for the next look. */
  planned(dueAt: number): void {
    if (dueAt <= this.#options.clock() && !this.#closed) void this.look();
  }

  /** Runs everything that is due at the clock's now; resolves when that has been carried out. */
  async look(): Promise<void> {
    if (this.#looking !== null) {
      this.#again = true;
      return this.#looking;
    }
    this.#looking = this.#run()
      .catch((error: Error) => {
        // Said once, where it is found: every look would say it again.
        if (!isReadOnly(error)) this.#options.log.warn({ error: error.message }, 'due jobs could not be taken');
      })
      .finally(() => {
        this.#looking = null;
      });
    await this.#looking;
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#looking;
  }

  async #run(): Promise<void> {
    do {
      this.#again = false;
      const due = await this.#take();
      if (due.length === atOnce) this.#again = true;
      await Promise.all(due.map((job) => this.#carryOut(job)));
    } while (this.#again && !this.#closed);
  }

  async #take(): Promise<DueRow[]> {
    const { db, clock } = this.#options;
    const now = clock();
    const { rows } = await db.system.query<DueRow>(
      named({
        text: `update job set taken_until = to_timestamp($2::double precision / 1000)
          where (organisation_id, id) in (select organisation_id, id from job
            where due_at <= to_timestamp($1::double precision / 1000) and (taken_until is null or taken_until < to_timestamp($1::double precision / 1000))
            order by due_at limit ${atOnce} for update skip locked)
          returning organisation_id, id, kind, subject, planned`,
        values: [now, now + leaseMs],
      }),
    );
    return rows;
  }

  async #carryOut({ organisation_id: organisationId, id, kind, subject, planned }: DueRow): Promise<void> {
    const { hub, kinds, log } = this.#options;
    const row = kinds[kind];
    if (row === undefined) {
      log.error({ kind }, 'a due job is of a kind that this hub does not know');
      return;
    }
    const answer = await hub.submit(organisationId, {
      id: jobCommandId(organisationId, id, planned),
      name: kind,
      row,
      input: { subject },
      actor: { kind: 'system' },
      address: null,
      job: { id, planned },
    });
    if (!answer.ok)
      log.warn(
        { kind, code: answer.refusal.code },
        'a job was not carried out; its lease lapses and it is tried again',
      );
  }
}
