/** How often "still typing" is said while somebody types, ms. The mark lapses on the other side after 5 s. */
const againMs = 2500;
/** Silence after which it is taken back, ms. */
const quietMs = 4000;

export interface TypingClock {
  now(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

const browserClock: TypingClock = {
  now: () => performance.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(typeof timer === 'number' ? timer : undefined),
};

/** Says that its person types: at the first key, again every 2.5 s, and takes it back when sent, emptied or silent. */
export class TypingSignal {
  readonly #say: (on: boolean) => void;
  readonly #clock: TypingClock;
  #saidAt: number | null = null;
  #timer: unknown;

  constructor(say: (on: boolean) => void, clock: TypingClock = browserClock) {
    this.#say = say;
    this.#clock = clock;
  }

  /** Call at every change of the text. */
  typed(value: string): void {
    if (value === '') {
      this.stop();
      return;
    }
    const now = this.#clock.now();
    if (this.#saidAt === null || now - this.#saidAt >= againMs) {
      this.#saidAt = now;
      this.#say(true);
    }
    this.#clock.clearTimeout(this.#timer);
    this.#timer = this.#clock.setTimeout(() => this.stop(), quietMs);
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer);
    if (this.#saidAt === null) return;
    this.#saidAt = null;
    this.#say(false);
  }
}
