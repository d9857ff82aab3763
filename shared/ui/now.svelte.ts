import { createContext } from 'svelte';

export interface NowEnvironment {
  /** This machine's wall clock, in ms since 1970. */
  readonly wall: () => number;
  readonly setTimeout: (run: () => void, ms: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
  /** The page, for its visibility; a hidden page does not tick. */
  readonly page: Pick<Document, 'hidden' | 'addEventListener' | 'removeEventListener'>;
}

function browserEnvironment(): NowEnvironment {
  return {
    wall: () => Date.now(),
    setTimeout: (run, ms) => setTimeout(run, ms),
    clearTimeout: (timer) => clearTimeout(typeof timer === 'number' ? timer : undefined),
    page: document,
  };
}

/**
 * The one ticking clock of a screen, in hub time. It ticks on whole seconds, so that all figures change together; it rests while the page
 * is hidden and ticks at once when it is seen again. A machine with a wrong clock counts right, because `follow` moves it.
 */
export class Now {
  #environment: NowEnvironment;
  #instant = $state.raw(0);
  #offset = 0;
  #timer: unknown;
  #users = 0;

  constructor(environment: NowEnvironment = browserEnvironment()) {
    this.#environment = environment;
    this.#instant = this.exact();
  }

  /** Hub time at the last tick, in ms since 1970. Reading it in a component follows it. */
  get instant(): number {
    return this.#instant;
  }

  /** Hub time at this very moment, in ms since 1970; not followed. */
  exact(): number {
    return this.#environment.wall() + this.#offset;
  }

  /** Takes the hub's clock. @param offset hub time minus this machine's wall clock, in ms */
  follow(offset: number): void {
    if (offset === this.#offset) return;
    this.#offset = offset;
    this.#instant = this.exact();
    if (this.#users > 0) this.#schedule();
  }

  /** Starts ticking; several users share one timer. @returns stops this use; the last one ends the timer */
  start(): () => void {
    this.#users += 1;
    if (this.#users === 1) {
      this.#environment.page.addEventListener('visibilitychange', this.#seen);
      this.#tick();
    }
    let stopped = false;
    return () => {
      if (stopped) return;
      stopped = true;
      this.#users -= 1;
      if (this.#users > 0) return;
      this.#environment.clearTimeout(this.#timer);
      this.#environment.page.removeEventListener('visibilitychange', this.#seen);
    };
  }

  #seen = (): void => {
    if (this.#environment.page.hidden) this.#environment.clearTimeout(this.#timer);
    else this.#tick();
  };

  #tick = (): void => {
    this.#instant = this.exact();
    this.#schedule();
  };

  #schedule(): void {
    this.#environment.clearTimeout(this.#timer);
    if (this.#environment.page.hidden) return;
    // A timer may fire a hair early, and would then tick twice for one second: aim just past it.
    const toNext = 1000 - (((this.exact() % 1000) + 1000) % 1000) + 4;
    this.#timer = this.#environment.setTimeout(this.#tick, toNext);
  }
}

export const [useNow, provideNow] = createContext<Now>();
