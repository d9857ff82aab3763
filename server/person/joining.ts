import type { PersonId } from '../../shared/contract/id.ts';
import { derivedNoun } from '../hub/derived-noun.ts';

/**
 * How far somebody is with joining: from the tables `credential` and `invitation`, which only this room's writers fill. What
 * is in them never becomes an event.
 */
export interface Joining {
  /** Null for a first owner who has not redeemed the link yet. */
  readonly email: string | null;
  readonly joined: boolean;
  /** SHA-256 of the link's secret, in hex; null when there is no link. */
  readonly tokenHash: string | null;
  readonly expiresAt: number | null;
}

/** Keyed by the person. */
export const joiningNoun = derivedNoun<Joining>(
  'joining',
  (organisationId, ids) => ({
    text: `select c.person_id, c.email, c.joined_at is not null as joined, encode(i.token_hash, 'hex') as token_hash, i.expires_at
      from credential c left join invitation i using (person_id)
      where c.organisation_id = $1 and c.person_id = any($2::uuid[])`,
    values: [organisationId, ids],
  }),
  (raw) => [
    raw.person_id as PersonId,
    {
      email: raw.email as string | null,
      joined: raw.joined as boolean,
      tokenHash: raw.token_hash as string | null,
      expiresAt: raw.expires_at as number | null,
    },
  ],
);

/**
 * Whether somebody, in any organisation, signs in with an e-mail address. Keyed by the address as it was typed: only the
 * database makes it small, for the comparison as for its index, because not everybody makes every letter small alike.
 */
export const emailTakenNoun = derivedNoun<boolean>(
  'email-taken',
  (_organisationId, emails) => ({
    text: 'select given.email, email_taken(given.email) as taken from unnest($1::text[]) as given (email)',
    values: [emails],
  }),
  (raw) => [raw.email as string, raw.taken as boolean],
);

/** Ids of an organisation's active owners. Keyed by the organisation. */
export const ownersNoun = derivedNoun<readonly PersonId[]>(
  'owners',
  (organisationId, ids) => ({
    text: `select $1::uuid as organisation_id,
        array(select id from person where organisation_id = $1 and role = 'owner' and active order by id) as owners
      where $1 = any($2::uuid[])`,
    values: [organisationId, ids],
  }),
  (raw) => [raw.organisation_id as string, raw.owners as readonly PersonId[]],
);
