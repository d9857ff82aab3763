interface Waiting {
  readonly run: () => void;
  readonly at: number;
}

/** A clock that stands still until a test moves it; its timers fire in order while it passes them. */
export class HandClock {
  #now: number;
  #waiting = new Map<number, Waiting>();
  #next = 1;

  /** @param now first instant, ms since 1970 */
  constructor(now = 0) {
    this.#now = now;
  }

  readonly now = (): number => this.#now;

  readonly setTimeout = (run: () => void, ms: number): number => {
    const id = this.#next;
    this.#next += 1;
    this.#waiting.set(id, { run, at: this.#now + ms });
    return id;
  };

  readonly clearTimeout = (timer: unknown): void => {
    if (typeof timer === 'number') this.#waiting.delete(timer);
  };

  /** Timers that have not fired yet. */
  get pending(): number {
    return this.#waiting.size;
  }

  /** Lets time pass. @param ms how much */
  pass(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#waiting].filter(([, one]) => one.at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      this.#waiting.delete(due[0]);
      this.#now = Math.max(this.#now, due[1].at);
      due[1].run();
    }
    this.#now = end;
  }
}
