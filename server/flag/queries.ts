import type { Flag } from '../../shared/contract/flag.ts';
import type { FlagId, OrganisationId, TeamId } from '../../shared/contract/id.ts';
import { permissionsOf } from '../../shared/contract/permission.ts';
import type { Person } from '../../shared/contract/person.ts';
import type { ReportFilter } from '../../shared/contract/report.ts';
import type { RecentFlag } from '../../shared/contract/snapshot.ts';
import { recentFlag } from '../../shared/live/apply.ts';
import type { Raw, Statement } from '../hub/room.ts';
import { flagTable } from './flag.ts';

/** Whose flags a person sees: everybody's, or their own, those of agents they supervise, and what has reached every supervisor. */
const seen = `($2 or agent_id = $4 or agent_id in (select id from person where organisation_id = $1 and team_ids && $3::uuid[])
  or ($5 and reach <> 'own'))`;

export interface FlagSight {
  readonly all: boolean;
  readonly supervises: readonly string[];
  readonly personId: string;
  readonly helps: boolean;
}

/** Flags that are up, and flags raised since an instant, up or down: for Raised Flags and for the figures. */
export function flagsSince(organisationId: OrganisationId, sight: FlagSight, since: number): Statement {
  return {
    text: `${flagTable.select} where organisation_id = $1 and ${seen}
      and (lowered is null or raised_at > to_timestamp($6::double precision / 1000)) order by raised_at`,
    values: [organisationId, sight.all, sight.supervises, sight.personId, sight.helps, since],
  };
}

/** Splits the answer of `flagsSince`. */
export function readFlags(rows: readonly Raw[], since: number): { flags: Flag[]; recent: RecentFlag[] } {
  const all = rows.map((raw) => flagTable.read(raw));
  return {
    flags: all.filter((flag) => flag.lowered === null),
    recent: all.filter((flag) => flag.raisedAt > since).map(recentFlag),
  };
}

/** What a person sees of the flags. */
export function flagSightOf(person: Person): FlagSight {
  const held = permissionsOf[person.role];
  const helps = held.includes('supervision.own');
  return {
    all: held.includes('flag.view.any'),
    supervises: helps ? person.supervises : [],
    personId: person.id,
    helps,
  };
}

/** Which flags a report or an export is over, and where one of its pages begins. */
export interface FlagRange extends ReportFilter {
  /** Raised at or after it, and before `to`; ms. */
  readonly from: number;
  readonly to: number;
  /** Of this team's queue, or raised by an agent of the team. */
  readonly teamId: TeamId | null;
}

/** The last flag of a page: the next one goes on after it. */
export interface FlagMark {
  readonly raisedAt: number;
  readonly id: FlagId;
}

const inRange = `f.organisation_id = $1 and ${seen.replaceAll('agent_id', 'f.agent_id').replaceAll('reach', 'f.reach')}
  and f.raised_at >= to_timestamp($6::double precision / 1000) and f.raised_at < to_timestamp($7::double precision / 1000)
  and ($8::uuid is null or f.team_id = $8 or exists (select 1 from person a where a.organisation_id = $1 and a.id = f.agent_id and $8 = any(a.team_ids)))
  and ($9::uuid is null or f.queue_id = $9) and ($10::uuid is null or f.reason_id = $10)
  and ($11::text is null or f.channel = $11) and ($12::text is null or f.source ->> 'kind' = $12)
  and ($13::double precision is null or (f.raised_at, f.id) > (to_timestamp($13::double precision / 1000), $14::uuid))
  order by f.raised_at, f.id limit $15`;

const rangeValues = (
  organisationId: OrganisationId,
  sight: FlagSight,
  range: FlagRange,
  after: FlagMark | null,
  limit: number,
): unknown[] => [
  organisationId,
  sight.all,
  sight.supervises,
  sight.personId,
  sight.helps,
  range.from,
  range.to,
  range.teamId,
  range.queueId,
  range.reasonId,
  range.channel,
  range.by,
  after?.raisedAt ?? null,
  after?.id ?? null,
  limit,
];

/** A page of the flags that a report counts, oldest first; no words and no names. Read with `readRecent`. */
export function flagsToCount(
  organisationId: OrganisationId,
  sight: FlagSight,
  range: FlagRange,
  after: FlagMark | null,
  limit: number,
): Statement {
  return {
    text: `select f.id, f.agent_id, f.team_id, f.queue_id, f.reason_id, f.channel, f.source ->> 'kind' as by, f.raised_at, f.target_at,
        f.claimed_at, f.answered_at, f.joined_at, f.lowered
      from flag f where ${inRange}`,
    values: rangeValues(organisationId, sight, range, after, limit),
  };
}

