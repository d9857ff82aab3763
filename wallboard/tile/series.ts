import type { Minute } from '../../shared/contract/snapshot.ts';
import { minuteMs, startOfMinute } from '../../shared/live/minute.ts';

/** How far back the small charts look. */
export const chartMinutes = 20;

const sumBy = (minutes: readonly Minute[], of: (minute: Minute) => number): Map<number, number> => {
  const sums = new Map<number, number>();
  for (const minute of minutes) sums.set(minute.at, (sums.get(minute.at) ?? 0) + of(minute));
  return sums;
};

/**
 * The course of a count over the last minutes: what it is now, less what came after.
 * @param current the count now
 * @param change what one minute added to it (arrivals less departures)
 * @returns `chartMinutes` + 1 values: at the start of each of the last `chartMinutes` minutes, oldest first, then now
 */
export function gauge(
  current: number,
  minutes: readonly Minute[],
  now: number,
  change: (minute: Minute) => number,
): number[] {
  const changes = sumBy(minutes, change);
  const values = [current];
  let value = current;
  let at = startOfMinute(now);
  for (let back = 0; back < chartMinutes; back += 1) {
    value -= changes.get(at) ?? 0;
    // A conversation from before the first minute that is kept may have moved unseen: a count is never below nothing.
    values.push(Math.max(0, value));
    at -= minuteMs;
  }
  return values.reverse();
}

/**
 * The longest wait at the start of each of the last minutes, and now. A wait that ended in some minute with length L was
 * L - 60 s a minute earlier; one that still runs is known exactly. Right to within the minute in which a wait ended.
 * @param waitingSince instants since when customers wait now
 * @returns `chartMinutes` + 1 values in ms, oldest first
 */
export function longestWaits(waitingSince: readonly number[], minutes: readonly Minute[], now: number): number[] {
  const oldest = waitingSince.length === 0 ? undefined : Math.min(...waitingSince);
  const ended = new Map<number, number>();
  for (const minute of minutes) ended.set(minute.at, Math.max(ended.get(minute.at) ?? 0, minute.longestWait));
  const values = [oldest === undefined ? 0 : Math.max(0, now - oldest)];
  let fromLater = 0;
  let at = startOfMinute(now);
  for (let back = 0; back < chartMinutes; back += 1) {
    // Of a wait that ended in this minute, what it had reached at the minute's start.
    fromLater = Math.max(0, fromLater - minuteMs, (ended.get(at) ?? 0) - minuteMs / 2);
    values.push(Math.max(fromLater, oldest === undefined ? 0 : at - oldest, 0));
    at -= minuteMs;
  }
  return values.reverse();
}

/**
 * The share of first answers that came in time, counted from the start of the hour that is kept up to each point.
 * @returns `chartMinutes` values between 0 and 1, oldest first, the last being the share of the whole hour; a point before
 *   the first answer has the value of the first; empty where nothing was answered
 */
export function runningShare(minutes: readonly Minute[], now: number): number[] {
  const answered = sumBy(minutes, (minute) => minute.answered);
  const inTime = sumBy(minutes, (minute) => minute.answeredInTime);
  const last = startOfMinute(now);
  const values: number[] = [];
  let all = 0;
  let good = 0;
  for (let back = 59; back >= 0; back -= 1) {
    const at = last - back * minuteMs;
    all += answered.get(at) ?? 0;
    good += inTime.get(at) ?? 0;
    if (back < chartMinutes) values.push(all === 0 ? Number.NaN : good / all);
  }
  if (all === 0) return [];
  const first = values.find((value) => !Number.isNaN(value)) ?? 0;
  return values.map((value) => (Number.isNaN(value) ? first : value));
}
