import type { Refusal } from '../../shared/contract/refusal.ts';
import type { Session } from '../../shared/contract/session.ts';
import type { Actor } from '../hub/room.ts';
import type { State } from '../hub/state.ts';
import { helps, personNoun } from '../person/person.ts';
import { noSession, sessionEnded, sessionNoun } from '../session/session.ts';

/** The live session that the actor may supervise, or why not. */
export function supervisedSession(
  actor: Actor,
  sessionId: string,
  state: State,
): { session: Session } | { refusal: Refusal } {
  const session = state.get(sessionNoun, sessionId);
  if (session === undefined || !helps(actor, state.get(personNoun, session.agentId), session.reach))
    return { refusal: noSession };
  return session.endedAt === null ? { session } : { refusal: sessionEnded };
}

export function presenceOf(session: Session, actor: Actor): Session['supervisors'][number] | undefined {
  return actor.kind === 'person' ? session.supervisors.find((one) => one.personId === actor.id) : undefined;
}
