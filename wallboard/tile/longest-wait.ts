import { answerTargetMs } from '../../shared/live/minute.ts';
import { clockState } from '../../shared/ui/mark/clock.ts';
import { duration } from '../../shared/ui/text/format.ts';
import type { View } from '../view.ts';
import { tile } from './contract.ts';
import FaceTile from './FaceTile.svelte';
import { lineChart } from './line.ts';
import { longestWaits } from './series.ts';
import { tileText } from './words.ts';

/** How long the first in line has waited, in ms, now and over the last 20 minutes; null: nobody waits. */
export function readLongestWait(
  view: View,
  now: number,
): { readonly longest: number | null; readonly course: readonly number[] } {
  const since = view.conversations.flatMap((one) => (one.queuedAt === null ? [] : [one.queuedAt]));
  const course = longestWaits(since, view.minutes, now);
  return { longest: since.length === 0 ? null : (course.at(-1) ?? 0), course };
}

export const longestWait = tile({
  id: 'longest-wait',
  title: () => tileText('longest.title'),
  definition: () => tileText('longest.definition', { target: duration(answerTargetMs) }),
  read: readLongestWait,
  face: ({ longest, course }) => {
    const foot = tileText('longest.foot', { target: duration(answerTargetMs) });
    return {
      figure: duration(longest ?? 0),
      clock: longest === null ? 'ok' : clockState(longest, answerTargetMs),
      chart: lineChart(tileText('longest.title'), course, duration, answerTargetMs),
      foot: longest === null ? tileText('longest.none') : foot,
      wallFoot: longest === null ? tileText('longest.none') : foot,
      targetInFoot: longest !== null,
    };
  },
  component: FaceTile,
});
