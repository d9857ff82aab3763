import { flagEnabled } from '../shared/contract/channel.ts';
import type { Conversation } from '../shared/contract/conversation.ts';
import type { Session } from '../shared/contract/session.ts';
import type { Live } from '../shared/live/apply.ts';

/** What the person of this screen may do with a conversation now. The hub decides again; this keeps dead buttons away. */
export interface ConversationRights {
  readonly mine: boolean;
  /** Writes to the customer: as its agent, or as a supervisor who joined. */
  readonly writesAs: 'agent' | 'supervisor' | null;
  readonly take: boolean;
  readonly transfer: boolean;
  readonly close: boolean;
  /** A help flag: on an own live session, where the channel has one. */
  readonly flag: boolean;
}

const none: ConversationRights = {
  mine: false,
  writesAs: null,
  take: false,
  transfer: false,
  close: false,
  flag: false,
};

/** Whether nothing but an admin's switch keeps the person of this screen from a help flag on a conversation of theirs. */
export function flagSwitchedOff(one: Conversation, live: Live): boolean {
  const { personId, permissions } = live.me;
  const mine = one.lifecycle === 'open' && one.assigneeId === personId && permissions.has('flag.raise');
  return mine && !flagEnabled(one.channel, live.people.get(personId), (id) => live.teams.get(id));
}

export function rightsIn(one: Conversation, session: Session | null, live: Live): ConversationRights {
  if (one.lifecycle === 'closed' || !live.conversations.has(one.id)) return none;
  const { personId, permissions } = live.me;
  const mine = one.assigneeId === personId;
  const joined =
    session?.supervisors.some((present) => present.personId === personId && present.mode === 'joined') ?? false;
  const others = permissions.has('conversation.transfer.any');
  return {
    mine,
    writesAs: mine ? 'agent' : joined ? 'supervisor' : null,
    take: one.assigneeId === null && permissions.has('conversation.serve'),
    transfer: mine || (others && one.assigneeId !== null),
    close: mine || others,
    flag:
      mine &&
      session !== null &&
      session.agentId === personId &&
      permissions.has('flag.raise') &&
      flagEnabled(one.channel, live.people.get(personId), (id) => live.teams.get(id)),
  };
}