/** How many flags a range has, counted no further than `most`. */
export function flagCount(organisationId: OrganisationId, sight: FlagSight, range: FlagRange, most: number): Statement {
  return {
    text: `select count(*)::integer as flags from (select from flag f where ${inRange}) counted`,
    values: rangeValues(organisationId, sight, range, null, most),
  };
}

/** What the figures keep of a row of `flagsToCount`. */
export function readRecent(raw: Raw): RecentFlag {
  // The names stand in the statement above; the database's test and the report's hold them.
  const row = raw as {
    id: FlagId;
    agent_id: RecentFlag['agentId'];
    team_id: TeamId;
    queue_id: RecentFlag['queueId'];
    reason_id: RecentFlag['reasonId'];
    channel: RecentFlag['channel'];
    by: RecentFlag['by'];
    raised_at: number;
    target_at: number;
    claimed_at: number | null;
    answered_at: number | null;
    joined_at: number | null;
    lowered: Flag['lowered'];
  };
  const { lowered } = row;
  return {
    id: row.id,
    agentId: row.agent_id,
    teamId: row.team_id,
    queueId: row.queue_id,
    reasonId: row.reason_id,
    channel: row.channel,
    by: row.by,
    raisedAt: row.raised_at,
    targetAt: row.target_at,
    claimedAt: row.claimed_at,
    answeredAt: row.answered_at,
    joinedAt: row.joined_at,
    lowered: lowered === null ? null : { at: lowered.at, outcome: lowered.outcome, reason: lowered.reason },
  };
}

/** A flag as an export says it, with names in place of ids. No words of the agent or of the side chat. */
export interface FlagLine extends RecentFlag {
  readonly agent: string;
  readonly team: string;
  readonly queue: string;
  readonly reason: string;
  readonly customerName: string;
  /** Null: the agent raised it. */
  readonly rule: string | null;
  readonly deliveredAt: number | null;
  readonly firstSeenAt: number | null;
  /** Whoever claimed it first, who may have given it back since. */
  readonly claimedBy: string | null;
  /** Null while it is up, or where the hub lowered it. */
  readonly loweredBy: string | null;
}

/**
 * A page of an export, oldest first. A flag's row names who holds the claim now; where that is not who claimed it first, the
 * log tells.
 */
export function flagsToExport(
  organisationId: OrganisationId,
  sight: FlagSight,
  range: FlagRange,
  after: FlagMark | null,
  limit: number,
): Statement {
  return {
    text: `select f.id, f.agent_id, f.team_id, f.queue_id, f.reason_id, f.channel, f.source ->> 'kind' as by, f.raised_at, f.target_at,
        f.claimed_at, f.answered_at, f.joined_at, f.lowered, f.customer_name, f.delivered_at,
        f.source ->> 'ruleName' as rule,
        (select min((s ->> 'at')::bigint) from jsonb_array_elements(f.seen_by) s) as first_seen_at,
        (select name from person where organisation_id = $1 and id = f.agent_id) as agent,
        (select name from team where organisation_id = $1 and id = f.team_id) as team,
        (select name from queue where organisation_id = $1 and id = f.queue_id) as queue,
        (select name from reason where organisation_id = $1 and id = f.reason_id) as reason,
        (select name from person where organisation_id = $1 and id = (f.lowered ->> 'by')::uuid) as lowered_by,
        case when f.claimed_at is null then null else (select name from person where organisation_id = $1 and id =
          case when f.claim is not null and to_timestamp((f.claim ->> 'at')::double precision / 1000) = f.claimed_at
            then (f.claim ->> 'personId')::uuid
            else (select (l.payload ->> 'personId')::uuid from log l where l.organisation_id = $1 and l.conversation_id = f.conversation_id
              and l.type = 'flag:claimed' and l.payload ->> 'flagId' = f.id::text order by l.position limit 1) end) end as claimed_by
      from flag f where ${inRange}`,
    values: rangeValues(organisationId, sight, range, after, limit),
  };
}

/** What a row of `flagsToExport` says. */
export function readLine(raw: Raw): FlagLine {
  const row = raw as {
    agent: string | null;
    team: string | null;
    queue: string | null;
    reason: string | null;
    customer_name: string;
    rule: string | null;
    delivered_at: number | null;
    first_seen_at: number | null;
    claimed_by: string | null;
    lowered_by: string | null;
  };
  return {
    ...readRecent(raw),
    agent: row.agent ?? '',
    team: row.team ?? '',
    queue: row.queue ?? '',
    reason: row.reason ?? '',
    customerName: row.customer_name,
    rule: row.rule,
    deliveredAt: row.delivered_at,
    firstSeenAt: row.first_seen_at,
    claimedBy: row.claimed_by,
    loweredBy: row.lowered_by,
  };
}
