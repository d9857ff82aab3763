import { recentFlagsMs } from '../../shared/live/apply.ts';
import { duration } from '../../shared/ui/text/format.ts';
import type { View } from '../view.ts';
import { tile } from './contract.ts';
import FaceTile from './FaceTile.svelte';
import { median, percentile } from './series.ts';
import { tileText } from './words.ts';

/** From raising to a supervisor's first answer, over the flags of 24 hours that were answered; all in ms, ascending. */
export function readTimeToHelp(
  view: View,
  now: number,
): { readonly times: readonly number[]; readonly median: number; readonly high: number } | null {
  const times = view.recentFlags
    .filter((flag) => flag.answeredAt !== null && flag.raisedAt > now - recentFlagsMs)
    .map((flag) => Math.max(0, (flag.answeredAt ?? 0) - flag.raisedAt))
    .sort((a, b) => a - b);
  if (times.length === 0) return null;
  return { times, median: median(times), high: percentile(times, 0.9) };
}

export const timeToHelp = tile({
  id: 'time-to-help',
  title: () => tileText('help.title'),
  definition: () => tileText('help.definition'),
  read: readTimeToHelp,
  face: (reading) => {
    if (reading === null)
      return {
        figure: null,
        empty: tileText('help.none'),
        clock: 'ok',
        chart: null,
        foot: tileText('help.none'),
        wallFoot: tileText('help.none.wall'),
      };
    const { times, median: middle, high } = reading;
    return {
      figure: duration(middle),
      clock: 'ok',
      chart: {
        kind: 'dots',
        // The newest would do as well; a few hundred dots are all that this space can tell apart.
        values: times.length > 200 ? times.filter((_, at) => at % Math.ceil(times.length / 200) === 0) : times,
        median: middle,
        label: tileText('help.say', {
          count: times.length,
          middle: duration(middle),
          high: duration(high),
          slowest: duration(times.at(-1) ?? 0),
        }),
      },
      foot: tileText('help.foot', { high: duration(high) }),
      wallFoot: tileText('help.wall', { count: times.length }),
    };
  },
  component: FaceTile,
});
