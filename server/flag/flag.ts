import type { Flag } from '../../shared/contract/flag.ts';
import type { Refusal } from '../../shared/contract/refusal.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import { evolveFlag, flagOf } from '../../shared/live/flag.ts';
import type { Actor, Room } from '../hub/room.ts';
import type { State } from '../hub/state.ts';
import { table } from '../hub/table.ts';
import { tableNoun } from '../hub/table-noun.ts';
import { helps, personNoun } from '../person/person.ts';
import { agentRooms, reachRooms } from '../session/session.ts';

export const flagTable = table<Flag>('flag', {
  id: ['id', 'uuid'],
  sessionId: ['session_id', 'uuid'],
  conversationId: ['conversation_id', 'uuid'],
  agentId: ['agent_id', 'uuid'],
  channel: ['channel', 'text'],
  queueId: ['queue_id', 'uuid'],
  teamId: ['team_id', 'uuid'],
  customerName: ['customer_name', 'text'],
  reasonId: ['reason_id', 'uuid'],
  source: ['source', 'jsonb'],
  message: ['message', 'text'],
  raisedAt: ['raised_at', 'instant'],
  targetAt: ['target_at', 'instant'],
  amendedAt: ['amended_at', 'instant'],
  deliveredAt: ['delivered_at', 'instant'],
  seenBy: ['seen_by', 'jsonb'],
  claim: ['claim', 'jsonb'],
  claimedAt: ['claimed_at', 'instant'],
  answeredAt: ['answered_at', 'instant'],
  join: ['join', 'jsonb'],
  joinedAt: ['joined_at', 'instant'],
  joinedBy: ['joined_by', 'uuids'],
  reach: ['reach', 'text'],
  reachedAt: ['reached_at', 'instant'],
  nextAt: ['next_at', 'instant'],
  lowered: ['lowered', 'jsonb'],
});

/** A help flag. */
export const flagNoun = tableNoun<Flag>('flag', flagTable, {
  of: flagOf,
  born: (event) => event.type === 'flag:raised',
  evolve: evolveFlag,
});

/**
 * Who sees a flag: its agent, the supervisors of each of the agent's teams, whoever holds `flag.view.any`, and every supervisor
 * once it has called that far.
 */
export function flagRooms(state: State, { agentId, reach }: Pick<Flag, 'agentId' | 'reach'>): Room[] {
  return [...agentRooms(state, agentId), 'right:flag.view.any', ...reachRooms(reach)];
}

export const noFlag: Refusal = refusal(
  'not_found',
  'There is no such flag, or you may not see it.',
  'Look at Raised Flags: it shows what is up.',
);

export const lowered: Refusal = refusal(
  'flag_lowered',
  'This flag is already down.',
  'If help is still needed, it can be raised again.',
);

/** The flag, as its agent may handle it while it is up. */
export function ownFlag(actor: Actor, id: string, state: State): { flag: Flag } | { refusal: Refusal } {
  const flag = state.get(flagNoun, id);
  if (flag === undefined || actor.kind !== 'person' || flag.agentId !== actor.id) return { refusal: noFlag };
  return flag.lowered === null ? { flag } : { refusal: lowered };
}

/** The flag, as a supervisor whom it reaches may handle it while it is up. */
export function helpedFlag(actor: Actor, id: string, state: State): { flag: Flag } | { refusal: Refusal } {
  const flag = state.get(flagNoun, id);
  if (flag === undefined || !helps(actor, state.get(personNoun, flag.agentId), flag.reach)) return { refusal: noFlag };
  return flag.lowered === null ? { flag } : { refusal: lowered };
}

/** What every fact about a flag names. */
export const about = (
  flag: Flag,
): { conversationId: Flag['conversationId']; sessionId: Flag['sessionId']; flagId: Flag['id'] } => ({
  conversationId: flag.conversationId,
  sessionId: flag.sessionId,
  flagId: flag.id,
});
