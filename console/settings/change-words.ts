import type { SettingsEvent, SettingsEventOf, SettingsEventType } from '../../shared/contract/change.ts';
import type { EscalationStep } from '../../shared/contract/organisation.ts';
import type { Rule } from '../../shared/contract/rule.ts';
import { count, duration, list } from '../../shared/ui/text/format.ts';
import { changesText as text } from './changes-text.ts';

/** A change as a person reads it. */
export interface ChangeWords {
  readonly what: string;
  /** What it was before, where the fact says so. */
  readonly before: string | null;
}

/** The name of a thing by its id, as it is called now. */
export type NameOf = (id: string) => string;

const only = (what: string): ChangeWords => ({ what, before: null });
const changed = (what: string, before: string): ChangeWords => ({ what, before: text('before', { before }) });

const names = (ids: readonly string[], nameOf: NameOf): string =>
  ids.length === 0 ? text('nothing') : list(ids.map(nameOf));

const chain = (steps: readonly EscalationStep[]): string =>
  list(
    steps.map(({ reach, afterMs }) =>
      afterMs === 0
        ? text('escalation.step.now', { reach: text(`reach.${reach}`) })
        : text('escalation.step', { reach: text(`reach.${reach}`), time: duration(afterMs) }),
    ),
  );

const ruleParts = ['name', 'side', 'channels', 'queueIds', 'reasonId', 'words'] as const;

function ruleChanges(before: Rule, after: Rule): string {
  const parts = ruleParts.filter((part) => JSON.stringify(before[part]) !== JSON.stringify(after[part]));
  return parts.length === 0 ? text('rule.same') : list(parts.map((part) => text(`rule.${part}`)));
}

