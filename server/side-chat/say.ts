import type { Session } from '../../shared/contract/session.ts';
import { entryOf } from '../conversation/conversation.ts';
import type { Actor, Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import type { State } from '../hub/state.ts';
import { helps, personNoun } from '../person/person.ts';
import { noSession, sessionEnded, sessionNoun } from '../session/session.ts';

/** Whether the actor takes part in a session's side chat: its agent, who supervises that agent, or whom its flag has reached. */
export function takesPart(actor: Actor, session: Session, state: State): boolean {
  if (actor.kind !== 'person') return false;
  return session.agentId === actor.id || helps(actor, state.get(personNoun, session.agentId), session.reach);
}

/** A private line between agent and supervisors; the customer cannot see it. The first one of a supervisor answers the flag. */
export const say: Command<'side-chat:say'> = {
  permission: 'anyone',
  rate: { points: 30, seconds: 10 },
  needs: (input) => [need(sessionNoun, input.sessionId)],
  decide: (state, input, context) => {
    const { actor } = context;
    const session = state.get(sessionNoun, input.sessionId);
    if (session === undefined || actor.kind !== 'person' || !takesPart(actor, session, state))
      return { refusal: noSession };
    if (session.endedAt !== null) return { refusal: sessionEnded };
    const entryId = entryOf(context);
    return {
      events: [
        {
          type: 'side-chat:said',
          conversationId: session.conversationId,
          sessionId: session.id,
          entryId,
          personId: actor.id,
          text: input.text,
        },
      ],
      value: { entryId },
    };
  },
};
