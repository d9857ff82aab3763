import { answerTargetMs } from '../../shared/live/minute.ts';
import { percent } from '../../shared/ui/text/format.ts';
import type { View } from '../view.ts';
import { tile } from './contract.ts';
import FaceTile from './FaceTile.svelte';
import { lineChart } from './line.ts';
import { runningShare } from './series.ts';
import { tileText } from './words.ts';

/** The share of first answers in time that is aimed for. */
export const levelTarget = 0.8;

/** Share of first answers in time over the last hour, 0 to 1; null where there was none. */
export function readServiceLevel(
  view: View,
  now: number,
): { readonly share: number | null; readonly course: readonly number[] } {
  const course = runningShare(view.minutes, now);
  return { share: course.at(-1) ?? null, course };
}

const words = () => ({ within: answerTargetMs / 1000, target: percent(levelTarget) });

export const serviceLevel = tile({
  id: 'service-level',
  title: () => tileText('level.title'),
  definition: () => tileText('level.definition', words()),
  read: readServiceLevel,
  face: ({ share, course }) => {
    if (share === null)
      return {
        figure: null,
        empty: tileText('level.none'),
        clock: 'ok',
        chart: null,
        foot: tileText('level.none'),
        wallFoot: tileText('level.none.wall'),
      };
    return {
      figure: percent(share),
      unit: '%',
      clock: share < levelTarget ? 'warn' : 'ok',
      chart: lineChart(tileText('level.title'), course, (value) => `${percent(value)} %`, levelTarget),
      foot: tileText('level.foot', words()),
      wallFoot: tileText('level.wall', { target: percent(levelTarget) }),
    };
  },
  component: FaceTile,
});
