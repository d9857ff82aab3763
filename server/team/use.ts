import type { QueueId, TeamId } from '../../shared/contract/id.ts';
import { derivedNoun } from '../hub/derived-noun.ts';

/** Names that differ in case only are one name to a person. */
export const nameKey = (name: string): string => name.trim().toLowerCase();

/** Names of an organisation's active teams, as `nameKey`, each with its team. Keyed by the organisation. */
export const teamNamesNoun = derivedNoun<ReadonlyMap<string, TeamId>>(
  'team-names',
  (organisationId, ids) => ({
    text: `select $1::uuid as organisation_id,
        (select coalesce(jsonb_agg(jsonb_build_array(name, id)), '[]') from team where organisation_id = $1 and active) as names
      where $1 = any($2::uuid[])`,
    values: [organisationId, ids],
  }),
  (raw) => {
    const names = raw.names as readonly (readonly [string, TeamId])[];
    return [raw.organisation_id as string, new Map(names.map(([name, id]) => [nameKey(name), id]))];
  },
);

/** Active queues that a team serves. Keyed by the team. */
export const teamQueuesNoun = derivedNoun<readonly QueueId[]>(
  'team-queues',
  (organisationId, ids) => ({
    text: `select team_id, array_agg(id order by id) as queue_ids from queue
      where organisation_id = $1 and active and team_id = any($2::uuid[]) group by team_id`,
    values: [organisationId, ids],
  }),
  (raw) => [raw.team_id as string, raw.queue_ids as readonly QueueId[]],
);

/** What keeps a team from being archived. */
export interface TeamUse {
  /** People who serve or supervise it and are active or invited. */
  readonly people: number;
  /** Open conversations in its queue or in the hands of its people. */
  readonly conversations: number;
  /** Connections of a messaging channel that bring customers to its queue. */
  readonly connections: number;
}

/** Keyed by the team. */
export const teamUseNoun = derivedNoun<TeamUse>(
  'team-use',
  (organisationId, ids) => ({
    text: `select team.id,
        (select count(*) from person p
          where p.organisation_id = $1 and (team.id = any(p.team_ids) or team.id = any(p.supervises))
            and (p.active or exists (select 1 from invitation i where i.person_id = p.id))) as people,
        (select count(*) from conversation c
          where c.organisation_id = $1 and c.team_id = team.id and c.lifecycle = 'open') as conversations,
        (select count(*) from connection n join queue q on q.id = n.queue_id
          where n.organisation_id = $1 and n.active and q.team_id = team.id) as connections
      from team where team.organisation_id = $1 and team.id = any($2::uuid[])`,
    values: [organisationId, ids],
  }),
  (raw) => [
    raw.id as string,
    {
      people: raw.people as number,
      conversations: raw.conversations as number,
      connections: raw.connections as number,
    },
  ],
);
