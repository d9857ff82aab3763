/** Times of one round, ms, in the order in which they were taken. */
export type Times = readonly number[];

export interface Summary {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** The value below which `share` of the times lie (nearest rank). NaN where nothing was measured. */
export function percentile(times: Times, share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export function summary(times: Times): Summary {
  return {
    count: times.length,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    p999: percentile(times, 0.999),
    max: percentile(times, 1),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[sorted.length / 2 - 1] ?? Number.NaN)) / 2;
}

/** How often something came that should have come once, and whether it came in order. Any of them fails a row (rule 4). */
export interface Exactness {
  readonly sent: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
}

export const exact = (sent: number): Exactness => ({ sent, lost: 0, duplicated: 0, reordered: 0 });

export function addExactness(all: readonly Exactness[]): Exactness {
  const sum = (key: keyof Exactness): number => all.reduce((total, one) => total + one[key], 0);
  return { sent: sum('sent'), lost: sum('lost'), duplicated: sum('duplicated'), reordered: sum('reordered') };
}

export const isExact = (one: Exactness): boolean => one.lost + one.duplicated + one.reordered === 0;

/** Holds what came against what was sent: by id, and by log position where there is one. */
export class Ledger {
  readonly #came = new Map<string, number>();
  #last = 0;
  #reordered = 0;

  /** @param position place in the log, or 0 where order is not watched */
  came(id: string, position: number): void {
    this.#came.set(id, (this.#came.get(id) ?? 0) + 1);
    if (position === 0) return;
    if (position <= this.#last) this.#reordered += 1;
    this.#last = Math.max(this.#last, position);
  }

  has(id: string): boolean {
    return this.#came.has(id);
  }

  exactness(sent: readonly string[]): Exactness {
    return {
      sent: sent.length,
      lost: sent.filter((id) => !this.#came.has(id)).length,
      duplicated: [...this.#came.values()].filter((count) => count > 1).length,
      reordered: this.#reordered,
    };
  }
}

/**
 * Several workers, each waiting for its own answer before it asks again, for `ms`: the concurrency is what is held fixed, so
 * nothing is left out of the count.
 * @param ask does one thing for a worker; false ends that worker
 */
export async function closedLoop(
  workers: number,
  ms: number,
  ask: (worker: number) => Promise<boolean>,
): Promise<{ readonly times: Times; readonly perSecond: number }> {
  const times: number[] = [];
  const start = performance.now();
  const work = async (worker: number): Promise<void> => {
    while (performance.now() - start < ms) {
      const asked = performance.now();
      if (!(await ask(worker))) return;
      times.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
  return { times, perSecond: (times.length / (performance.now() - start)) * 1000 };
}

/**
 * Sends on a schedule, whatever becomes of what was sent before, and counts from the intended instant (rule 2).
 * @param perSecond sends each second
 * @param send gets the intended instant, on `performance.now()`'s clock
 */
export async function openLoop(
  perSecond: number,
  ms: number,
  send: (intended: number, at: number) => void,
): Promise<void> {
  const start = performance.now() + 1;
  const total = Math.floor((ms / 1000) * perSecond);
  for (let at = 0; at < total; ) {
    const due = start + (at * 1000) / perSecond;
    const wait = due - performance.now();
    if (wait > 0) await pause(wait);
    else {
      send(due, at);
      at += 1;
    }
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resume) => setTimeout(resume, ms));

/** Waits until `check` holds. @throws after `limitMs` of real time */
export async function until(what: string, check: () => boolean, limitMs = 20_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!check()) {
    if (performance.now() > deadline) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await pause(5);
  }
}
