import type { Conversation } from '../../shared/contract/conversation.ts';
import type { ConversationId, CustomerId, PersonId, ReasonId, SessionId } from '../../shared/contract/id.ts';
import type { Person, Status } from '../../shared/contract/person.ts';
import type { Live } from '../../shared/live/apply.ts';
import type { Exchange } from './dialogues.ts';
import type { SideLine, StaffCommand } from './staff-link.ts';

/** What is known of a simulated customer's conversation beside what staff see: how it goes on. */
export interface Talk {
  readonly exchanges: readonly Exchange[];
  /** How many of the customer's lines have been said. */
  readonly said: number;
  readonly hasty: boolean;
}

/** A simulated customer, one whose screen is not complete just now, or a person at a real widget. */
export type Visitor = Talk | 'coming' | 'person';

/** The director's word that a flag goes up in a conversation. */
export interface Cue {
  readonly reasonId: ReasonId;
  readonly message: string;
  readonly askJoin: boolean;
}

/** Everything that a simulated person of the staff decides from. */
export interface StaffView {
  /** The injected clock, ms. */
  readonly now: number;
  readonly me: PersonId;
  readonly live: Live;
  /** Who is played by a person now. */
  readonly played: ReadonlySet<PersonId>;
  /** How many times faster than life. */
  readonly speed: number;
  visitor(customerId: CustomerId): Visitor;
  side(sessionId: SessionId): SideLine | null;
  cue(conversationId: ConversationId): Cue | null;
  /** The status the director wants, or null to leave it. */
  readonly duty: Status | null;
  /** How many lines this person has written to the customer in this session. */
  spoken(sessionId: SessionId): number;
}

/** What is done, and where it shows while it is being typed. */
export interface StaffAct {
  readonly command: StaffCommand;
  readonly place:
    | { readonly kind: 'customer'; readonly conversationId: ConversationId; readonly by: 'agent' | 'supervisor' }
    | { readonly kind: 'side'; readonly sessionId: SessionId }
    | null;
}

export const act = (command: StaffCommand): StaffAct => ({ command, place: null });

export const write = (conversation: Conversation, by: 'agent' | 'supervisor', text: string): StaffAct => ({
  command: { name: 'message:send', input: { conversationId: conversation.id, text } },
  place: { kind: 'customer', conversationId: conversation.id, by },
});

export const whisper = (sessionId: SessionId, text: string): StaffAct => ({
  command: { name: 'side-chat:say', input: { sessionId, text } },
  place: { kind: 'side', sessionId },
});

/** Whether a person could be offered something now: played by somebody, available, with room. */
export function couldTake(view: StaffView, person: Person): boolean {
  if (!view.played.has(person.id) || person.status !== 'available' || !person.reachable || !person.active) return false;
  let load = 0;
  for (const one of view.live.conversations.values())
    if (one.assigneeId === person.id || one.offer?.personId === person.id) load += 1;
  return load < person.capacity;
}

/** Whether a person at a screen looks after the flags of this team, so that simulated supervisors keep out. */
export function isAttended(view: StaffView, teamId: Person['teamIds'][number]): boolean {
  for (const person of view.live.people.values())
    if (person.role === 'supervisor' && person.supervises.includes(teamId) && view.played.has(person.id)) return true;
  return false;
}