/** Total: a new fact of settings does not compile before it has words. */
const words: {
  readonly [T in SettingsEventType]: (event: SettingsEventOf<T>, nameOf: NameOf) => ChangeWords;
} = {
  'organisation:created': (event) => only(text('organisation.created', { name: event.organisation.name })),
  'organisation:monitoring-set': (event) =>
    changed(text('monitoring.set', { after: text(`monitoring.${event.policy}`) }), text(`monitoring.${event.before}`)),
  'organisation:thresholds-set': (event) =>
    changed(text('thresholds.set', { after: event.warnPercent }), text('percent', { value: event.before })),
  'organisation:escalation-set': (event) =>
    changed(text('escalation.set', { after: chain(event.steps) }), chain(event.before)),
  'organisation:fallback-entered': (event) => only(text('fallback.entered', { note: event.fallback.note })),
  'organisation:fallback-left': () => only(text('fallback.left')),

  'reason:created': ({ reason }) =>
    only(text('reason.created', { name: reason.name, time: duration(reason.targetMs) })),
  'reason:renamed': (event) => changed(text('reason.renamed', { after: event.name }), event.before),
  'reason:target-set': (event, nameOf) =>
    changed(
      text('reason.target', { name: nameOf(event.reasonId), after: duration(event.targetMs) }),
      duration(event.before),
    ),
  'reason:reordered': (event, nameOf) =>
    changed(text('reason.reordered', { after: names(event.reasonIds, nameOf) }), names(event.before, nameOf)),
  'reason:archived': (event, nameOf) => only(text('reason.archived', { name: nameOf(event.reasonId) })),
  'reason:restored': (event, nameOf) => only(text('reason.restored', { name: nameOf(event.reasonId) })),

  'rule:created': ({ rule }) => only(text('rule.created', { name: rule.name })),
  'rule:redefined': ({ before, rule }) => {
    const what = text('rule.redefined', { name: rule.name, what: ruleChanges(before, rule) });
    return before.name === rule.name ? only(what) : changed(what, before.name);
  },
  'rule:activated': (event, nameOf) => only(text('rule.activated', { name: nameOf(event.ruleId) })),
  'rule:deactivated': (event, nameOf) => only(text('rule.deactivated', { name: nameOf(event.ruleId) })),
  'rule:removed': (event, nameOf) => only(text('rule.removed', { name: nameOf(event.ruleId) })),

  'team:created': ({ team }) => only(text('team.created', { name: team.name })),
  'team:renamed': (event) => changed(text('team.renamed', { after: event.name }), event.before),
  'team:archived': (event, nameOf) => only(text('team.archived', { name: nameOf(event.teamId) })),
  'team:legacy-flag-set': (event, nameOf) =>
    only(text(event.on ? 'team.legacy.on' : 'team.legacy.off', { name: nameOf(event.teamId) })),
  'queue:created': ({ queue }) => only(text('queue.created', { name: queue.name })),
  'queue:renamed': (event) => changed(text('queue.renamed', { after: event.name }), event.before),
  'queue:deactivated': (event, nameOf) => only(text('queue.deactivated', { name: nameOf(event.queueId) })),

  'connection:created': ({ connection }) => only(text('connection.created', { name: connection.name })),
  'connection:renamed': (event) => changed(text('connection.renamed', { after: event.name }), event.before),
  'connection:queue-set': (event, nameOf) =>
    changed(
      text('connection.queue', { name: nameOf(event.connectionId), after: nameOf(event.queueId) }),
      nameOf(event.before),
    ),
  'connection:target-set': (event, nameOf) =>
    changed(text('connection.target', { name: nameOf(event.connectionId), after: event.target }), event.before.target),
  'connection:secrets-set': (event, nameOf) => only(text('connection.secrets', { name: nameOf(event.connectionId) })),
  'connection:activated': (event, nameOf) => only(text('connection.activated', { name: nameOf(event.connectionId) })),
  'connection:deactivated': (event, nameOf) =>
    only(
      text(event.because === 'target_gone' ? 'connection.gone' : 'connection.deactivated', {
        name: nameOf(event.connectionId),
      }),
    ),

  'person:invited': ({ person }) =>
    only(text('person.invited', { name: person.name, role: text(`role.${person.role}`) })),
  'person:invitation-renewed': (event, nameOf) => only(text('person.link', { name: nameOf(event.personId) })),
  'person:joined': (event, nameOf) => only(text('person.joined', { name: nameOf(event.personId) })),
  'person:renamed': (event) => changed(text('person.renamed', { after: event.name }), event.before),
  'person:role-set': (event, nameOf) =>
    changed(
      text('person.role', { name: nameOf(event.personId), after: text(`role.${event.role}`) }),
      text(`role.${event.before}`),
    ),
  'person:teams-set': (event, nameOf) => ({
    what: text('person.teams', {
      name: nameOf(event.personId),
      serves: names(event.teamIds, nameOf),
      supervises: names(event.supervises, nameOf),
    }),
    before: text('person.teams.before', {
      serves: names(event.before.teamIds, nameOf),
      supervises: names(event.before.supervises, nameOf),
    }),
  }),
  'person:capacity-set': (event, nameOf) =>
    changed(text('person.capacity', { name: nameOf(event.personId), after: event.capacity }), count(event.before)),
  'person:deactivated': (event, nameOf) => only(text('person.deactivated', { name: nameOf(event.personId) })),
  'person:reactivated': (event, nameOf) => only(text('person.reactivated', { name: nameOf(event.personId) })),
  'person:signed-out-everywhere': (event, nameOf) => only(text('person.signedOut', { name: nameOf(event.personId) })),
};

/** What a change of settings says. A hub that is newer than this screen may know facts that it does not: those have no words here. */
export function changeWords(event: SettingsEvent, nameOf: NameOf): ChangeWords | null {
  if (!Object.hasOwn(words, event.type)) return null;
  // The row of this very type; only the compiler cannot follow it through the union.
  const say = words[event.type] as (one: SettingsEvent, nameOf: NameOf) => ChangeWords;
  return say(event, nameOf);
}
