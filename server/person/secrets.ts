import type { PersonId } from '../../shared/contract/id.ts';
import type { Secret, Writer } from '../hub/room.ts';

/**
 * What the events of this room leave in the tables `credential`, `invitation` and `login_session`. Addresses and hashes come
 * as the secret of an outcome and end here: they are in no event, log, answer or noun that is sent.
 */

const text = (secret: Secret | null, name: string): string | null => {
  const value = secret?.[name];
  return typeof value === 'string' ? value : null;
};

interface Credential {
  readonly personId: PersonId;
  readonly email: string | null;
}

/** Somebody was invited: the address to sign in with, and no password yet. */
const credentialWriter: Writer<Credential> = {
  table: 'credential',
  rows: (event, _before, secret) =>
    event.type === 'person:invited' ? [{ personId: event.person.id, email: text(secret, 'email') }] : [],
  save: (organisationId, rows) => ({
    text: `insert into credential (organisation_id, person_id, email)
      select $1::uuid, given.person_id, given.email from unnest($2::uuid[], $3::text[]) as given (person_id, email)`,
    values: [organisationId, rows.map((row) => row.personId), rows.map((row) => row.email)],
  }),
};

interface Redeemed extends Credential {
  readonly passwordHash: string | null;
  readonly at: number;
}

/** A link was redeemed: the password, the first owner's address, and when the person first joined. */
const passwordWriter: Writer<Redeemed> = {
  table: 'credential',
  rows: (event, _before, secret) => {
    const joined = event.type === 'person:joined' || (event.type === 'person:signed-out-everywhere' && secret !== null);
    if (!joined) return [];
    return [
      {
        personId: event.personId,
        passwordHash: text(secret, 'passwordHash'),
        email: text(secret, 'email'),
        at: event.at,
      },
    ];
  },
  save: (organisationId, rows) => ({
    text: `update credential set password_hash = coalesce(given.password_hash, credential.password_hash),
        email = coalesce(given.email, credential.email),
        joined_at = coalesce(credential.joined_at, to_timestamp(given.at / 1000))
      from unnest($2::uuid[], $3::text[], $4::text[], $5::double precision[]) as given (person_id, password_hash, email, at)
      where credential.organisation_id = $1 and credential.person_id = given.person_id`,
    values: [
      organisationId,
      rows.map((row) => row.personId),
      rows.map((row) => row.passwordHash),
      rows.map((row) => row.email),
      rows.map((row) => row.at),
    ],
  }),
};

interface Invitation {
  readonly personId: PersonId;
  readonly tokenHash: string;
  readonly expiresAt: number;
}

/** The open link of a person; a new one takes the place of the old. */
const invitationWriter: Writer<Invitation> = {
  table: 'invitation',
  rows: (event, _before, secret) => {
    const tokenHash = text(secret, 'tokenHash');
    if (tokenHash === null) return [];
    if (event.type === 'person:invited') return [{ personId: event.person.id, tokenHash, expiresAt: event.expiresAt }];
    if (event.type !== 'person:invitation-renewed') return [];
    return [{ personId: event.personId, tokenHash, expiresAt: event.expiresAt }];
  },
  save: (organisationId, rows) => {
    // One statement may touch a row once: of two links for one person in a batch the later one stands.
    const last = [...new Map(rows.map((row) => [row.personId, row])).values()];
    return {
      text: `insert into invitation (organisation_id, person_id, token_hash, expires_at)
        select $1::uuid, given.person_id, decode(given.token_hash, 'hex'), to_timestamp(given.expires_at / 1000)
        from unnest($2::uuid[], $3::text[], $4::double precision[]) as given (person_id, token_hash, expires_at)
        on conflict (person_id) do update set token_hash = excluded.token_hash, expires_at = excluded.expires_at`,
      values: [
        organisationId,
        last.map((row) => row.personId),
        last.map((row) => row.tokenHash),
        last.map((row) => row.expiresAt),
      ],
    };
  },
};

/** Links that are spent, or whose person may no longer come in. */
const invitationEndWriter: Writer<PersonId> = {
  table: 'invitation',
  rows: (event, _before, secret) => {
    if (event.type === 'person:joined' || event.type === 'person:deactivated') return [event.personId];
    return event.type === 'person:signed-out-everywhere' && secret !== null ? [event.personId] : [];
  },
  save: (organisationId, rows) => ({
    text: 'delete from invitation where organisation_id = $1 and person_id = any($2::uuid[])',
    values: [organisationId, rows],
  }),
};

/** Sessions end with the right to come in. Sockets are closed at the gate out, after the commit. */
const sessionEndWriter: Writer<PersonId> = {
  table: 'login_session',
  rows: (event) =>
    event.type === 'person:deactivated' || event.type === 'person:signed-out-everywhere' ? [event.personId] : [],
  save: (organisationId, rows) => ({
    text: 'delete from login_session where organisation_id = $1 and person_id = any($2::uuid[])',
    values: [organisationId, rows],
  }),
};

/** In the order in which they must be saved: an invitation that is made and spent in one batch is spent. */
export const secretWriters = [
  credentialWriter,
  passwordWriter,
  invitationWriter,
  invitationEndWriter,
  sessionEndWriter,
] as const;
