import type { Rate } from './room.ts';

/**
 * A token bucket per key, asked without awaiting: the gate must stay synchronous up to the line, or one sender's commands
 * could overtake each other.
 */
export class Buckets {
  readonly #full = new Map<string, { left: number; at: number }>();
  readonly #clock: () => number;

  /** @param clock ms, monotonic */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /** Takes one token. Answers 0 when there was one, else in how many ms there will be. */
  take(key: string, rate: Rate): number {
    const now = this.#clock();
    const perMs = rate.points / (rate.seconds * 1000);
    const bucket = this.#full.get(key) ?? { left: rate.points, at: now };
    const left = Math.min(rate.points, bucket.left + (now - bucket.at) * perMs);
    if (left < 1) {
      this.#full.set(key, { left, at: now });
      return Math.ceil((1 - left) / perMs);
    }
    this.#full.set(key, { left: left - 1, at: now });
    return 0;
  }

  /** Forgets keys nobody used for a while, so that a hub that runs for months does not grow. */
  sweep(idleMs = 600_000): void {
    const before = this.#clock() - idleMs;
    for (const [key, bucket] of this.#full) if (bucket.at < before) this.#full.delete(key);
  }
}
