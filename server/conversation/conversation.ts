import type { Conversation } from '../../shared/contract/conversation.ts';
import type { EntryId, PersonId } from '../../shared/contract/id.ts';
import type { Refusal } from '../../shared/contract/refusal.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import { conversationOf, evolveConversation } from '../../shared/live/conversation.ts';
import type { Actor, Context, Outcome, Room } from '../hub/room.ts';
import type { State } from '../hub/state.ts';
import { table } from '../hub/table.ts';
import { tableNoun } from '../hub/table-noun.ts';
import { personNoun, supervises } from '../person/person.ts';
import { agentRooms, reachRooms } from '../session/session.ts';

export const conversationTable = table<Conversation>('conversation', {
  id: ['id', 'uuid'],
  channel: ['channel', 'text'],
  connectionId: ['connection_id', 'uuid'],
  queueId: ['queue_id', 'uuid'],
  teamId: ['team_id', 'uuid'],
  customerId: ['customer_id', 'uuid'],
  customerName: ['customer_name', 'text'],
  lifecycle: ['lifecycle', 'text'],
  assigneeId: ['assignee_id', 'uuid'],
  sessionId: ['session_id', 'uuid'],
  queuedAt: ['queued_at', 'instant'],
  offer: ['offer', 'jsonb'],
  passedBy: ['passed_by', 'uuids'],
  startedAt: ['started_at', 'instant'],
  answeredAt: ['answered_at', 'instant'],
  customerWaitsSince: ['customer_waits_since', 'instant'],
  unread: ['unread', 'integer'],
  lastLine: ['last_line', 'jsonb'],
  closedAt: ['closed_at', 'instant'],
  reach: ['reach', 'text'],
});

/** A customer's thread with the team, from its first line to its close. */
export const conversationNoun = tableNoun<Conversation>('conversation', conversationTable, {
  of: conversationOf,
  born: (event) => event.type === 'conversation:started',
  evolve: evolveConversation,
  through: { session: ['session', 'conversation_id'] },
});

export const noConversation: Refusal = refusal(
  'not_found',
  'There is no such conversation, or you may not see it.',
  'Go back to your list; it shows what you may open.',
);

export const closed: Refusal = refusal(
  'conversation_closed',
  'This conversation is closed.',
  'A new message of the customer opens a new one.',
);

/** A line that a screen shows before the answer: its entry takes the id of the command that sent it. */
export const entryOf = (context: Context): EntryId => {
  const id: string = context.commandId;
  return id as EntryId;
};

/** Gives a conversation to a person: their session starts, and whoever may now see it gets it whole. */
export function assign(
  conversation: Conversation,
  personId: PersonId,
  context: Context,
): { outcomes: Outcome[]; sessionId: string } {
  const sessionId = context.newId<'session'>();
  const session = {
    id: sessionId,
    conversationId: conversation.id,
    agentId: personId,
    startedAt: context.now,
    endedAt: null,
    endReason: null,
    supervisors: [],
    flagId: null,
    sideLines: 0,
    sideRead: {},
    sideLastAt: null,
    reach: 'own' as const,
    ruleIds: [],
  };
  const assigned: Conversation = {
    ...conversation,
    assigneeId: personId,
    sessionId,
    queuedAt: null,
    offer: null,
    passedBy: [],
    reach: 'own',
  };
  return {
    sessionId,
    outcomes: [
      { type: 'session:started', conversationId: conversation.id, session },
      { type: 'conversation:assigned', conversationId: conversation.id, personId, conversation: assigned },
    ],
  };
}

/** Puts a conversation into a queue, with nobody in charge. */
export function enqueue(
  conversation: Conversation,
  queue: { readonly id: Conversation['queueId']; readonly teamId: Conversation['teamId'] },
  passedBy: readonly PersonId[],
  context: Context,
): Outcome {
  return {
    type: 'conversation:queued',
    conversationId: conversation.id,
    before: { queueId: conversation.queueId, teamId: conversation.teamId },
    conversation: {
      ...conversation,
      queueId: queue.id,
      teamId: queue.teamId,
      assigneeId: null,
      sessionId: null,
      offer: null,
      queuedAt: context.now,
      reach: 'own',
      passedBy: [...passedBy],
    },
  };
}

/** What ends an offer that is out when something else settles the conversation. */
export function cancelOffer(conversation: Conversation): Outcome[] {
  const { offer } = conversation;
  return offer === null
    ? []
    : [{ type: 'offer:cancelled', conversationId: conversation.id, offerId: offer.id, personId: offer.personId }];
}

/** What the end of a conversation is made of: its offer, its session, itself. What a session had up ends with it. */
export function ending(conversation: Conversation, reason: 'closed' | 'customer_left'): Outcome[] {
  const { id: conversationId, sessionId, assigneeId, customerId } = conversation;
  return [
    ...cancelOffer(conversation),
    ...(sessionId === null || assigneeId === null
      ? []
      : [{ type: 'session:ended', conversationId, sessionId, agentId: assigneeId, reason } as const]),
    {
      type: 'conversation:closed',
      conversationId,
      customerId,
      side: reason === 'customer_left' ? 'customer' : 'staff',
    },
  ];
}

/**
 * Who may see a conversation: its queue's team and that team's supervisors, its agent and theirs, whoever sees all, and whom
 * its flag has reached.
 */
export function conversationRooms(state: State, id: string): Room[] {
  const conversation = state.get(conversationNoun, id);
  if (conversation === undefined) return [];
  const { teamId, assigneeId, reach } = conversation;
  const rooms: Room[] = [
    `team:${teamId}`,
    `supervisors:${teamId}`,
    'right:conversation.view.any',
    ...reachRooms(reach),
  ];
  if (assigneeId === null) return rooms;
  return [...new Set([...rooms, ...agentRooms(state, assigneeId)])];
}

/** Whether the actor may act on a conversation of its team: serve it when nobody does. */
export function ofItsTeam(actor: Actor, conversation: Conversation): boolean {
  if (actor.kind !== 'person') return false;
  const { teamIds, supervises: leads } = actor.person;
  return (
    teamIds.includes(conversation.teamId) || leads.includes(conversation.teamId) || actor.can('conversation.view.any')
  );
}

/** Whether the actor may close or move it: the assignee, a supervisor of the assignee or of the queue's team, or by right. */
export function mayMove(actor: Actor, conversation: Conversation, state: State): boolean {
  if (actor.kind === 'system') return true;
  if (actor.kind !== 'person') return false;
  if (conversation.assigneeId === actor.id || actor.can('conversation.transfer.any')) return true;
  if (actor.can('supervision.own') && actor.person.supervises.includes(conversation.teamId)) return true;
  return conversation.assigneeId !== null && supervises(actor, state.get(personNoun, conversation.assigneeId));
}
