import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { noSession, sessionNoun } from '../session/session.ts';
import { takesPart } from './say.ts';

/** The reader has the newest private line on a focused screen. */
export const markRead: Command<'side-chat:mark-read'> = {
  permission: 'anyone',
  rate: { points: 60, seconds: 10 },
  needs: (input) => [need(sessionNoun, input.sessionId)],
  decide: (state, input, { actor }) => {
    const session = state.get(sessionNoun, input.sessionId);
    if (session === undefined || actor.kind !== 'person' || !takesPart(actor, session, state))
      return { refusal: noSession };
    if (session.endedAt !== null || (session.sideRead[actor.id] ?? 0) >= session.sideLines)
      return { events: [], value: null };
    const { id: sessionId, conversationId, sideLines } = session;
    return {
      events: [{ type: 'side-chat:read', conversationId, sessionId, personId: actor.id, lines: sideLines }],
      value: null,
    };
  },
};
