import { conversationRooms } from './conversation/conversation.ts';
import { flagNoun, flagRooms } from './flag/flag.ts';
import type { AudienceTable, Room } from './hub/room.ts';
import type { State } from './hub/state.ts';
import { agentRooms, reachRooms, sessionNoun, sessionRooms } from './session/session.ts';

/**
 * The gate out: who may have an event. A total table; the compiler refuses an event without a row (I6, I7, I8). `everyone` is
 * the organisation's staff. An audience is read before and after the event moved the state, so that whoever loses sight of a
 * thing still learns that it is gone.
 */
const everyone: readonly Room[] = ['everyone'];
const managers: readonly Room[] = ['right:person.manage'];

const ofConversation = {
  rooms: (event: { readonly conversationId: string }, state: State) => conversationRooms(state, event.conversationId),
};
const ofSession = {
  rooms: (event: { readonly sessionId: string }, state: State) => sessionRooms(state, event.sessionId),
};
const ofFlag = {
  rooms: (event: { readonly flagId: string }, state: State): Room[] => {
    const flag = state.get(flagNoun, event.flagId);
    return flag === undefined ? [] : flagRooms(state, flag);
  },
};
/** What only the agent and who helps them may read. */
const ofSideChat = {
  rooms: (event: { readonly sessionId: string }, state: State): Room[] => {
    const session = state.get(sessionNoun, event.sessionId);
    if (session === undefined) return [];
    return [...agentRooms(state, session.agentId), 'right:side-chat.view.any', ...reachRooms(session.reach)];
  },
};
/** Watching is for the session's audience; its agent knows of it as far as the policy that it began under says. */
const ofWatch = (
  event: { readonly sessionId: string; readonly agentId: string },
  state: State,
  agent: boolean,
): Room[] => {
  const rooms = sessionRooms(state, event.sessionId);
  const own: Room = `person:${event.agentId}`;
  return agent || rooms.length === 0 ? rooms : [...rooms.filter((room) => room !== own), `not:${own}`];
};
/** Joining and leaving is visible in the conversation itself. */
const ofBoth = {
  rooms: (event: { readonly conversationId: string; readonly sessionId: string }, state: State): Room[] => [
    ...new Set([...conversationRooms(state, event.conversationId), ...sessionRooms(state, event.sessionId)]),
  ],
};
const toEveryone = { rooms: () => everyone };
const toManagers = { rooms: () => managers };
const toFlagManagers = { rooms: (): readonly Room[] => ['right:flag.manage'] };
const toChannelManagers = { rooms: (): readonly Room[] => ['right:channel.manage'] };

export const audienceTable: AudienceTable = {
  'organisation:created': toEveryone,
  'organisation:monitoring-set': toEveryone,
  'organisation:thresholds-set': toEveryone,
  'organisation:escalation-set': toEveryone,
  'organisation:fallback-entered': toEveryone,
  'organisation:fallback-left': toEveryone,
  'reason:created': toEveryone,
  'reason:renamed': toEveryone,
  'reason:target-set': toEveryone,
  'reason:reordered': toEveryone,
  'reason:archived': toEveryone,
  'reason:restored': toEveryone,
  'queue:created': toEveryone,
  'queue:renamed': toEveryone,
  'queue:deactivated': toEveryone,
  'team:created': toEveryone,
  'team:renamed': toEveryone,
  'team:archived': toEveryone,
  'team:legacy-flag-set': toEveryone,
  'person:invited': toEveryone,
  'person:invitation-renewed': toManagers,
  'person:joined': toEveryone,
  'person:renamed': toEveryone,
  'person:role-set': toEveryone,
  'person:teams-set': toEveryone,
  'person:capacity-set': toEveryone,
  'person:deactivated': toEveryone,
  'person:reactivated': toEveryone,
  'person:status-set': toEveryone,
  'person:signed-out-everywhere': toManagers,
  'person:reachable': toEveryone,
  'person:unreachable': toEveryone,

  'conversation:started': ofConversation,
  'conversation:queued': { ...ofConversation, moves: true },
  'conversation:assigned': { ...ofConversation, moves: true },
  'conversation:closed': ofConversation,
  'conversation:read': ofConversation,
  'message:sent': ofConversation,
  'offer:made': {
    rooms: (event, state) => [
      ...new Set<Room>([...conversationRooms(state, event.conversationId), `person:${event.offer.personId}`]),
    ],
  },
  'offer:accepted': ofConversation,
  'offer:declined': ofConversation,
  'offer:expired': ofConversation,
  'offer:cancelled': ofConversation,

  'session:started': { rooms: (event, state) => sessionRooms(state, event.session.id) },
  'session:ended': ofSession,
  'supervision:monitored': { rooms: (event, state) => ofWatch(event, state, event.policy === 'announced') },
  'supervision:joined': ofBoth,
  'supervision:left': {
    rooms: (event, state) =>
      event.was === 'joined' ? ofBoth.rooms(event, state) : ofWatch(event, state, event.policy !== 'silent'),
  },
  'supervision:took-over': ofBoth,
  'side-chat:said': ofSideChat,
  // The reader's own: that somebody has opened a side chat tells that they watch.
  'side-chat:read': { rooms: (event) => [`person:${event.personId}`] },

  'flag:raised': { rooms: (event, state) => flagRooms(state, event.flag) },
  'flag:amended': ofFlag,
  'flag:delivered': ofFlag,
  'flag:seen': ofFlag,
  'flag:claimed': ofFlag,
  'flag:released': ofFlag,
  'flag:answered': ofFlag,
  'flag:join-asked': ofFlag,
  'flag:join-accepted': ofFlag,
  'flag:join-declined': ofFlag,
  'flag:joined': ofFlag,
  'flag:left': ofFlag,
  'flag:escalated': ofFlag,
  'flag:lowered': ofFlag,

  'rule:created': toFlagManagers,
  'rule:redefined': toFlagManagers,
  'rule:activated': toFlagManagers,
  'rule:deactivated': toFlagManagers,
  'rule:removed': toFlagManagers,

  'connection:created': toChannelManagers,
  'connection:renamed': toChannelManagers,
  'connection:queue-set': toChannelManagers,
  'connection:target-set': toChannelManagers,
  'connection:secrets-set': toChannelManagers,
  'connection:activated': toChannelManagers,
  'connection:deactivated': toChannelManagers,
  'delivery:queued': ofConversation,
  'delivery:sent': ofConversation,
  'delivery:delivered': ofConversation,
  'delivery:read': ofConversation,
  'delivery:delayed': ofConversation,
  'delivery:failed': ofConversation,
  'delivery:retried': ofConversation,
};
