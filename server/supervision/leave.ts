import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { noSession, sessionNoun } from '../session/session.ts';
import { leaving, presenceOf } from './presence.ts';

/** A supervisor stops watching, or leaves the customer conversation to its agent. */
export const leave: Command<'supervision:leave'> = {
  permission: 'anyone',
  rate: { points: 20, seconds: 10 },
  needs: (input) => [need(sessionNoun, input.sessionId)],
  decide: (state, input, { actor }) => {
    const session = state.get(sessionNoun, input.sessionId);
    const present = session === undefined ? undefined : presenceOf(session, actor);
    if (session === undefined || actor.kind !== 'person') return { refusal: noSession };
    // Leaving twice, or after the session has ended, is what was asked for.
    if (present === undefined) return { events: [], value: null };
    return { events: [leaving(session, present, 'left')], value: null };
  },
};
