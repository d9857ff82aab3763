import { reportMostMs } from '../../shared/contract/report.ts';
import { dayStart, hourMs, hourStart, nextDay } from '../../shared/live/zone.ts';

export const ranges = ['today', 'day', 'week', 'days'] as const;
export type Range = (typeof ranges)[number];

/** What is chosen: a range, and of `days` the first and the last day as `2026-11-20`. */
export interface Choice {
  readonly range: Range;
  readonly first: string;
  readonly last: string;
}

export type Window = { readonly from: number; readonly to: number };
export type WindowFault = 'days.missing' | 'days.order' | 'days.most';

const daySpelling = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Start of a day in the zone; null: the text is no day. */
function startOfDay(day: string, zone: string): number | null {
  const [, year, month, date] = daySpelling.exec(day) ?? [];
  if (year === undefined) return null;
  // Noon by UTC lies on that day, or near enough for the zone's own midnight to be found from it.
  const noon = Date.UTC(Number(year), Number(month) - 1, Number(date), 12);
  if (Number.isNaN(noon)) return null;
  for (const near of [noon, noon - 12 * hourMs, noon + 12 * hourMs]) {
    const start = dayStart(zone, near);
    if (dayOf(start, zone) === day) return start;
  }
  return null;
}

/** The day of an instant in the zone, as a date field writes it. */
export function dayOf(at: number, zone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    at,
  );
}

/** The window of a choice, or what is wrong with it. @param now any instant of the running hour, ms */
export function windowOf({ range, first, last }: Choice, now: number, zone: string): Window | WindowFault {
  const end = hourStart(zone, now) + hourMs;
  if (range === 'today') return { from: dayStart(zone, now), to: end };
  if (range === 'day') return { from: end - 24 * hourMs, to: end };
  if (range === 'week') {
    let from = dayStart(zone, now);
    for (let back = 0; back < 6; back += 1) from = dayStart(zone, from - 1);
    return { from, to: end };
  }
  const from = startOfDay(first, zone);
  const lastStart = startOfDay(last, zone);
  if (from === null || lastStart === null) return 'days.missing';
  if (lastStart < from) return 'days.order';
  const to = nextDay(zone, lastStart);
  return to - from > reportMostMs ? 'days.most' : { from, to };
}
