import { answerTargetMs } from '../../shared/live/minute.ts';
import { count } from '../../shared/ui/text/format.ts';
import type { View } from '../view.ts';
import { tile } from './contract.ts';
import FaceTile from './FaceTile.svelte';
import { lineChart } from './line.ts';
import { gauge } from './series.ts';
import { tileText } from './words.ts';

/** Conversations without an owner, their course, and the age of the oldest in ms (null: there is none). */
export function readUnassigned(
  view: View,
  now: number,
): { readonly unassigned: number; readonly oldest: number | null; readonly course: readonly number[] } {
  const free = view.conversations.filter((one) => one.assigneeId === null);
  const since = free.map((one) => one.queuedAt ?? one.startedAt);
  return {
    unassigned: free.length,
    oldest: since.length === 0 ? null : Math.max(0, now - Math.min(...since)),
    course: gauge(free.length, view.minutes, now, (minute) => minute.queued - minute.dequeued),
  };
}

export const unassigned = tile({
  id: 'unassigned',
  title: () => tileText('unassigned.title'),
  definition: () => tileText('unassigned.definition'),
  read: readUnassigned,
  face: ({ unassigned, oldest, course }) => ({
    figure: count(unassigned),
    clock: 'ok',
    chart: lineChart(tileText('unassigned.title'), course, count),
    foot: oldest === null ? tileText('unassigned.foot') : tileText('unassigned.oldest'),
    wallFoot: oldest === null ? tileText('unassigned.wall') : tileText('unassigned.oldest'),
    ...(oldest === null ? {} : { oldest: { ms: oldest, target: answerTargetMs } }),
  }),
  component: FaceTile,
});
