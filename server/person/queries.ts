import type pg from 'pg';
import type { OrganisationId } from '../../shared/contract/id.ts';
import { type Person, person as personSchema } from '../../shared/contract/person.ts';
import type { PersonDetail, PersonPage } from '../../shared/contract/read.ts';

interface Row {
  person: unknown;
  email: string | null;
  joined: boolean;
  invitation_expires_at: number | null;
  last_seen_at: number | null;
}

/**
 * Everybody of an organisation, with what the people page shows beside it; for holders of `person.manage` alone, because it
 * carries e-mail addresses.
 * @param transaction a client of the login `halyard_app` inside a transaction that has set `halyard.organisation`
 */
export async function readPeople(transaction: pg.ClientBase, organisationId: OrganisationId): Promise<PersonPage> {
  const clock = await transaction.query<{ position: number }>({
    name: 'people-position',
    text: 'select position from clock where organisation_id = $1',
    values: [organisationId],
  });
  const people = await transaction.query<Row>({
    name: 'people',
    text: `select json_build_object('id', p.id, 'name', p.name, 'role', p.role, 'teamIds', p.team_ids,
          'supervises', p.supervises, 'status', p.status, 'statusSince', round(extract(epoch from p.status_since) * 1000),
          'capacity', p.capacity, 'reachable', p.reachable, 'active', p.active) as person,
        c.email, c.joined_at is not null as joined, i.expires_at as invitation_expires_at, s.last_seen_at
      from person p
        join credential c on c.person_id = p.id
        left join invitation i on i.person_id = p.id
        left join lateral (select max(last_seen_at) as last_seen_at from login_session where person_id = p.id) s on true
      where p.organisation_id = $1
      order by lower(p.name), p.id`,
    values: [organisationId],
  });
  return { position: clock.rows[0]?.position ?? 0, people: people.rows.map(detail) };
}

function detail(row: Row): PersonDetail {
  const person: Person = personSchema.parse(row.person);
  return {
    ...person,
    email: row.email ?? '',
    joined: row.joined,
    invitationExpiresAt: row.invitation_expires_at,
    lastSeenAt: row.last_seen_at,
  };
}
