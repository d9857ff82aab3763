import type { Event } from '../../shared/contract/event.ts';
import type { Sent } from './log.ts';
import type { Room } from './room.ts';

/** Rooms that see a place from this event on, and before it only where they saw it anyway. */
function opened(event: Event): readonly Room[] {
  return event.type === 'flag:escalated' && event.before === 'own' ? ['right:supervision.own'] : [];
}

/**
 * Whether somebody in these rooms sees more from this event on than before: conversation, session and flag as they stand, which
 * the event alone does not carry. Their screen takes a snapshot; whoever saw them before takes the event.
 */
export function gainsSight({ event, audience }: Pick<Sent, 'event' | 'audience'>, mine: ReadonlySet<string>): boolean {
  const rooms = opened(event);
  return rooms.some((room) => mine.has(room)) && !audience.some((room) => mine.has(room) && !rooms.includes(room));
}

export const opensSight = (event: Event): boolean => opened(event).length > 0;
