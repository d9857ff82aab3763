import type { Event } from '../contract/event.ts';
import type { Session } from '../contract/session.ts';
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
      return { ...session, endedAt: event.at, endReason: event.reason, supervisors: [], reach: 'own' };
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

/** Side chat lines that this person has not read. */
export function sideUnread(session: Session, personId: string): number {
  return Math.max(0, session.sideLines - (session.sideRead[personId] ?? 0));
}
