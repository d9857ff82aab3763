import { call, fetchFile, type Result } from '../../shared/client/session.ts';
import type { Event } from '../../shared/contract/event.ts';
import type { HelpReportPage } from '../../shared/contract/read.ts';
import type { Refusal } from '../../shared/contract/refusal.ts';
import type { HelpReport, ReportFilter } from '../../shared/contract/report.ts';
import { recentFlagsMs } from '../../shared/live/apply.ts';
import { anyFlag } from '../../shared/live/help-report.ts';
import { hourMs, hourStart } from '../../shared/live/zone.ts';
import type { Board } from '../board.svelte.ts';
import { readHeld, screenZone } from './reading.ts';
import { type Choice, dayOf, type Window, type WindowFault, windowOf } from './window.ts';

export interface ReportEnvironment {
  readonly read: (path: string) => Promise<Result<HelpReportPage>>;
  readonly file: typeof fetchFile;
  readonly setTimeout: (run: () => void, ms: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
  readonly zone: string;
}

const browserEnvironment = (): ReportEnvironment => ({
  read: (path) => call<HelpReportPage>('GET', path),
  file: fetchFile,
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(typeof timer === 'number' ? timer : undefined),
  zone: screenZone(),
});

/** A window that runs is read again so long after a flag moved: the hub counts a whole window each time. */
const settleMs = 5000;

const movesFlags = (event: Event): boolean => event.type.startsWith('flag:');

/** What the report needs of the board. */
export type ReportBoard = Pick<Board, 'view' | 'stale' | 'now' | 'floor'>;

/**
 * The report as it is looked at. A window within the last day is made from the flags that the screen holds, and lives with them;
 * a longer one is the hub's.
 */
export class ReportView {
  readonly #board: ReportBoard;
  readonly #environment: ReportEnvironment;
  #choice = $state.raw<Choice>({ range: 'day', first: '', last: '' });
  #filter = $state.raw<ReportFilter>(anyFlag);
  #read = $state.raw<{ readonly query: string; readonly report: HelpReport; readonly at: number } | null>(null);
  #refusal = $state.raw<{ readonly query: string; readonly why: Refusal } | null>(null);
  #loading = $state.raw(false);
  #exporting = $state.raw(false);
  #timer: unknown;
  #asked = 0;

  constructor(board: ReportBoard, environment: ReportEnvironment = browserEnvironment()) {
    this.#board = board;
    this.#environment = environment;
    const today = dayOf(board.now.instant, environment.zone);
    this.#choice = { range: 'day', first: today, last: today };
  }

  get zone(): string {
    return this.#environment.zone;
  }

  get choice(): Choice {
    return this.#choice;
  }

  choose(change: Partial<Choice>): void {
    this.#choice = { ...this.#choice, ...change };
  }

  get filter(): ReportFilter {
    return this.#filter;
  }

  narrow(change: Partial<ReportFilter>): void {
    this.#filter = { ...this.#filter, ...change };
  }

  clear(): void {
    this.#filter = anyFlag;
  }

  narrowed: boolean = $derived.by(() => Object.values(this.#filter).some((one) => one !== null));

  // A window moves once an hour, not with every tick of the clock.
  #hour = $derived.by(() => hourStart(this.zone, this.#board.now.instant));
  #window: Window | WindowFault = $derived.by(() => windowOf(this.#choice, this.#hour, this.zone));

  window: Window | null = $derived.by(() => (typeof this.#window === 'string' ? null : this.#window));
  fault: WindowFault | null = $derived.by(() => (typeof this.#window === 'string' ? this.#window : null));

  /** While the link is down the figures stand still at their last true moment. */
  #now = $derived.by(() => {
    const { floor, now, stale } = this.#board;
    return stale && floor.heardAt > 0 ? floor.heardAt : now.instant;
  });

  /** Whether the screen holds every flag of the window, to the end of the running hour. */
  held: boolean = $derived.by(() => this.window !== null && this.window.from >= this.#hour + hourMs - recentFlagsMs);

  /** The same report for every reader of this query. */
  query: string | null = $derived.by(() => {
    if (this.window === null) return null;
    const { queueId, reasonId, channel, by } = this.#filter;
    const query = new URLSearchParams({ from: `${this.window.from}`, to: `${this.window.to}`, zone: this.zone });
    const team = this.#board.view?.teamId ?? null;
    for (const [key, value] of Object.entries({ team, queue: queueId, reason: reasonId, channel, by }))
      if (value !== null) query.set(key, value);
    return query.toString();
  });

  #live: HelpReport | null = $derived.by(() => {
    const { view } = this.#board;
    if (!this.held || this.window === null || view === null) return null;
    return readHeld(view.recentFlags, this.window, this.#filter, this.#now, this.zone);
  });

  /** Null while nothing is known yet. */
  report: HelpReport | null = $derived.by(() => {
    if (this.held) return this.#live;
    return this.#read?.query === this.query ? this.#read.report : null;
  });

  /** Of when the figures are; null: they live. */
  at: number | null = $derived.by(() => {
    if (!this.held) return this.#read?.at ?? null;
    return this.#board.stale ? this.#board.floor.heardAt : null;
  });

  /** Why the hub gave no report for what is chosen now. */
  get refusal(): Refusal | null {
    return !this.held && this.#refusal?.query === this.query ? this.#refusal.why : null;
  }

  get loading(): boolean {
    return this.#loading;
  }

  get exporting(): boolean {
    return this.#exporting;
  }

  /** Reads what is chosen from the hub, where the screen does not hold it. An answer that a later question has overtaken is left out. */
  async load(): Promise<void> {
    this.#environment.clearTimeout(this.#timer);
    const { query } = this;
    this.#asked += 1;
    const mine = this.#asked;
    if (query === null || this.held) {
      this.#loading = false;
      return;
    }
    this.#loading = true;
    const answer = await this.#environment.read(`/api/flag/report?${query}`);
    if (mine !== this.#asked) return;
    this.#loading = false;
    if (answer.ok) this.#read = { query, report: answer.value.report, at: this.#board.floor.hubNow() };
    this.#refusal = answer.ok ? null : { query, why: answer.refusal };
  }

  /** Reads again a while after flags moved, if they may be in the window. @returns stops */
  follow(): () => void {
    let waits = false;
    const soon = (): void => {
      if (waits || this.held || this.window === null || this.window.to < this.#now) return;
      waits = true;
      this.#timer = this.#environment.setTimeout(() => {
        waits = false;
        void this.load();
      }, settleMs);
    };
    const stops = [
      this.#board.floor.onEvents((events) => events.some(movesFlags) && soon()),
      this.#board.floor.onAgain(soon),
    ];
    return () => {
      this.#asked += 1;
      this.#environment.clearTimeout(this.#timer);
      for (const stop of stops) stop();
    };
  }

  /** The flags of what is chosen, as a file. Null: one is under way, or nothing is chosen. */
  async export(): Promise<Awaited<ReturnType<typeof fetchFile>> | null> {
    if (this.query === null || this.#exporting) return null;
    const query = new URLSearchParams(this.query);
    query.delete('zone');
    this.#exporting = true;
    try {
      return await this.#environment.file(`/api/flag/export.csv?${query}`);
    } finally {
      this.#exporting = false;
    }
  }
}
