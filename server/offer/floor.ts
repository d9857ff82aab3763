import type { ConversationId, PersonId, QueueId, TeamId } from '../../shared/contract/id.ts';
import type { Noun } from '../hub/room.ts';

/** An agent who may be offered something: available, reachable, below capacity. */
export interface FreeAgent {
  readonly id: PersonId;
  readonly teamIds: readonly TeamId[];
  readonly capacity: number;
  /** Open conversations and offers that are out. */
  readonly load: number;
  /** When the last session began, ms; 0 for none: who has waited longest comes first. */
  readonly lastServedAt: number;
}

export interface WaitingConversation {
  readonly id: ConversationId;
  readonly queueId: QueueId;
  readonly teamId: TeamId;
  readonly queuedAt: number;
  readonly passedBy: readonly PersonId[];
}

/** What routing looks at all the time, in one query: who waits, and who could take them. */
export interface Floor {
  readonly waiting: readonly WaitingConversation[];
  readonly agents: readonly FreeAgent[];
}

/** The longest-waiting ones are enough for one round; the next round takes the next. */
const mostWaiting = 200;

const serving = ['agent', 'supervisor'];

/** Derived, and asked only by commands that have a batch of their own: it is true at their position. */
export const floorNoun: Noun<Floor> = {
  kind: 'floor',
  load: (organisationId) => ({
    text: `with load as (
        select person_id, count(*)::int as load from (
          select assignee_id as person_id from conversation
            where organisation_id = $1 and lifecycle = 'open' and assignee_id is not null
          union all
          select (offer ->> 'personId')::uuid from conversation
            where organisation_id = $1 and queued_at is not null and offer is not null
        ) busy group by person_id
      ), waiting as (
        select id, queue_id, team_id, (extract(epoch from queued_at) * 1000)::bigint as queued_at, passed_by
          from conversation where organisation_id = $1 and queued_at is not null and offer is null order by queued_at, id limit ${mostWaiting}
      ), free as (
        select p.id, p.team_ids, p.capacity, coalesce(l.load, 0) as load,
            coalesce((select (extract(epoch from max(started_at)) * 1000)::bigint from session s where s.organisation_id = $1 and s.agent_id = p.id and s.ended_at is null), 0) as last_served_at
          from person p left join load l on l.person_id = p.id
          where p.organisation_id = $1 and p.status = 'available' and p.reachable and p.active and p.role = any($2::text[])
            and coalesce(l.load, 0) < p.capacity and p.team_ids && (select coalesce(array_agg(distinct team_id), '{}') from waiting)
      )
      select coalesce((select json_agg(json_build_object('id', id, 'queueId', queue_id, 'teamId', team_id, 'queuedAt', queued_at, 'passedBy', passed_by) order by queued_at, id) from waiting), '[]') as waiting,
        coalesce((select json_agg(json_build_object('id', id, 'teamIds', team_ids, 'capacity', capacity, 'load', load, 'lastServedAt', last_served_at)) from free), '[]') as agents`,
    values: [organisationId, serving],
  }),
  read: (raw) => ['floor', { waiting: raw.waiting as WaitingConversation[], agents: raw.agents as FreeAgent[] }],
  touches: () => [],
  evolve: (floor) => floor,
};

export interface Match {
  readonly conversationId: ConversationId;
  readonly personId: PersonId;
}

/**
 * Whom to offer what: the longest-waiting conversation first, to the least loaded free agent of its team, of equals to
 * whoever has gone longest without a new session. Whoever passed on it is asked again only where `again` names it.
 * @returns at most one match per waiting conversation; no agent beyond capacity
 */
export function match(floor: Floor, again: ReadonlySet<string>): Match[] {
  const load = new Map(floor.agents.map((agent) => [agent.id, agent.load]));
  const matches: Match[] = [];
  for (const waiting of floor.waiting) {
    const able = floor.agents.filter(
      (agent) => agent.teamIds.includes(waiting.teamId) && (load.get(agent.id) ?? 0) < agent.capacity,
    );
    const fresh = able.filter((agent) => !waiting.passedBy.includes(agent.id));
    const asked = fresh.length > 0 || !again.has(waiting.id) ? fresh : able;
    const [best] = [...asked].sort(
      (a, b) =>
        (load.get(a.id) ?? 0) / a.capacity - (load.get(b.id) ?? 0) / b.capacity ||
        a.lastServedAt - b.lastServedAt ||
        (a.id < b.id ? -1 : 1),
    );
    if (best === undefined) continue;
    load.set(best.id, (load.get(best.id) ?? 0) + 1);
    matches.push({ conversationId: waiting.id, personId: best.id });
  }
  return matches;
}
