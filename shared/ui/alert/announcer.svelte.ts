import { createContext } from 'svelte';

export interface AnnouncerClock {
  readonly now: () => number;
  readonly setTimeout: (run: () => void, ms: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
}

const browserClock: AnnouncerClock = {
  now: () => Date.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(typeof timer === 'number' ? timer : undefined),
};

/** Least time between two urgent announcements, in ms (screens.md, hands and ears): a burst must stay a sentence. */
export const urgentEvery = 5_000;

/**
 * What is said to a screen reader. Urgent interrupts, and is said at most once in five seconds: what comes meanwhile is
 * counted and said as one. Polite waits for its turn.
 */
export class Announcer {
  #clock: AnnouncerClock;
  #urgent = $state.raw('');
  #polite = $state.raw('');
  #last = Number.NEGATIVE_INFINITY;
  #waiting: string[] = [];
  #many: (count: number, newest: string) => string = (_count, newest) => newest;
  #timer: unknown;

  constructor(clock: AnnouncerClock = browserClock) {
    this.#clock = clock;
  }

  /** Text of the assertive region. */
  get urgentText(): string {
    return this.#urgent;
  }

  /** Text of the polite region. */
  get politeText(): string {
    return this.#polite;
  }

  /**
   * Says something at once, or as soon as five seconds have passed since the last time.
   * @param many makes one sentence of several that came meanwhile, from their count and the newest
   */
  urgent(text: string, many: (count: number, newest: string) => string): void {
    this.#waiting.push(text);
    this.#many = many;
    const wait = this.#last + urgentEvery - this.#clock.now();
    if (wait <= 0) {
      this.#clock.clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#say();
    } else if (this.#timer === undefined) {
      this.#timer = this.#clock.setTimeout(() => {
        this.#timer = undefined;
        this.#say();
      }, wait);
    }
  }

  /** Says something when there is a pause. */
  polite(text: string): void {
    this.#polite = this.#fresh(this.#polite, text);
  }

  /** Ends the timer. Call when the page ends. */
  end(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
  }

  #say(): void {
    const newest = this.#waiting.at(-1);
    if (newest === undefined) return;
    const text = this.#waiting.length > 1 ? this.#many(this.#waiting.length, newest) : newest;
    this.#waiting = [];
    this.#last = this.#clock.now();
    this.#urgent = this.#fresh(this.#urgent, text);
  }

  /** The same words twice would not change the region and so not be said: a space that nobody hears makes them new. */
  #fresh(before: string, text: string): string {
    return before === text ? `${text}\u00a0` : text;
  }
}

export const [useAnnouncer, provideAnnouncer] = createContext<Announcer>();
