import type { View } from '../view.ts';
import { tile } from './contract.ts';
import FaceTile from './FaceTile.svelte';
import { readTimes, type TimesReading, timesFace } from './time-to.ts';
import { tileText } from './words.ts';

/** From raising to the first claim, over the flags of the last 24 hours. */
export function readTimeToClaim(view: View, now: number): TimesReading | null {
  return readTimes(view, now, 'claimedAt');
}

export const timeToClaim = tile({
  id: 'time-to-claim',
  opens: 'report',
  title: () => tileText('claim.title'),
  definition: () => tileText('claim.definition'),
  read: readTimeToClaim,
  face: (reading) => timesFace(reading, 'claim'),
  component: FaceTile,
});
