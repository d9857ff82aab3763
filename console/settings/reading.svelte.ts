import { call, type Result } from '../../shared/client/session.ts';
import type { Event } from '../../shared/contract/event.ts';
import type { Refusal } from '../../shared/contract/refusal.ts';
import type { SettingsFloor } from './change.ts';

export interface ReadingEnvironment<Page> {
  readonly read: () => Promise<Result<Page>>;
  readonly setTimeout: (run: () => void, ms: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
}

/** Reads from the hub, on the browser's own timers. */
export const inBrowser = <Page>(path: string): ReadingEnvironment<Page> => ({
  read: () => call<Page>('GET', path),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(typeof timer === 'number' ? timer : undefined),
});

/**
 * What a settings page reads over HTTP because no snapshot carries it: read once, and again when something happens that moves it.
 * @param wants how soon an event wants it to be read again, ms; null: it does not
 * @param settleMs how long a snapshot that replaced everything is waited for
 */
export class Reading<Page> {
  readonly #environment: ReadingEnvironment<Page>;
  readonly #wants: (event: Event) => number | null;
  readonly #settleMs: number;
  #page = $state.raw<Page | null>(null);
  #refusal = $state.raw<Refusal | null>(null);
  #timer: unknown;
  /** Within how long the next reading comes, ms; null: none is planned. */
  #within: number | null = null;
  #asked = 0;
  #closed = false;

  constructor(environment: ReadingEnvironment<Page>, wants: (event: Event) => number | null, settleMs: number) {
    this.#environment = environment;
    this.#wants = wants;
    this.#settleMs = settleMs;
  }

  /** Null until the first answer. */
  get page(): Page | null {
    return this.#page;
  }
  /** Why the last reading failed; what was read before stays. */
  get refusal(): Refusal | null {
    return this.#refusal;
  }

  /** Reads. An answer that a later question has overtaken is left out. */
  async read(): Promise<void> {
    this.#asked += 1;
    const mine = this.#asked;
    const answer = await this.#environment.read();
    if (this.#closed || mine !== this.#asked) return;
    if (answer.ok) this.#page = answer.value;
    this.#refusal = answer.ok ? null : answer.refusal;
  }

  /** Reads now, and follows the floor. @returns stops following, for good */
  follow(floor: Pick<SettingsFloor, 'onEvents' | 'onAgain'>): () => void {
    const stops = [
      floor.onEvents((events) => {
        const soonest = Math.min(...events.flatMap((event) => this.#wants(event) ?? []));
        if (Number.isFinite(soonest)) this.#soon(soonest);
      }),
      floor.onAgain(() => this.#soon(this.#settleMs)),
    ];
    void this.read();
    return () => {
      this.#closed = true;
      this.#environment.clearTimeout(this.#timer);
      for (const stop of stops) stop();
    };
  }

  /** Shows at once what the hub has just acknowledged; the next reading says the same. */
  protected move(to: (page: Page) => Page): void {
    if (this.#page !== null) this.#page = to(this.#page);
  }

  /** Plans the next reading: several changes in a row are read once, and a busy floor does not put it off for ever. */
  #soon(ms: number): void {
    if (this.#within !== null && this.#within <= ms) return;
    this.#environment.clearTimeout(this.#timer);
    this.#within = ms;
    this.#timer = this.#environment.setTimeout(() => {
      this.#within = null;
      void this.read();
    }, ms);
  }
}
