import type { OrganisationId, PersonId, QueueId, ReasonId, TeamId } from '../../shared/contract/id.ts';
import type { Role } from '../../shared/contract/permission.ts';
import { organisationDefaults } from '../../shared/contract/policy.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import type { RuleDefinition } from '../../shared/contract/rule.ts';
import { derivedNoun } from '../hub/derived-noun.ts';
import type { CommandRow, Outcome } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { invited } from '../person/person.ts';
import { presets } from '../reason/reason.ts';

/** Somebody who is there from the start. */
export interface Founder {
  readonly name: string;
  /** Null: typed when the link is redeemed. */
  readonly email: string | null;
  readonly role: Role;
  /** Names among the teams that are made with the organisation. */
  readonly teams: readonly string[];
  readonly supervises: readonly string[];
  readonly capacity: number;
  /** SHA-256 in hex of the link's secret; null makes the person active at once and without a password (the demo). */
  readonly tokenHash: string | null;
}

/** A rule that listens from the start. Queues and reason are named, as their ids are made with the organisation. */
export interface FoundingRule extends Pick<RuleDefinition, 'name' | 'side' | 'words'> {
  readonly queues: readonly string[];
  readonly reason: (typeof presets)[number]['name'];
}

export interface CreateOrganisation {
  readonly name: string;
  readonly parentId: OrganisationId | null;
  readonly demo: boolean;
  readonly teams: readonly string[];
  readonly people: readonly Founder[];
  readonly rules?: readonly FoundingRule[];
}

/** Whether an organisation has its people already, so that it is not made twice. Keyed by the organisation. */
export const foundedNoun = derivedNoun<boolean>(
  'founded',
  (organisationId, ids) => ({
    text: `select $1::uuid as organisation_id, exists (select 1 from person where organisation_id = $1) as founded
      where $1 = any($2::uuid[])`,
    values: [organisationId, ids],
  }),
  (raw) => [raw.organisation_id as string, raw.founded as boolean],
);

/**
 * Brings an organisation into being, whole or not at all: reason presets, teams with their queues, and the first people. It
 * is the first command in that organisation's own line, whose clock was started by `startClock` (queries.ts).
 */
export const create: CommandRow<CreateOrganisation, null> = {
  permission: 'system',
  rate: { points: 60, seconds: 60 },
  alone: true,
  needs: (_input, _actor, organisationId) => [need(foundedNoun, organisationId)],
  decide: (state, input, context) => {
    if (state.get(foundedNoun, context.organisationId)) {
      return { refusal: refusal('name_taken', 'This organisation exists already.', 'Use it, or take another id.') };
    }
    const { name, parentId, demo } = input;
    const events: Outcome[] = [
      {
        type: 'organisation:created',
        organisation: { id: context.organisationId, name, parentId, demo, ...organisationDefaults },
      },
    ];
    const reasons = new Map<string, ReasonId>();
    for (const [at, preset] of presets.entries()) {
      const reasonId: ReasonId = context.newId();
      reasons.set(preset.name, reasonId);
      events.push({ type: 'reason:created', reason: { id: reasonId, order: at + 1, active: true, ...preset } });
    }
    const teams = new Map<string, TeamId>();
    const queues = new Map<string, QueueId>();
    for (const team of input.teams) {
      const teamId: TeamId = context.newId();
      const queueId: QueueId = context.newId();
      teams.set(team, teamId);
      queues.set(team, queueId);
      events.push({ type: 'team:created', team: { id: teamId, name: team, active: true, legacyFlag: false } });
      events.push({ type: 'queue:created', queue: { id: queueId, name: team, teamId, active: true } });
    }
    const idsOf = (names: readonly string[]): TeamId[] => names.flatMap((one) => teams.get(one) ?? []);
    for (const founder of input.people) {
      const personId: PersonId = context.newId();
      const placing = { teamIds: idsOf(founder.teams), supervises: idsOf(founder.supervises) };
      const person = { id: personId, name: founder.name, role: founder.role, capacity: founder.capacity, ...placing };
      events.push(invited(person, { email: founder.email, tokenHash: founder.tokenHash }, context.now));
      if (founder.tokenHash === null) events.push({ type: 'person:joined', personId });
    }
    for (const { name: called, side, words, ...named } of input.rules ?? []) {
      const queueIds = named.queues.flatMap((one) => queues.get(one) ?? []);
      const reasonId = reasons.get(named.reason);
      if (reasonId === undefined) throw new Error(`there is no reason ${named.reason} for the rule ${called}`);
      const rule = {
        id: context.newId<'rule'>(),
        active: true,
        name: called,
        side,
        channels: [],
        queueIds,
        reasonId,
        words,
      };
      events.push({ type: 'rule:created', rule });
    }
    return { events, value: null };
  },
};
