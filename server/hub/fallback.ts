import type { Refusal } from '../../shared/contract/refusal.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import { type AutoFallback, autoFallbackRules } from '../../shared/contract/wire.ts';
import type { Log } from '../log.ts';

const { behindMs, wellMs, settleMs } = autoFallbackRules;

export interface FallbackOptions {
  /** The hub's clock, ms. */
  readonly clock: () => number;
  readonly log: Log;
  /** Told at each change, after it. */
  readonly changed?: (now: AutoFallback | null) => void;
}

type Why = AutoFallback['why'];

/** One reason for automatic fallback: it begins at the first bad sign, and ends after `settleMs` of good ones. */
class Standing {
  #since: number | null = null;
  #wellSince: number | null = null;

  get since(): number | null {
    return this.#since;
  }

  bad(now: number): void {
    this.#since ??= now;
    this.#wellSince = null;
  }

  /** Neither bad nor well: a state that stands goes on. */
  between(): void {
    this.#wellSince = null;
  }

  well(now: number): void {
    if (this.#since === null) return;
    this.#wellSince ??= now;
    if (now - this.#wellSince < settleMs) return;
    this.#since = null;
    this.#wellSince = null;
  }
}

/**
 * Whether flags would reach supervisors in time, as this hub can tell (S1.6). It knows two reasons why not: a hub hears the log
 * late, or the database takes no writes. It lives in memory: each hub finds it by itself, and a hub that starts knows nothing.
 */
export class FallbackWatch {
  readonly #options: FallbackOptions;
  readonly #behind = new Standing();
  readonly #readOnly = new Standing();
  #told: AutoFallback | null = null;

  constructor(options: FallbackOptions) {
    this.#options = options;
  }

  /** What stands now. A database that takes no writes is the stronger reason: it is what people can tell by themselves. */
  get now(): AutoFallback | null {
    return this.#told;
  }

  /** How late the latest hub hears the log, ms: once a second. */
  measured(worstMs: number): void {
    const now = this.#options.clock();
    if (worstMs > behindMs) this.#behind.bad(now);
    else if (worstMs < wellMs) this.#behind.well(now);
    else this.#behind.between();
    this.#tell({ worstMs });
  }

  /** The database refused a write because it takes none. */
  refused(): void {
    this.#readOnly.bad(this.#options.clock());
    this.#tell({});
  }

  /** The database took a write. */
  wrote(): void {
    if (this.#readOnly.since === null) return;
    this.#readOnly.well(this.#options.clock());
    this.#tell({});
  }

  #tell(detail: Readonly<Record<string, number>>): void {
    const { clock, log, changed } = this.#options;
    const stands: readonly [Why, number | null][] = [
      ['read_only', this.#readOnly.since],
      ['hub_behind', this.#behind.since],
    ];
    const before = this.#told;
    const [found] = stands.flatMap(([why, since]) => (since === null ? [] : [{ why, since }]));
    const after = found ?? null;
    if (before?.why === after?.why && before?.since === after?.since) return;
    this.#told = after;
    if (after === null)
      log.info({ why: before?.why, lastedMs: clock() - (before?.since ?? 0) }, 'automatic fallback mode ended');
    else log.warn({ why: after.why, ...detail }, 'automatic fallback mode: flags would not reach supervisors in time');
    changed?.(after);
  }
}

/** The refusal of automatic fallback mode (S1.6). */
export function autoFallback({ why, since }: AutoFallback): Refusal {
  return refusal(
    'fallback_mode',
    why === 'read_only'
      ? 'Flags cannot be raised: the database takes no changes at the moment.'
      : 'Flags cannot be raised: they would not reach supervisors in time at the moment.',
    'Ask a supervisor in person or by phone. It comes back by itself.',
    { why, since },
  );
}
