import type { Live } from '../../live/apply.ts';
import type { NoFlags } from '../../live/fallback.ts';
import { personName } from '../conversation/people.ts';
import { catalogue } from '../text/catalogue.ts';
import { dayAndTime, timeOfDay } from '../text/format.ts';

export const fallbackText = catalogue({
  'off.since': 'Flags are off since {time}.',
  off: 'Flags are off',
  'off.why': 'Flags are off: {why}',
  'why.hub_behind': 'They would not reach supervisors in time.',
  'why.read_only': 'The database takes no changes.',
  'off.strip': 'Flags are off: yours can be lowered, not changed',
  ask: 'Ask in person.',
  by: 'Switched on by {name}.',
  itself: 'It ends by itself.',
  'up.agent': 'A flag that is up stays, and can be lowered.',
  'up.agent.read_only': 'What you see stays readable. What you send is not taken.',
  'up.supervisor': 'Flags that are up stay readable: take them, talk about them, lower them.',
  'up.supervisor.read_only': 'Flags that are up stay readable. What you press may not be taken.',
});

/** The time of the day, with its date where that was another one. */
export function sinceWords(since: number, now: number): string {
  return new Date(since).toDateString() === new Date(now).toDateString() ? timeOfDay(since) : dayAndTime(since);
}

/** A sentence as it was typed, with its point. */
const closed = (note: string): string => (/[.!?…。]$/.test(note) ? note : `${note}.`);

/** Why there are no flags, in one sentence: the note of whoever switched it, or what the hub finds. */
export const whyWords = (standing: NoFlags): string =>
  standing.why === 'switched' ? closed(standing.note) : fallbackText(`why.${standing.why}`);

/**
 * The banner's words after "since": why, what to do instead, what still works, and who switched it on or that it ends by itself.
 * @param who whose screen it is on
 */
export function bannerWords(standing: NoFlags, live: Pick<Live, 'people'> | null, who: 'agent' | 'supervisor'): string {
  const switched = standing.why === 'switched';
  return [
    whyWords(standing),
    who === 'agent' ? fallbackText('ask') : '',
    fallbackText(standing.why === 'read_only' ? `up.${who}.read_only` : `up.${who}`),
    switched
      ? live === null
        ? ''
        : fallbackText('by', { name: personName(live, standing.by) })
      : fallbackText('itself'),
  ]
    .filter((part) => part !== '')
    .join(' ');
}
