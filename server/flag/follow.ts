import type { Reaction } from '../hub/room.ts';
import { sessionNoun } from '../session/session.ts';
import { about, flagNoun } from './flag.ts';

/** What the rest of the floor does to a flag that is up: it ends with its session, and help that arrives is noted on it. */
export const followFlag: Reaction = (event, state) => {
  switch (event.type) {
    case 'session:ended':
    case 'side-chat:said':
    case 'supervision:joined':
    case 'supervision:left':
      break;
    default:
      return [];
  }
  const session = state.get(sessionNoun, event.sessionId);
  const flag = session?.flagId ? state.get(flagNoun, session.flagId) : undefined;
  if (session === undefined || flag === undefined || flag.lowered !== null) return [];
  const it = about(flag);
  switch (event.type) {
    case 'session:ended': {
      const takenOver = event.reason === 'taken_over';
      const personId = event.by.kind === 'person' ? event.by.id : null;
      const side = personId === null ? 'system' : personId === session.agentId ? 'agent' : 'supervisor';
      return [
        { type: 'flag:lowered', ...it, personId, side, outcome: takenOver ? 'taken_over' : null, reason: event.reason },
      ];
    }
    case 'side-chat:said':
      if (event.personId === session.agentId || flag.answeredAt !== null) return [];
      return [{ type: 'flag:answered', ...it, personId: event.personId, how: 'side_chat' }];
    case 'supervision:joined': {
      const { personId } = event;
      return [
        ...(flag.claim === null ? [{ type: 'flag:claimed', ...it, personId } as const] : []),
        ...(flag.join?.state === 'asked' ? [{ type: 'flag:join-accepted', ...it, personId } as const] : []),
        { type: 'flag:joined', ...it, personId },
        ...(flag.answeredAt === null ? [{ type: 'flag:answered', ...it, personId, how: 'joined' } as const] : []),
      ];
    }
    case 'supervision:left':
      return event.was === 'joined' ? [{ type: 'flag:left', ...it, personId: event.personId }] : [];
  }
};
