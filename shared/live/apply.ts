import type { Conversation } from '../contract/conversation.ts';
import type { Event } from '../contract/event.ts';
import type { Flag } from '../contract/flag.ts';
import type {
  ConversationId,
  FlagId,
  OrganisationId,
  PersonId,
  QueueId,
  ReasonId,
  SessionId,
  TeamId,
} from '../contract/id.ts';
import type { Organisation, Queue, Reason } from '../contract/organisation.ts';
import type { Permission } from '../contract/permission.ts';
import { permissionsOf } from '../contract/permission.ts';
import type { Person } from '../contract/person.ts';
import type { Session } from '../contract/session.ts';
import type { Minute, RecentFlag, Snapshot } from '../contract/snapshot.ts';
import type { Team } from '../contract/team.ts';
import type { Tombstone } from '../contract/wire.ts';
import { conversationOf, evolveConversation } from './conversation.ts';
import { evolveFlag, flagOf } from './flag.ts';
import type { MinuteChange } from './minute.ts';
import { addToMinute, emptyMinute, minuteChanges, minuteMs, startOfMinute } from './minute.ts';
import { evolveOrganisation, evolveQueue, evolveReason, evolveTeam, reasonsOf } from './organisation.ts';
import { evolvePerson } from './person.ts';
import { evolveSession, sessionFor, sessionOf } from './session.ts';

/** What a screen knows of one organisation: the snapshot, keyed, moved on by events. Never changed in place. */
export interface Live {
  readonly organisationId: OrganisationId;
  readonly epoch: string;
  readonly position: number;
  readonly me: { readonly personId: PersonId; readonly permissions: ReadonlySet<Permission> };
  readonly organisation: Organisation;
  readonly people: ReadonlyMap<PersonId, Person>;
  readonly teams: ReadonlyMap<TeamId, Team>;
  readonly queues: ReadonlyMap<QueueId, Queue>;
  readonly reasons: ReadonlyMap<ReasonId, Reason>;
  readonly conversations: ReadonlyMap<ConversationId, Conversation>;
  readonly sessions: ReadonlyMap<SessionId, Session>;
  readonly flags: ReadonlyMap<FlagId, Flag>;
  readonly recentFlags: ReadonlyMap<FlagId, RecentFlag>;
  /** Keyed by team and minute: `minuteKey`. */
  readonly minutes: ReadonlyMap<string, Minute>;
}

export const recentFlagsMs = 24 * 3_600_000;
export const minutesKeptMs = 60 * minuteMs;

export const minuteKey = (teamId: TeamId, at: number): string => `${teamId}@${at}`;

const keyed = <K, T extends { readonly id: K }>(list: readonly T[]): Map<K, T> =>
  new Map(list.map((one) => [one.id, one]));

/** Turns a snapshot into the state that events are applied to. */
export function fromSnapshot(snapshot: Snapshot): Live {
  return {
    organisationId: snapshot.organisationId,
    epoch: snapshot.epoch,
    position: snapshot.position,
    me: { personId: snapshot.me.personId, permissions: new Set(snapshot.me.permissions) },
    organisation: snapshot.organisation,
    people: keyed(snapshot.people),
    teams: keyed(snapshot.teams),
    queues: keyed(snapshot.queues),
    reasons: keyed(snapshot.reasons),
    conversations: keyed(snapshot.conversations),
    sessions: keyed(snapshot.sessions),
    flags: keyed(snapshot.flags),
    recentFlags: keyed(snapshot.recentFlags),
    minutes: new Map(snapshot.minutes.map((one) => [minuteKey(one.teamId, one.at), one])),
  };
}

/** A map that is copied at the first write, so that one `apply` of many events copies each map at most once. */
class Draft<K, T> {
  readonly #base: ReadonlyMap<K, T>;
  #copy: Map<K, T> | undefined;

  constructor(base: ReadonlyMap<K, T>) {
    this.#base = base;
  }

