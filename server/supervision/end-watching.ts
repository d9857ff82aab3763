import type { Reaction } from '../hub/room.ts';
import { sessionNoun } from '../session/session.ts';
import { leaving } from './presence.ts';

/** Watching ends with the session that is watched. */
export const endWatching: Reaction = (event, state) => {
  if (event.type !== 'session:ended') return [];
  const session = state.get(sessionNoun, event.sessionId);
  if (session === undefined) return [];
  return session.supervisors.filter((one) => one.mode === 'monitoring').map((one) => leaving(session, one, 'ended'));
};
