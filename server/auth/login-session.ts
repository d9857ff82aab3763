import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { OrganisationId, PersonId } from '../../shared/contract/id.ts';
import { isReadOnly } from '../db/errors.ts';

/** A session lapses when it is not used for so long, and in any case after `longestMs`. */
export const idleMs = 12 * 3_600_000;
export const longestMs = 30 * 24 * 3_600_000;
/** `last_seen_at` is written at most this often, so that a busy screen does not write at every request. */
const seenEveryMs = 60_000;

/** 'cookie': a browser. 'tab': a demo person in one tab, whose token travels in a header. */
export type SessionKind = 'cookie' | 'tab';

export interface SignedInAs {
  readonly personId: PersonId;
  readonly organisationId: OrganisationId;
  /** SHA-256 of the token, in hex: names the session without being able to use it. */
  readonly sessionHash: string;
}

/** Anything that can run one statement under the system's login. */
export type Queryable = Pick<pg.Pool, 'query'>;

/** SHA-256, in hex, of a secret that was handed out: what the database may know of it. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex');
}

const bytes = (hash: string): Buffer => Buffer.from(hash, 'hex');

/** Starts a session, and forgets those of the person that have lapsed. @returns the token, 256 bits, for the browser alone */
export async function startSession(
  db: Queryable,
  who: { readonly personId: PersonId; readonly organisationId: OrganisationId },
  kind: SessionKind,
  now: number,
): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await db.query({
    name: 'login-session-start',
    text: `with lapsed as (
        delete from login_session where person_id = $3 and (expires_at <= $5 or last_seen_at <= $7))
      insert into login_session (token_hash, organisation_id, person_id, kind, created_at, last_seen_at, expires_at)
      values ($1, $2, $3, $4, $5, $5, $6)`,
    values: [
      bytes(hashSecret(token)),
      who.organisationId,
      who.personId,
      kind,
      new Date(now),
      new Date(now + longestMs),
      new Date(now - idleMs),
    ],
  });
  return token;
}

/** Who tokens stand for; leaves out what is unknown, lapsed or of another kind, and whoever was deactivated. */
export async function findSessions(
  db: Queryable,
  tokens: readonly string[],
  kind: SessionKind,
  now: number,
): Promise<ReadonlyMap<string, SignedInAs>> {
  const byHash = new Map(tokens.map((token) => [hashSecret(token), token]));
  const found = await db.query<{
    hash: string;
    person_id: PersonId;
    organisation_id: OrganisationId;
    last_seen_at: number;
  }>({
    name: 'login-sessions-find',
    text: `select encode(s.token_hash, 'hex') as hash, s.person_id, s.organisation_id, s.last_seen_at
      from login_session s join person p on p.id = s.person_id
      where s.token_hash = any($1::bytea[]) and s.kind = $2 and s.expires_at > $3 and s.last_seen_at > $4 and p.active`,
    values: [[...byHash.keys()].map(bytes), kind, new Date(now), new Date(now - idleMs)],
  });
  await noteSeen(
    db,
    found.rows.filter((row) => row.last_seen_at <= now - seenEveryMs).map((row) => row.hash),
    now,
  );
  return new Map(
    found.rows.flatMap((row) => {
      const token = byHash.get(row.hash);
      const who = { personId: row.person_id, organisationId: row.organisation_id, sessionHash: row.hash };
      return token === undefined ? [] : [[token, who] as const];
    }),
  );
}

/**
 * Which of these sessions still stand, and notes that they are in use: for the once-a-second look at the hub's sockets, which
 * finds what a lost message between hubs has missed, and keeps a wall that only listens signed in.
 */
export async function keepSessions(db: Queryable, hashes: readonly string[], now: number): Promise<Set<string>> {
  if (hashes.length === 0) return new Set();
  const found = await db.query<{ hash: string; last_seen_at: number }>({
    name: 'login-session-keep',
    text: `select encode(s.token_hash, 'hex') as hash, s.last_seen_at
      from login_session s join person p on p.id = s.person_id
      where s.token_hash = any($1::bytea[]) and s.expires_at > $2 and s.last_seen_at > $3 and p.active`,
    values: [hashes.map(bytes), new Date(now), new Date(now - idleMs)],
  });
  await noteSeen(
    db,
    found.rows.filter((row) => row.last_seen_at <= now - seenEveryMs).map((row) => row.hash),
    now,
  );
  return new Set(found.rows.map((row) => row.hash));
}

/** Notes that sessions are in use. A database that takes no writes keeps nobody out: it is noted later. */
async function noteSeen(db: Queryable, hashes: readonly string[], now: number): Promise<void> {
  if (hashes.length === 0) return;
  try {
    await db.query({
      name: 'login-session-seen',
      text: 'update login_session set last_seen_at = $2 where token_hash = any($1::bytea[]) and last_seen_at <= $3',
      values: [hashes.map(bytes), new Date(now), new Date(now - seenEveryMs)],
    });
  } catch (error) {
    if (!isReadOnly(error)) throw error;
  }
}

/** Ends one session. */
export async function endSession(db: Queryable, sessionHash: string): Promise<void> {
  await db.query({
    name: 'login-session-end',
    text: 'delete from login_session where token_hash = $1',
    values: [bytes(sessionHash)],
  });
}
