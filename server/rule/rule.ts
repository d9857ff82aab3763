import type { Event } from '../../shared/contract/event.ts';
import type { OrganisationId, RuleId } from '../../shared/contract/id.ts';
import type { Refusal } from '../../shared/contract/refusal.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import type { Rule } from '../../shared/contract/rule.ts';
import { derivedNoun } from '../hub/derived-noun.ts';
import type { Noun, Rate } from '../hub/room.ts';
import { table } from '../hub/table.ts';
import { tableNoun } from '../hub/table-noun.ts';

/** A rule as its table keeps it: what was removed stays, because flags and the log name it. */
export interface RuleRow extends Rule {
  readonly removed: boolean;
}

export const ruleTable = table<RuleRow>('rule', {
  id: ['id', 'uuid'],
  name: ['name', 'text'],
  active: ['active', 'boolean'],
  side: ['side', 'text'],
  channels: ['channels', 'texts'],
  queueIds: ['queue_ids', 'uuids'],
  reasonId: ['reason_id', 'uuid'],
  words: ['words', 'jsonb'],
  removed: ['removed', 'boolean'],
});

function ruleOf(event: Event): RuleId | undefined {
  switch (event.type) {
    case 'rule:created':
    case 'rule:redefined':
      return event.rule.id;
    case 'rule:activated':
    case 'rule:deactivated':
    case 'rule:removed':
      return event.ruleId;
    default:
      return undefined;
  }
}

function evolveRule(row: RuleRow | undefined, event: Event): RuleRow | undefined {
  if (event.type === 'rule:created') return { ...event.rule, removed: false };
  if (row === undefined) return row;
  switch (event.type) {
    case 'rule:redefined':
      return { ...row, ...event.rule };
    case 'rule:activated':
      return { ...row, active: true };
    case 'rule:deactivated':
      return { ...row, active: false };
    case 'rule:removed':
      return { ...row, removed: true };
    default:
      return row;
  }
}

/** A rule that raises a help flag when a line matches (S1.17). */
export const ruleNoun = tableNoun<RuleRow>('rule', ruleTable, {
  of: ruleOf,
  born: (event) => event.type === 'rule:created',
  evolve: evolveRule,
});

interface RuleSet {
  readonly version: number;
}

const ruleSetTable = table<RuleSet>('rule_set', { version: ['version', 'bigint'] }, ['organisation_id']);

/**
 * Which rules stand in an organisation, as a number, keyed by the organisation: the position of the last change. All changes
 * are commands of their own batch, so a number that anybody reads names one set of rules for good.
 */
export const ruleSetNoun: Noun<RuleSet> = {
  kind: 'rule set',
  load: (organisationId, ids) => ({
    text: 'select organisation_id, version from rule_set where organisation_id = $1 and organisation_id = any($2::uuid[])',
    values: [organisationId, ids],
  }),
  read: (raw) => [raw.organisation_id as string, ruleSetTable.read(raw)],
  touches: (event) => (ruleOf(event) === undefined ? [] : [event.organisationId]),
  evolve: (_row, event) => ({ version: event.position }),
  save: (organisationId, rows) => ruleSetTable.upsert(organisationId, rows),
};

const asJson = `jsonb_build_object('id', id, 'name', name, 'active', active, 'side', side, 'channels', channels,
  'queueIds', queue_ids, 'reasonId', reason_id, 'words', words)`;

/** The rules that listen, oldest first, keyed by the organisation: read where a hub does not hold this set yet. */
export const activeRulesNoun = derivedNoun<readonly Rule[]>(
  'active rules',
  (organisationId, ids) => ({
    text: `select $1::uuid as organisation_id, (select coalesce(jsonb_agg(${asJson} order by id), '[]') from rule
        where organisation_id = $1 and active and not removed) as rules where $1 = any($2::uuid[])`,
    values: [organisationId, ids],
  }),
  (raw) => [raw.organisation_id as OrganisationId, raw.rules as readonly Rule[]],
);

/** Names of all rules, keyed by the organisation. Commands that decide by it are alone in their batch. */
export const ruleNamesNoun = derivedNoun<readonly Pick<Rule, 'id' | 'name'>[]>(
  'rule names',
  (organisationId, ids) => ({
    text: `select $1::uuid as organisation_id, (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name)), '[]')
        from rule where organisation_id = $1 and not removed) as rules where $1 = any($2::uuid[])`,
    values: [organisationId, ids],
  }),
  (raw) => [raw.organisation_id as OrganisationId, raw.rules as readonly Pick<Rule, 'id' | 'name'>[]],
);

/** Rules are changed by hand. */
export const arranging: Rate = { points: 60, seconds: 60 };

export const noRule: Refusal = refusal('not_found', 'There is no such rule.', 'Look at the list of rules again.');
