import { count } from '../../shared/ui/text/format.ts';
import type { View } from '../view.ts';
import { tile } from './contract.ts';
import FaceTile from './FaceTile.svelte';
import { lineChart } from './line.ts';
import { gauge } from './series.ts';
import { tileText } from './words.ts';

/** Conversations that are not closed, now and over the last 20 minutes. */
export function readOpen(view: View, now: number): { readonly open: number; readonly course: readonly number[] } {
  const open = view.conversations.length;
  return { open, course: gauge(open, view.minutes, now, (minute) => minute.started - minute.closed) };
}

export const open = tile({
  id: 'open',
  // The eight places of a fresh board go to what somebody can act upon.
  spare: true,
  title: () => tileText('open.title'),
  definition: () => tileText('open.definition'),
  read: readOpen,
  face: ({ open, course }) => ({
    figure: count(open),
    clock: 'ok',
    chart: lineChart(tileText('open.title'), course, count),
    foot: tileText('open.foot'),
    wallFoot: tileText('open.wall'),
  }),
  component: FaceTile,
});
