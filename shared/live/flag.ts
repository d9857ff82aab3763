import type { Event } from '../contract/event.ts';
import type { Flag, FlagState } from '../contract/flag.ts';
import { withOne, without } from './rows.ts';

/** The state that a person reads off a flag: heat falls from raised to joined. */
export function flagState(flag: Flag): FlagState {
  if (flag.lowered !== null) return 'lowered';
  if (flag.joinedBy.length > 0) return 'joined';
  if (flag.claim !== null) return 'claimed';
  return flag.seenBy.length > 0 ? 'seen' : 'raised';
}

/** The flag an event is about, or undefined. */
export function flagOf(event: Event): Flag['id'] | undefined {
  if (event.type === 'flag:raised') return event.flag.id;
  return 'flagId' in event ? event.flagId : undefined;
}

/**
 * Moves one flag by one event. Pure; the hub and the screens share it.
 * @param flag the flag before, or undefined when it is not known
 * @returns the flag after; the same object when the event does not concern it
 */
export function evolveFlag(flag: Flag | undefined, event: Event): Flag | undefined {
  if (event.type === 'flag:raised') return { ...event.flag, message: event.text };
  if (flag === undefined || flagOf(event) !== flag.id) return flag;
  switch (event.type) {
    case 'flag:amended':
      return { ...flag, message: event.text, reasonId: event.reasonId, targetAt: event.targetAt, amendedAt: event.at };
    case 'flag:delivered':
      return { ...flag, deliveredAt: flag.deliveredAt ?? event.at };
    case 'flag:seen':
      return {
        ...flag,
        seenBy: withOne(
          flag.seenBy,
          { personId: event.personId, at: event.at },
          (one) => one.personId === event.personId,
        ),
      };
    case 'flag:claimed':
      return {
        ...flag,
        claim: { personId: event.personId, at: event.at },
        claimedAt: flag.claimedAt ?? event.at,
        nextAt: null,
      };
    case 'flag:released':
      return { ...flag, claim: null, nextAt: event.nextAt };
    case 'flag:escalated':
      return { ...flag, reach: event.reach, reachedAt: event.at, nextAt: event.nextAt };
    case 'flag:answered':
      return { ...flag, answeredAt: flag.answeredAt ?? event.at };
    case 'flag:join-asked':
      return { ...flag, join: { state: 'asked', askedAt: event.at, answeredAt: null, answeredBy: null, word: null } };
    case 'flag:join-accepted':
      return flag.join === null
        ? flag
        : {
            ...flag,
            join: { ...flag.join, state: 'accepted', answeredAt: event.at, answeredBy: event.personId, word: null },
          };
    case 'flag:join-declined':
      return flag.join === null
        ? flag
        : {
            ...flag,
            join: {
              ...flag.join,
              state: 'declined',
              answeredAt: event.at,
              answeredBy: event.personId,
              word: event.text,
            },
          };
    case 'flag:joined':
      return {
        ...flag,
        joinedAt: flag.joinedAt ?? event.at,
        joinedBy: withOne(flag.joinedBy, event.personId, (one) => one === event.personId),
      };
    case 'flag:left':
      return { ...flag, joinedBy: without(flag.joinedBy, (one) => one === event.personId) };
    case 'flag:lowered':
      return {
        ...flag,
        nextAt: null,
        lowered: { at: event.at, by: event.personId, side: event.side, outcome: event.outcome, reason: event.reason },
      };
    default:
      return flag;
  }
}
