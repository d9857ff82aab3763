import { count, list, timeOfDay } from '../../shared/ui/text/format.ts';
import type { View } from '../view.ts';
import { tile } from './contract.ts';
import FaceTile from './FaceTile.svelte';
import { tileText } from './words.ts';

/** As many hours as a small chart can show. */
const mostHours = 12;

/** Starts of the local day's hours up to now, oldest first. A day with a change of the clocks has 23 or 25 of them. */
export function hoursOfDay(now: number): readonly number[] {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const hours: number[] = [];
  for (let at = midnight; at <= now; at += 3_600_000) hours.push(at);
  return hours;
}

/**
 * Flags raised since local midnight, by hour (the last hours of the day so far), and how many are up.
 * `from`: the start of the first hour in `hours`.
 */
export function readFlagsToday(
  view: View,
  now: number,
): { readonly today: number; readonly up: number; readonly hours: readonly number[]; readonly from: number } {
  const starts = hoursOfDay(now);
  const midnight = starts[0] ?? now;
  const shown = starts.slice(-mostHours);
  const hours = shown.map(() => 0);
  const from = shown[0] ?? midnight;
  let today = 0;
  for (const { raisedAt } of view.recentFlags) {
    if (raisedAt < midnight) continue;
    today += 1;
    if (raisedAt < from) continue;
    // A flag of this very moment may bear a time a little ahead of this screen's.
    const at = Math.min(hours.length - 1, Math.floor((raisedAt - from) / 3_600_000));
    hours[at] = (hours[at] ?? 0) + 1;
  }
  return { today, up: view.flags.length, hours, from };
}

export const flagsToday = tile({
  id: 'flags-today',
  title: () => tileText('flags.title'),
  definition: () => tileText('flags.definition'),
  read: readFlagsToday,
  face: ({ today, up, hours, from }) => ({
    figure: count(today),
    clock: 'ok',
    chart: {
      kind: 'bars',
      values: hours,
      label: tileText('flags.say', { from: timeOfDay(from), list: list(hours.map(count)) }),
    },
    foot: tileText('flags.foot', { count: up }),
    wallFoot: tileText('flags.foot', { count: up }),
  }),
  component: FaceTile,
});
