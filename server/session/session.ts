import type { Reach } from '../../shared/contract/policy.ts';
import type { Refusal } from '../../shared/contract/refusal.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import type { Session } from '../../shared/contract/session.ts';
import { evolveSession, sessionOf } from '../../shared/live/session.ts';
import type { Room } from '../hub/room.ts';
import type { State } from '../hub/state.ts';
import { table } from '../hub/table.ts';
import { tableNoun } from '../hub/table-noun.ts';
import { personNoun } from '../person/person.ts';

export const sessionTable = table<Session>('session', {
  id: ['id', 'uuid'],
  conversationId: ['conversation_id', 'uuid'],
  agentId: ['agent_id', 'uuid'],
  startedAt: ['started_at', 'instant'],
  endedAt: ['ended_at', 'instant'],
  endReason: ['end_reason', 'text'],
  supervisors: ['supervisors', 'jsonb'],
  flagId: ['flag_id', 'uuid'],
  sideLines: ['side_lines', 'integer'],
  sideRead: ['side_read', 'jsonb'],
  sideLastAt: ['side_last_at', 'instant'],
  reach: ['reach', 'text'],
  ruleIds: ['rule_ids', 'uuids'],
});

/** One agent's stretch of a conversation, with the supervisors in it and its side chat. */
export const sessionNoun = tableNoun<Session>('session', sessionTable, {
  of: sessionOf,
  born: (event) => event.type === 'session:started',
  evolve: evolveSession,
});

export const noSession: Refusal = refusal(
  'not_found',
  'There is no such session, or you may not see it.',
  'Open the conversation from your list again.',
);

export const sessionEnded: Refusal = refusal(
  'session_ended',
  'The agent no longer serves this conversation.',
  'Open the conversation again to see who does.',
);

/** The agent of a session, and the supervisors of each of that agent's teams. */
export function agentRooms(state: State, agentId: string): Room[] {
  const agent = state.get(personNoun, agentId);
  return [`person:${agentId}`, ...(agent?.teamIds ?? []).map((team): Room => `supervisors:${team}`)];
}

/** Who may see a place beside those who always do, because its flag has called so far: every supervisor. */
export const reachRooms = (reach: Reach): Room[] => (reach === 'own' ? [] : ['right:supervision.own']);

/** Who may see a session: its agent, the agent's supervisors, whoever sees every conversation, and whom its flag has reached. */
export function sessionRooms(state: State, sessionId: string): Room[] {
  const session = state.get(sessionNoun, sessionId);
  if (session === undefined) return [];
  return [...agentRooms(state, session.agentId), 'right:conversation.view.any', ...reachRooms(session.reach)];
}
