/**
 * Follows a value that changes many times a second, and passes it on at most once in `everyMs`: the first at once, the last always.
 * A floor of 5,000 agents changes a thousand times a second; figures that people read need not be counted that often.
 */
export class Calm<T> {
  readonly #read: () => T;
  readonly #everyMs: number;
  #value = $state.raw<T | undefined>(undefined);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #passedAt = Number.NEGATIVE_INFINITY;

  constructor(read: () => T, everyMs: number) {
    this.#read = read;
    this.#everyMs = everyMs;
  }

  /** Undefined until `start`. */
  get value(): T | undefined {
    return this.#value;
  }

  /** Starts following. @returns stops, with its timer */
  start(): () => void {
    const stop = $effect.root(() => {
      // A rate limit is about time, which nothing can be derived from: hence an effect.
      $effect(() => {
        this.#read();
        if (this.#timer !== undefined) return;
        const wait = Math.max(0, this.#everyMs - (performance.now() - this.#passedAt));
        if (wait === 0) this.#pass();
        else this.#timer = setTimeout(() => this.#pass(), wait);
      });
    });
    return () => {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      stop();
    };
  }

  #pass(): void {
    this.#timer = undefined;
    this.#passedAt = performance.now();
    this.#value = this.#read();
  }
}
