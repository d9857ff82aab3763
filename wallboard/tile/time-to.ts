import type { Times } from '../../shared/contract/report.ts';
import type { RecentFlag } from '../../shared/contract/snapshot.ts';
import { duration } from '../../shared/ui/text/format.ts';
import { readLastDay, screenZone } from '../report/reading.ts';
import type { View } from '../view.ts';
import type { Face } from './contract.ts';
import { tileText } from './words.ts';

export interface TimesReading {
  /** Every length, ms, ascending. */
  readonly times: readonly number[];
  readonly median: number;
  readonly high: number;
}

/**
 * From raising to a step of the flag's life, over the flags of the last 24 hours that came so far.
 * @returns null where none did
 */
export function readTimes(
  view: View,
  now: number,
  step: 'claimedAt' | 'answeredAt',
  zone = screenZone(),
): TimesReading | null {
  const report = readLastDay(view.recentFlags, now, zone);
  const { median, p90 }: Times = step === 'claimedAt' ? report.all.claim : report.all.help;
  if (median === null || p90 === null) return null;
  const lengthOf = (flag: RecentFlag): number[] => {
    const at = flag[step];
    return at === null || flag.raisedAt < report.from || flag.raisedAt >= report.to
      ? []
      : [Math.max(0, at - flag.raisedAt)];
  };
  return { times: view.recentFlags.flatMap(lengthOf).sort((a, b) => a - b), median, high: p90 };
}

const hour = 3_600_000;

/** A length as a tile has room for it: from an hour on without its seconds, and with the unit that says so. */
function brief(ms: number): { readonly figure: string; readonly unit: string | null } {
  if (ms < hour) return { figure: duration(ms), unit: null };
  // Minutes and hours in the places of seconds and minutes.
  return { figure: duration(Math.round(ms / 60_000) * 1000), unit: tileText('times.hours') };
}

const said = ({ figure, unit }: ReturnType<typeof brief>): string => (unit === null ? figure : `${figure} ${unit}`);

/** As many dots as the space of a tile can tell apart. */
const mostDots = 200;

/** The two tiles of times differ in their words alone. */
export function timesFace(reading: TimesReading | null, kind: 'claim' | 'help'): Face {
  if (reading === null)
    return {
      figure: null,
      empty: tileText(`${kind}.none`),
      clock: 'ok',
      chart: null,
      foot: tileText(`${kind}.none`),
      wallFoot: tileText('times.none.wall'),
    };
  const { times, median, high } = reading;
  const { figure, unit } = brief(median);
  return {
    figure,
    ...(unit === null ? {} : { unit }),
    clock: 'ok',
    chart: {
      kind: 'dots',
      values: times.length > mostDots ? times.filter((_, at) => at % Math.ceil(times.length / mostDots) === 0) : times,
      median,
      label: tileText(`${kind}.say`, {
        count: times.length,
        middle: duration(median),
        high: duration(high),
        slowest: duration(times.at(-1) ?? 0),
      }),
    },
    foot: tileText('times.foot', { high: said(brief(high)) }),
    wallFoot: tileText('times.foot.wall', { high: said(brief(high)) }),
  };
}
