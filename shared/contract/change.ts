import type { Event, EventOf, EventType } from './event.ts';
import type { Permission } from './permission.ts';

/**
 * The audit of settings: which facts are a change of settings, of which kind, and who may read about them. Total, so that a new
 * fact of these nouns does not compile before it is said where it belongs.
 */
type SettingsNoun = 'organisation' | 'reason' | 'rule' | 'team' | 'queue' | 'connection' | 'person';

/** Facts of a person that nobody has set up: what they chose for the moment, and whether they can be reached. */
type Passing = 'person:status-set' | 'person:reachable' | 'person:unreachable';

export type SettingsEventType = Exclude<Extract<EventType, `${SettingsNoun}:${string}`>, Passing>;
export type SettingsEvent = Event & { readonly type: SettingsEventType };
export type SettingsEventOf<T extends SettingsEventType> = EventOf<T>;

/** Kinds of settings, each with the permissions that its page asks for. */
export const changeKinds = {
  organisation: ['flag.manage', 'supervision.manage'],
  monitoring: ['supervision.manage'],
  thresholds: ['flag.manage'],
  escalation: ['flag.manage'],
  fallback: ['flag.manage'],
  reason: ['flag.manage'],
  rule: ['flag.manage'],
  team: ['team.manage'],
  queue: ['team.manage'],
  legacy: ['channel.manage'],
  connection: ['channel.manage'],
  person: ['person.manage'],
} as const satisfies Record<string, readonly Permission[]>;

export type ChangeKind = keyof typeof changeKinds;

/** The kinds under which a fact is listed. */
const kindsOf: { readonly [T in SettingsEventType]: readonly ChangeKind[] } = {
  'organisation:created': ['organisation'],
  'organisation:monitoring-set': ['organisation', 'monitoring'],
  'organisation:thresholds-set': ['organisation', 'thresholds'],
  'organisation:escalation-set': ['organisation', 'escalation'],
  'organisation:fallback-entered': ['organisation', 'fallback'],
  'organisation:fallback-left': ['organisation', 'fallback'],
  'reason:created': ['reason'],
  'reason:renamed': ['reason'],
  'reason:target-set': ['reason'],
  'reason:reordered': ['reason'],
  'reason:archived': ['reason'],
  'reason:restored': ['reason'],
  'rule:created': ['rule'],
  'rule:redefined': ['rule'],
  'rule:activated': ['rule'],
  'rule:deactivated': ['rule'],
  'rule:removed': ['rule'],
  'team:created': ['team'],
  'team:renamed': ['team'],
  'team:archived': ['team'],
  'team:legacy-flag-set': ['team', 'legacy'],
  'queue:created': ['queue'],
  'queue:renamed': ['queue'],
  'queue:deactivated': ['queue'],
  'connection:created': ['connection'],
  'connection:renamed': ['connection'],
  'connection:queue-set': ['connection'],
  'connection:target-set': ['connection'],
  'connection:secrets-set': ['connection'],
  'connection:activated': ['connection'],
  'connection:deactivated': ['connection'],
  'person:invited': ['person'],
  'person:invitation-renewed': ['person'],
  'person:joined': ['person'],
  'person:renamed': ['person'],
  'person:role-set': ['person'],
  'person:teams-set': ['person'],
  'person:capacity-set': ['person'],
  'person:deactivated': ['person'],
  'person:reactivated': ['person'],
  'person:signed-out-everywhere': ['person'],
};

const isSettingsType = (type: EventType): type is SettingsEventType => type in kindsOf;

export function isChangeKind(text: string): text is ChangeKind {
  return Object.hasOwn(changeKinds, text);
}

/** The facts of one kind. */
export function changeTypes(kind: ChangeKind): readonly SettingsEventType[] {
  return (Object.keys(kindsOf) as SettingsEventType[]).filter((type) => kindsOf[type].includes(kind));
}

/** Says whether an event is a change of settings of this kind. */
export function isChangeOf(event: Event, kind: ChangeKind): boolean {
  return isSettingsType(event.type) && kindsOf[event.type].includes(kind);
}
