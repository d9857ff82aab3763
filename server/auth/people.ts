import type { OrganisationId, PersonId } from '../../shared/contract/id.ts';
import type { Door, InvitationView, SignedIn } from '../../shared/contract/read.ts';
import type { Queryable } from './login-session.ts';

/** What sign-in looks up, under the system's login: nobody's organisation is known before. */

export interface Known {
  readonly personId: PersonId;
  readonly organisationId: OrganisationId;
  readonly active: boolean;
  readonly passwordHash: string | null;
}

/** Who signs in with this address; null when nobody does. */
export async function findByEmail(db: Queryable, email: string): Promise<Known | null> {
  const found = await db.query<{
    person_id: PersonId;
    organisation_id: OrganisationId;
    active: boolean;
    password_hash: string | null;
  }>({
    name: 'sign-in',
    text: `select c.person_id, c.organisation_id, c.password_hash, p.active
      from credential c join person p on p.id = c.person_id where lower(c.email) = lower($1)`,
    values: [email],
  });
  const [row] = found.rows;
  if (row === undefined) return null;
  return {
    personId: row.person_id,
    organisationId: row.organisation_id,
    active: row.active,
    passwordHash: row.password_hash,
  };
}

/** The people of the demo organisation, as the demo door lists them; or the one with this id. */
export async function demoPeople(
  db: Queryable,
  personId: string | null,
): Promise<(Door['demo'][number] & { organisationId: OrganisationId })[]> {
  const found = await db.query<{
    id: PersonId;
    organisation_id: OrganisationId;
    name: string;
    role: string;
    teams: string[];
  }>({
    name: 'demo-people',
    text: `select p.id, p.organisation_id, p.name, p.role,
        array(select t.name from team t where t.id = any(p.team_ids || p.supervises) order by t.name) as teams
      from person p join organisation o on o.id = p.organisation_id
      where o.demo and p.active and ($1::uuid is null or p.id = $1)
      order by array_position(array['agent', 'supervisor', 'admin', 'owner'], p.role),
        cardinality(p.supervises) desc, p.name, p.id`,
    values: [personId],
  });
  return found.rows.map((row) => ({
    personId: row.id,
    organisationId: row.organisation_id,
    name: row.name,
    role: row.role,
    teams: row.teams,
  }));
}

export interface OpenLink {
  readonly personId: PersonId;
  readonly organisationId: OrganisationId;
  readonly view: InvitationView;
}

/** The open link with this hash (hex); null when it was used, replaced or has lapsed. */
export async function findLink(db: Queryable, tokenHash: string, now: number): Promise<OpenLink | null> {
  const found = await db.query<{
    person_id: PersonId;
    organisation_id: OrganisationId;
    name: string;
    email: string | null;
    joined: boolean;
    organisation: string;
    expires_at: number;
  }>({
    name: 'find-link',
    text: `select i.person_id, i.organisation_id, p.name, c.email, c.joined_at is not null as joined,
        o.name as organisation, i.expires_at
      from invitation i join person p on p.id = i.person_id join credential c on c.person_id = i.person_id
        join organisation o on o.id = i.organisation_id
      where i.token_hash = $1 and i.expires_at > $2`,
    values: [Buffer.from(tokenHash, 'hex'), new Date(now)],
  });
  const [row] = found.rows;
  if (row === undefined) return null;
  return {
    personId: row.person_id,
    organisationId: row.organisation_id,
    view: {
      name: row.name,
      email: row.email,
      organisation: row.organisation,
      joined: row.joined,
      expiresAt: row.expires_at,
    },
  };
}

/** What a screen is told about who signed in. */
export async function describe(db: Queryable, personId: PersonId, token: string | null): Promise<SignedIn | null> {
  const found = await db.query<{ organisation_id: OrganisationId; name: string; role: string }>({
    name: 'signed-in',
    text: 'select organisation_id, name, role from person where id = $1 and active',
    values: [personId],
  });
  const [row] = found.rows;
  if (row === undefined) return null;
  return { personId, organisationId: row.organisation_id, name: row.name, role: row.role, token };
}
