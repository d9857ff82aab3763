import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { noSession, sessionNoun } from '../session/session.ts';
import { leaving, presenceOf, supervisedSession } from './presence.ts';

/** A supervisor enters the customer conversation; the customer gets a notice and hears a new voice. */
export const join: Command<'supervision:join'> = {
  permission: 'supervision.own',
  rate: { points: 20, seconds: 10 },
  needs: (input) => [need(sessionNoun, input.sessionId)],
  decide: (state, input, { actor }) => {
    const found = supervisedSession(actor, input.sessionId, state);
    if ('refusal' in found || actor.kind !== 'person') return 'refusal' in found ? found : { refusal: noSession };
    const { session } = found;
    const present = presenceOf(session, actor);
    if (present?.mode === 'joined') return { events: [], value: null };
    const { id: sessionId, conversationId } = session;
    return {
      events: [
        // The watching ends here, and whoever is told of watching when it ends is told now.
        ...(present === undefined ? [] : [leaving(session, present, 'joined')]),
        { type: 'supervision:joined', conversationId, sessionId, personId: actor.id },
      ],
      value: null,
    };
  },
};
