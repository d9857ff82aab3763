import { assign, conversationNoun } from '../conversation/conversation.ts';
import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { noSession, sessionNoun } from '../session/session.ts';
import { supervisedSession } from './presence.ts';

/** A supervisor becomes the one in charge; the agent's session ends, and with it its flag and side chat. */
export const takeOver: Command<'supervision:take-over'> = {
  permission: 'supervision.own',
  rate: { points: 20, seconds: 10 },
  needs: (input) => [need(sessionNoun, input.sessionId)],
  decide: (state, input, context) => {
    const { actor } = context;
    const found = supervisedSession(actor, input.sessionId, state);
    if ('refusal' in found || actor.kind !== 'person') return 'refusal' in found ? found : { refusal: noSession };
    const { session } = found;
    const conversation = state.get(conversationNoun, session.conversationId);
    if (conversation === undefined) return { refusal: noSession };
    const { id: sessionId, conversationId, agentId } = session;
    const { outcomes, sessionId: next } = assign(conversation, actor.id, context);
    return {
      events: [
        { type: 'supervision:took-over', conversationId, sessionId, personId: actor.id, agentId },
        { type: 'session:ended', conversationId, sessionId, agentId, reason: 'taken_over' },
        ...outcomes,
      ],
      value: { sessionId: next },
    };
  },
};
