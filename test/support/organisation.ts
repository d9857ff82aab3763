import { create, type Founder } from '../../server/organisation/create.ts';
import { startClock } from '../../server/organisation/queries.ts';
import type { OrganisationId, PersonId, TeamId } from '../../shared/contract/id.ts';
import { newId } from '../../shared/contract/uuid.ts';
import type { Staff } from './staff.ts';

export interface MadeOrganisation {
  readonly id: OrganisationId;
  /** By name. */
  readonly people: ReadonlyMap<string, PersonId>;
  readonly teams: ReadonlyMap<string, TeamId>;
  person(name: string): PersonId;
  team(name: string): TeamId;
}

export const founder = (name: string, role: Founder['role'], more: Partial<Founder> = {}): Founder => ({
  name,
  email: `${name.toLowerCase().replaceAll(' ', '.')}@example.org`,
  role,
  teams: [],
  supervises: [],
  capacity: 3,
  tokenHash: null,
  ...more,
});

/** An organisation with the given teams and people, all active, made by the hub's own command. */
export async function makeOrganisation(
  staff: Staff,
  parts: { name?: string; demo?: boolean; teams?: string[]; people: Founder[] },
): Promise<MadeOrganisation> {
  const id = newId<'organisation'>(staff.now);
  const name = parts.name ?? 'Harbour Help';
  await startClock(staff.db.system, id, name);
  const input = { name, parentId: null, demo: parts.demo ?? false, teams: parts.teams ?? [], people: parts.people };
  const answer = await staff.run(id, 'organisation:create', create, input);
  if (!answer.ok) throw new Error(answer.refusal.message);
  const people = await staff.rows<{ id: PersonId; name: string }>(
    'select id, name from person where organisation_id = $1',
    [id],
  );
  const teams = await staff.rows<{ id: TeamId; name: string }>('select id, name from team where organisation_id = $1', [
    id,
  ]);
  const byName = <T extends string>(rows: readonly { id: T; name: string }[]): Map<string, T> =>
    new Map(rows.map((row) => [row.name, row.id]));
  const named = <T>(map: ReadonlyMap<string, T>, wanted: string): T => {
    const found = map.get(wanted);
    if (found === undefined) throw new Error(`there is no ${wanted}`);
    return found;
  };
  const made = { people: byName(people), teams: byName(teams) };
  return { id, ...made, person: (wanted) => named(made.people, wanted), team: (wanted) => named(made.teams, wanted) };
}
