import { permissionsOf, roles } from '../../shared/contract/permission.ts';
import type { Reach } from '../../shared/contract/policy.ts';
import { derivedNoun } from '../hub/derived-noun.ts';

/** How many people a flag calls who are connected now, by how far it calls; each reach holds those before it. */
export type Watchers = Readonly<Record<Reach, number>>;

export const nobody: Watchers = { own: 0, supervisors: 0, everyone: 0 };

const viewAny = roles.filter((role) => permissionsOf[role].includes('flag.view.any'));
const helps = roles.filter((role) => permissionsOf[role].includes('supervision.own'));

/**
 * Who is there for an agent's flags, by the agent's id (S1.19): told to the agent who raises, and a flag that calls nobody
 * calls further at once. Held equal to `calledFrom` by a test.
 */
export const watchersNoun = derivedNoun<Watchers>(
  'watchers',
  (organisationId, ids) => ({
    // The few who may watch are found once for the whole batch, not once for every agent in it.
    text: `with watcher as materialized (
        select id, role = any($3::text[]) as sees_all, role = any($4::text[]) as helps, supervises from person
          where organisation_id = $1 and active and reachable and role = any($3::text[] || $4::text[])
      ) select a.id as agent_id,
          count(w.id) filter (where w.helps and w.supervises && a.team_ids)::integer as own,
          count(w.id) filter (where w.helps and (not w.sees_all or w.supervises <> '{}'))::integer as supervisors,
          count(w.id)::integer as everyone
        from person a left join watcher w on w.id <> a.id
        where a.organisation_id = $1 and a.id = any($2::uuid[]) group by a.id`,
    values: [organisationId, ids, viewAny, helps],
  }),
  (raw) => [
    raw.agent_id as string,
    { own: raw.own as number, supervisors: raw.supervisors as number, everyone: raw.everyone as number },
  ],
);
