const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** After the first attempt, the second, and so on: about three days in all, and then it has failed. */
export const delays = [
  5 * second,
  30 * second,
  2 * minute,
  10 * minute,
  30 * minute,
  hour,
  3 * hour,
  6 * hour,
  12 * hour,
  12 * hour,
  12 * hour,
  12 * hour,
  12 * hour,
] as const;

/** No target may put us off for longer than this. */
const longestWait = 24 * hour;

/**
 * When to try again, or null: no more.
 * @param attempts how often it was tried so far
 * @param random from 0 up to, and without, 1: a crowd that failed together does not come back together
 * @param retryAfterMs what the target asked for
 */
export function nextAttempt(now: number, attempts: number, random: number, retryAfterMs: number | null): number | null {
  const delay = delays[attempts - 1];
  if (delay === undefined) return null;
  const own = delay * (0.8 + 0.4 * random);
  return Math.round(now + Math.max(own, Math.min(retryAfterMs ?? 0, longestWait)));
}

/** A Retry-After header (RFC 9110, 10.2.3): seconds or a date; null for anything else. */
export function readRetryAfter(value: string | undefined, now: number): number | null {
  if (value === undefined) return null;
  if (/^\d{1,9}$/.test(value)) return Number(value) * second;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