  get(key: K): T | undefined {
    return (this.#copy ?? this.#base).get(key);
  }

  /** Undefined removes. Writing what is already there copies nothing. */
  set(key: K, value: T | undefined): void {
    if (this.get(key) === value) return;
    this.#copy ??= new Map(this.#base);
    if (value === undefined) this.#copy.delete(key);
    else this.#copy.set(key, value);
  }

  get done(): ReadonlyMap<K, T> {
    return this.#copy ?? this.#base;
  }
}

/** Teams whose minutes this person is shown: all of them with `flag.view.any`, else the supervised ones. */
export function floorTeams(me: Person | undefined): 'all' | ReadonlySet<TeamId> {
  if (me === undefined) return new Set();
  const held = permissionsOf[me.role];
  if (held.includes('conversation.view.any')) return 'all';
  return new Set(held.includes('floor.view') ? me.supervises : []);
}

/**
 * Applies events, oldest first, and answers the new state. Pure. An event at or before the state's position is ignored,
 * so a repeated frame changes nothing (I4). Events of one call are applied together, which is how a screen takes a frame.
 */
export function apply(live: Live, events: readonly (Event | { readonly tombstone: Tombstone })[]): Live {
  const people = new Draft(live.people);
  const teams = new Draft(live.teams);
  const queues = new Draft(live.queues);
  const reasons = new Draft(live.reasons);
  const conversations = new Draft(live.conversations);
  const sessions = new Draft(live.sessions);
  const flags = new Draft(live.flags);
  const recent = new Draft(live.recentFlags);
  const minutes = new Draft(live.minutes);
  let organisation = live.organisation;
  let position = live.position;

  const drop = ({ conversationId: id, at }: Tombstone): void => {
    const before = conversations.get(id);
    // It left a queue whose figures this screen shows; the event that says so is no longer for these eyes.
    if (before?.queuedAt != null)
      addMinute(minutes, people.get(live.me.personId), at, { teamId: before.teamId, add: { dequeued: 1 } });
    conversations.set(id, undefined);
    for (const one of sessions.done.values()) if (one.conversationId === id) sessions.set(one.id, undefined);
  };

  for (const item of events) {
    const event = 'tombstone' in item ? undefined : item;
    const at = 'tombstone' in item ? item.tombstone.position : item.position;
    if (at <= live.position) continue;
    position = Math.max(position, at);
    if ('tombstone' in item) {
      drop(item.tombstone);
      continue;
    }
    if (event === undefined) continue;

    if (event.type === 'person:invited') people.set(event.person.id, evolvePerson(undefined, event));
    else if ('personId' in event && event.personId !== null)
      people.set(event.personId, evolvePerson(people.get(event.personId), event));
    if (event.type === 'team:created') teams.set(event.team.id, event.team);
    else if ('teamId' in event) teams.set(event.teamId, evolveTeam(teams.get(event.teamId), event));
    if (event.type === 'queue:created') queues.set(event.queue.id, event.queue);
    else if ('queueId' in event) queues.set(event.queueId, evolveQueue(queues.get(event.queueId), event));
    for (const id of reasonsOf(event)) reasons.set(id, evolveReason(reasons.get(id), event));
    organisation = evolveOrganisation(organisation, event);

    const conversationId = conversationOf(event);
    if (conversationId !== undefined) {
      const before = conversations.get(conversationId);
      for (const change of minuteChanges(before, event))
        addMinute(minutes, people.get(live.me.personId), event.at, change);
      // How far its flag has called is for hubs: the session says it to those who may know.
      const after = event.type === 'flag:escalated' ? before : evolveConversation(before, event);
      conversations.set(conversationId, after?.lifecycle === 'closed' ? undefined : after);
    }
    const sessionId = sessionOf(event);
    if (sessionId !== undefined) {
      const after = evolveSession(sessions.get(sessionId), event);
      const going = after === undefined || after.endedAt !== null ? undefined : after;
      sessions.set(sessionId, going === undefined ? undefined : sessionFor(going, live.me.personId));
    }
    const flagId = flagOf(event);
    if (flagId !== undefined) {
      const after = evolveFlag(flags.get(flagId), event);
      if (after !== undefined) recent.set(flagId, recentFlag(after));
      flags.set(flagId, after === undefined || after.lowered !== null ? undefined : after);
    }
  }

  return {
    ...live,
    position,
    organisation,
    people: people.done,
    teams: teams.done,
    queues: queues.done,
    reasons: reasons.done,
    conversations: conversations.done,
    sessions: sessions.done,
    flags: flags.done,
    recentFlags: recent.done,
    minutes: minutes.done,
  };
}

function addMinute(minutes: Draft<string, Minute>, me: Person | undefined, at: number, change: MinuteChange): void {
  const mine = floorTeams(me);
  if (mine !== 'all' && !mine.has(change.teamId)) return;
  const minute = startOfMinute(at);
  const key = minuteKey(change.teamId, minute);
  minutes.set(key, addToMinute(minutes.get(key) ?? emptyMinute(change.teamId, minute), change.add));
}

/** What the flag figures keep of a flag. */
export function recentFlag(flag: Flag): RecentFlag {
  return {
    id: flag.id,
    agentId: flag.agentId,
    teamId: flag.teamId,
    queueId: flag.queueId,
    reasonId: flag.reasonId,
    channel: flag.channel,
    by: flag.source.kind,
    raisedAt: flag.raisedAt,
    targetAt: flag.targetAt,
    claimedAt: flag.claimedAt,
    answeredAt: flag.answeredAt,
    joinedAt: flag.joinedAt,
    lowered:
      flag.lowered === null
        ? null
        : { at: flag.lowered.at, outcome: flag.lowered.outcome, reason: flag.lowered.reason },
  };
}

/**
 * Drops what has grown too old for the figures: minutes past an hour, flags past a day. Screens call it now and then,
 * so that a wall that runs for months does not grow.
 * @param now the hub's clock, ms
 */
export function prune(live: Live, now: number): Live {
  const keepMinutes = [...live.minutes].filter(([, one]) => one.at > now - minutesKeptMs);
  const keepFlags = [...live.recentFlags].filter(([, one]) => one.raisedAt > now - recentFlagsMs);
  if (keepMinutes.length === live.minutes.size && keepFlags.length === live.recentFlags.size) return live;
  return { ...live, minutes: new Map(keepMinutes), recentFlags: new Map(keepFlags) };
}
