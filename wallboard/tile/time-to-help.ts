import type { View } from '../view.ts';
import { tile } from './contract.ts';
import FaceTile from './FaceTile.svelte';
import { readTimes, type TimesReading, timesFace } from './time-to.ts';
import { tileText } from './words.ts';

/** From raising to a supervisor’s first answer, over the flags of the last 24 hours. */
export function readTimeToHelp(view: View, now: number): TimesReading | null {
  return readTimes(view, now, 'answeredAt');
}

export const timeToHelp = tile({
  id: 'time-to-help',
  opens: 'report',
  title: () => tileText('help.title'),
  definition: () => tileText('help.definition'),
  read: readTimeToHelp,
  face: (reading) => timesFace(reading, 'help'),
  component: FaceTile,
});
