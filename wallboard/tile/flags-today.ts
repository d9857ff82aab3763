import { perHour } from '../../shared/live/help-report.ts';
import { count, decimal, list, timeOfDay } from '../../shared/ui/text/format.ts';
import { countToday, readLastDay, screenZone } from '../report/reading.ts';
import type { View } from '../view.ts';
import { tile } from './contract.ts';
import FaceTile from './FaceTile.svelte';
import { tileText } from './words.ts';

/**
 * Flags raised since local midnight, how many are up, and the course of the last 24 hours: `hours`, oldest first and the last one
 * running, and `from`, the start of the first. `rate`: flags an hour over them.
 */
export function readFlagsToday(
  view: View,
  now: number,
  zone = screenZone(),
): {
  readonly today: number;
  readonly up: number;
  readonly hours: readonly number[];
  readonly from: number;
  readonly rate: number;
} {
  const report = readLastDay(view.recentFlags, now, zone);
  return {
    today: countToday(view.recentFlags, now, zone),
    up: view.flags.length,
    hours: report.spans.map(({ flags }) => flags),
    from: report.from,
    rate: perHour(report, now) ?? 0,
  };
}

export const flagsToday = tile({
  id: 'flags-today',
  opens: 'report',
  title: () => tileText('flags.title'),
  definition: () => tileText('flags.definition'),
  read: readFlagsToday,
  face: ({ today, up, hours, from, rate }) => ({
    figure: count(today),
    clock: 'ok',
    chart: {
      kind: 'bars',
      values: hours,
      label: tileText('flags.say', { from: timeOfDay(from), list: list(hours.map(count)) }),
    },
    foot: `${tileText('flags.foot', { count: up })}, ${tileText('flags.rate', { rate: decimal(rate) })}`,
    wallFoot: tileText('flags.foot', { count: up }),
  }),
  component: FaceTile,
});
