import type { Flag } from '../../shared/contract/flag.ts';
import type { OrganisationId } from '../../shared/contract/id.ts';
import type { RecentFlag } from '../../shared/contract/snapshot.ts';
import { recentFlag } from '../../shared/live/apply.ts';
import type { Raw, Statement } from '../hub/room.ts';
import { flagTable } from './flag.ts';

/** Whose flags a person sees: everybody's, or their own, those of agents they supervise, and what has reached every supervisor. */
const seen = `($2 or agent_id = $4 or agent_id in (select id from person where organisation_id = $1 and team_ids && $3::uuid[])
  or ($6 and reach <> 'own'))`;

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
      and (lowered is null or raised_at > to_timestamp($5::double precision / 1000)) order by raised_at`,
    values: [organisationId, sight.all, sight.supervises, sight.personId, since, sight.helps],
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
