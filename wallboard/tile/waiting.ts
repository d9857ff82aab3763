import { count } from '../../shared/ui/text/format.ts';
import type { View } from '../view.ts';
import { tile } from './contract.ts';
import FaceTile from './FaceTile.svelte';
import { lineChart } from './line.ts';
import { gauge } from './series.ts';
import { tileText } from './words.ts';

/** Customers in a queue, now and over the last 20 minutes. */
export function readWaiting(view: View, now: number): { readonly waiting: number; readonly course: readonly number[] } {
  const waiting = view.conversations.filter((one) => one.queuedAt !== null).length;
  return { waiting, course: gauge(waiting, view.minutes, now, (minute) => minute.queued - minute.dequeued) };
}

export const waiting = tile({
  id: 'waiting',
  title: () => tileText('waiting.title'),
  definition: () => tileText('waiting.definition'),
  read: readWaiting,
  face: ({ waiting, course }) => ({
    figure: count(waiting),
    clock: 'ok',
    chart: lineChart(tileText('waiting.title'), course, count),
    foot: tileText('waiting.foot'),
    wallFoot: tileText('waiting.wall'),
  }),
  component: FaceTile,
});
