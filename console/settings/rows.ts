import type { PersonId, TeamId } from '../../shared/contract/id.ts';
import type { Person } from '../../shared/contract/person.ts';
import type { PersonDetail } from '../../shared/contract/read.ts';
import type { Team } from '../../shared/contract/team.ts';

/** Where somebody stands: may come in, is asked to, no longer is, or may not any more. */
export type Standing = 'active' | 'invited' | 'lapsed' | 'withdrawn' | 'deactivated';
export type Filter = 'active' | 'invited' | 'deactivated';

export interface PersonRow extends PersonDetail {
  readonly standing: Standing;
  /** Names of teams, in the order of the alphabet; archived ones are left out. */
  readonly serves: readonly string[];
  readonly supervisesNames: readonly string[];
}

/** @param now hub time, ms */
export function standingOf(person: PersonDetail, now: number): Standing {
  if (person.active) return 'active';
  if (person.joined) return 'deactivated';
  if (person.invitationExpiresAt === null) return 'withdrawn';
  return person.invitationExpiresAt > now ? 'invited' : 'lapsed';
}

export const filterOf: Readonly<Record<Standing, Filter>> = {
  active: 'active',
  invited: 'invited',
  lapsed: 'invited',
  withdrawn: 'invited',
  deactivated: 'deactivated',
};

function names(ids: readonly TeamId[], teams: ReadonlyMap<TeamId, Team>): readonly string[] {
  return ids
    .flatMap((id) => {
      const team = teams.get(id);
      return team?.active ? [team.name] : [];
    })
    .sort((a, b) => a.localeCompare(b));
}

/**
 * The list as it stands now: what the page read (addresses, links, last seen), with what the live floor knows better.
 * @param now hub time, ms
 */
export function rowsOf(
  details: readonly PersonDetail[],
  people: ReadonlyMap<PersonId, Person>,
  teams: ReadonlyMap<TeamId, Team>,
  now: number,
): readonly PersonRow[] {
  return details
    .map((detail) => {
      const person: PersonDetail = { ...detail, ...people.get(detail.id) };
      return {
        ...person,
        // Somebody who is active has joined, whatever the page said before.
        joined: person.joined || person.active,
        standing: standingOf(person, now),
        serves: names(person.teamIds, teams),
        supervisesNames: names(person.supervises, teams),
      };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();

/** Rows that hold every word of the search somewhere, and stand as the filter says (null: any way). */
export function found(rows: readonly PersonRow[], search: string, filter: Filter | null): readonly PersonRow[] {
  const wanted = fold(search)
    .split(/\s+/)
    .filter((word) => word !== '');
  return rows.filter((row) => {
    if (filter !== null && filterOf[row.standing] !== filter) return false;
    const text = fold([row.name, row.email, row.role, ...row.serves, ...row.supervisesNames].join(' '));
    return wanted.every((word) => text.includes(word));
  });
}
