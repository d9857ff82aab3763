import type { Event } from '../contract/event.ts';
import type { Presence, Session } from '../contract/session.ts';
import { withOne, without } from './rows.ts';

/** The session an event is about, or undefined. */
export function sessionOf(event: Event): Session['id'] | undefined {
  if (event.type === 'session:started') return event.session.id;
  if (event.type === 'flag:raised') return event.flag.sessionId;
  return 'sessionId' in event ? event.sessionId : undefined;
}

/** Moves one session by one event. Pure; the hub and the screens share it. */
export function evolveSession(session: Session | undefined, event: Event): Session | undefined {
  if (event.type === 'session:started') return event.session;
  if (session === undefined || sessionOf(event) !== session.id) return session;
  switch (event.type) {
    case 'session:ended':
      return {
        ...session,
        endedAt: event.at,
        endReason: event.reason,
        reach: 'own',
        // Whoever watches is let go by a fact of their own, which follows: its agent may have to be told of it.
        supervisors: session.supervisors.filter((one) => one.mode === 'monitoring'),
      };
    case 'flag:raised':
      return {
        ...session,
        flagId: event.flag.id,
        ruleIds: event.flag.source.kind === 'rule' ? [...session.ruleIds, event.flag.source.ruleId] : session.ruleIds,
      };
    case 'flag:escalated':
      return { ...session, reach: event.reach };
    case 'flag:lowered':
      return { ...session, flagId: null };
    case 'side-chat:said': {
      const sideLines = session.sideLines + 1;
      // Whoever writes has read everything before.
      return {
        ...session,
        sideLines,
        sideLastAt: event.at,
        sideRead: { ...session.sideRead, [event.personId]: sideLines },
      };
    }
    case 'side-chat:read':
      return { ...session, sideRead: { ...session.sideRead, [event.personId]: event.lines } };
    case 'supervision:monitored':
    case 'supervision:joined':
      return {
        ...session,
        supervisors: withOne(
          session.supervisors,
          {
            personId: event.personId,
            mode: event.type === 'supervision:joined' ? 'joined' : 'monitoring',
            since: event.at,
            policy: event.type === 'supervision:joined' ? 'announced' : event.policy,
          },
          (one) => one.personId === event.personId,
        ),
      };
    case 'supervision:left':
      return { ...session, supervisors: without(session.supervisors, (one) => one.personId === event.personId) };
    default:
      return session;
  }
}

/** Whether the session's agent knows of this presence while it lasts. */
export const isAnnounced = (one: Presence): boolean => one.mode === 'joined' || one.policy === 'announced';

/**
 * What one person may know of a session: its agent, of those who watch, only those whose watching is announced; and everybody
 * their own reading marks alone, because a mark tells that its reader is there.
 */
export function sessionFor(session: Session, viewerId: string): Session {
  const known = (one: Presence): boolean => session.agentId !== viewerId || isAnnounced(one);
  const read = session.sideRead[viewerId];
  const marks = Object.keys(session.sideRead).length - (read === undefined ? 0 : 1);
  if (marks === 0 && session.supervisors.every(known)) return session;
  return {
    ...session,
    supervisors: session.supervisors.filter(known),
    sideRead: read === undefined ? {} : { [viewerId]: read },
  };
}

/** Side chat lines that this person has not read. */
export function sideUnread(session: Session, personId: string): number {
  return Math.max(0, session.sideLines - (session.sideRead[personId] ?? 0));
}
