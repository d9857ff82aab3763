import { isId, type OrganisationId, type PersonId } from '../../shared/contract/id.ts';
import { holds, type Permission, permissionsOf, type Role } from '../../shared/contract/permission.ts';
import { type Person, person as personSchema } from '../../shared/contract/person.ts';
import type { Queryable } from './login-session.ts';

/** Names of audiences, as the hub's audience table uses them. */
export type PersonRoom =
  | 'everyone'
  | `person:${string}`
  | `team:${string}`
  | `supervisors:${string}`
  | `right:${Permission}`;

/** A person of the staff with what decides which events reach their screens. */
export interface Principal {
  readonly personId: PersonId;
  readonly organisationId: OrganisationId;
  readonly person: Person;
  readonly rooms: readonly PersonRoom[];
}

const rights = (role: Role): readonly PersonRoom[] => permissionsOf[role].map((one) => `right:${one}` as const);
/** The same strings for everybody of a role: a hub holds ten thousand people, and each of these would be there as often. */
const rightsOf: Readonly<Record<Role, readonly PersonRoom[]>> = {
  owner: rights('owner'),
  admin: rights('admin'),
  supervisor: rights('supervisor'),
  agent: rights('agent'),
};

/** The audiences that a person belongs to. */
export function roomsOf(person: Person): readonly PersonRoom[] {
  return [
    'everyone',
    `person:${person.id}`,
    ...person.teamIds.map((id) => `team:${id}` as const),
    ...(holds(person.role, 'supervision.own') ? person.supervises.map((id) => `supervisors:${id}` as const) : []),
    ...rightsOf[person.role],
  ];
}

/** Reads people as they stand now; leaves out whoever does not exist or is not active. */
export async function readPrincipals(
  db: Queryable,
  personIds: readonly string[],
): Promise<ReadonlyMap<string, Principal>> {
  const ids = personIds.filter((id) => isId<'person'>(id));
  if (ids.length === 0) return new Map();
  const found = await db.query<{ id: PersonId; organisation_id: OrganisationId; person: unknown }>({
    name: 'principals',
    text: `select id, organisation_id, json_build_object('id', id, 'name', name, 'role', role, 'teamIds', team_ids,
        'supervises', supervises, 'status', status, 'statusSince', round(extract(epoch from status_since) * 1000),
        'capacity', capacity, 'reachable', reachable, 'active', active) as person
      from person where id = any($1::uuid[]) and active`,
    values: [ids],
  });
  return new Map(
    found.rows.map((row) => {
      const person = personSchema.parse(row.person);
      return [row.id, { personId: row.id, organisationId: row.organisation_id, person, rooms: roomsOf(person) }];
    }),
  );
}

/** Reads a person as they stand now; null when there is none, or they are not active. */
export async function readPrincipal(db: Queryable, personId: string): Promise<Principal | null> {
  return (await readPrincipals(db, [personId])).get(personId) ?? null;
}
