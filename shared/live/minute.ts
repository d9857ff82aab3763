import type { Conversation } from '../contract/conversation.ts';
import type { Event } from '../contract/event.ts';
import type { TeamId } from '../contract/id.ts';
import type { Minute } from '../contract/snapshot.ts';

/** The service level's target: a first answer within 60 s of the customer's first line. */
export const answerTargetMs = 60_000;
export const minuteMs = 60_000;

export const startOfMinute = (at: number): number => at - (at % minuteMs);

/** What one event adds to a team's minute. */
export interface MinuteChange {
  readonly teamId: TeamId;
  readonly add: Partial<Omit<Minute, 'teamId' | 'at'>>;
}

/**
 * Tells which counters an event moves. A wait ends when a queued conversation is assigned or closed.
 * @param before the conversation as it was before the event, or undefined for one that starts
 */
export function minuteChanges(before: Conversation | undefined, event: Event): MinuteChange[] {
  switch (event.type) {
    case 'conversation:started':
      return [
        {
          teamId: event.conversation.teamId,
          add: { started: 1, queued: event.conversation.queuedAt === null ? 0 : 1 },
        },
      ];
    case 'conversation:queued': {
      const entered: MinuteChange = { teamId: event.conversation.teamId, add: { queued: 1 } };
      // Moved while waiting: it leaves one queue and enters another.
      return before?.queuedAt != null ? [{ teamId: before.teamId, add: { dequeued: 1 } }, entered] : [entered];
    }
    case 'conversation:assigned':
      return before?.queuedAt != null
        ? [{ teamId: before.teamId, add: { dequeued: 1, longestWait: event.at - before.queuedAt } }]
        : [];
    case 'conversation:closed':
      if (before === undefined) return [];
      return [
        {
          teamId: before.teamId,
          add:
            before.queuedAt === null
              ? { closed: 1 }
              : { closed: 1, dequeued: 1, longestWait: event.at - before.queuedAt },
        },
      ];
    case 'message:sent':
      if (before === undefined || before.answeredAt !== null || event.author === 'customer') return [];
      return [
        {
          teamId: before.teamId,
          add: { answered: 1, answeredInTime: event.at - before.startedAt <= answerTargetMs ? 1 : 0 },
        },
      ];
    default:
      return [];
  }
}

export function emptyMinute(teamId: TeamId, at: number): Minute {
  return { teamId, at, started: 0, closed: 0, queued: 0, dequeued: 0, answered: 0, answeredInTime: 0, longestWait: 0 };
}

export function addToMinute(minute: Minute, add: MinuteChange['add']): Minute {
  return {
    ...minute,
    started: minute.started + (add.started ?? 0),
    closed: minute.closed + (add.closed ?? 0),
    queued: minute.queued + (add.queued ?? 0),
    dequeued: minute.dequeued + (add.dequeued ?? 0),
    answered: minute.answered + (add.answered ?? 0),
    answeredInTime: minute.answeredInTime + (add.answeredInTime ?? 0),
    longestWait: Math.max(minute.longestWait, add.longestWait ?? 0),
  };
}
