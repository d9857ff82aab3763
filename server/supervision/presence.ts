import type { FactOf } from '../../shared/contract/event.ts';
import type { Refusal } from '../../shared/contract/refusal.ts';
import type { Presence, Session } from '../../shared/contract/session.ts';
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

/** The end of a presence, as a fact. */
export function leaving(
  { id: sessionId, conversationId, agentId }: Session,
  { personId, mode: was, since, policy }: Presence,
  reason: FactOf<'supervision:left'>['reason'],
): FactOf<'supervision:left'> {
  return { type: 'supervision:left', conversationId, sessionId, personId, agentId, was, since, policy, reason };
}

/** How the actor is there, or undefined. */
export function presenceOf(session: Session, actor: Actor): Presence | undefined {
  return actor.kind === 'person' ? session.supervisors.find((one) => one.personId === actor.id) : undefined;
}
