import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import type pg from 'pg';
import { DatabaseSetupError, sqlState } from './errors.ts';

/** The logins of the hub beside the owner of its tables. What each may read and write stands in the migrations. */
export const roleNames = {
  /** Serves staff: row-level security holds it to one organisation. */
  app: 'halyard_app',
  /** Serves customers: row-level security, and no right at all to what is internal (I7). */
  customer: 'halyard_customer',
  /** Poll, timed jobs, sign-in and session lookup: sees every organisation. */
  system: 'halyard_system',
} as const;

export type RoleKey = keyof typeof roleNames;
const roleKeys: RoleKey[] = ['app', 'customer', 'system'];

const scramRounds = 4_096;

/**
 * Password of one of the hub's logins, the same for all hubs on a database without anyone storing it.
 * @param secret the password in DATABASE_URL
 */
export function rolePassword(secret: string, key: RoleKey): string {
  return createHmac('sha256', secret).update(`halyard role ${roleNames[key]}`).digest('hex');
}

/**
 * What PostgreSQL stores for that password (RFC 5803, RFC 7677). Statements carry this instead of the password, so that
 * neither the server's log nor a terminal that shows the statement can be used to sign in.
 */
export function scramVerifier(secret: string, key: RoleKey): string {
  const hmac = (by: Buffer, text: string): Buffer => createHmac('sha256', by).update(text).digest();
  const salt = createHmac('sha256', secret).update(`halyard salt ${roleNames[key]}`).digest().subarray(0, 16);
  const salted = pbkdf2Sync(rolePassword(secret, key), salt, scramRounds, 32, 'sha256');
  const stored = createHash('sha256').update(hmac(salted, 'Client Key')).digest('base64');
  const server = hmac(salted, 'Server Key').toString('base64');
  return `SCRAM-SHA-256$${scramRounds}:${salt.toString('base64')}$${stored}:${server}`;
}

/** The statement that makes a role, or makes it right. */
function roleSql(key: RoleKey, verb: 'create' | 'alter', secret: string | null): string {
  const password = secret === null ? '' : ` password '${scramVerifier(secret, key)}'`;
  return `${verb} role ${roleNames[key]} login ${key === 'system' ? 'bypassrls' : 'nobypassrls'}${password};`;
}

interface RoleRow {
  rolname: string;
  right: boolean;
}

async function missing(client: pg.ClientBase): Promise<{ key: RoleKey; verb: 'create' | 'alter' }[]> {
  const found = await client.query<RoleRow>(
    `select rolname, rolcanlogin and not rolsuper and rolbypassrls = (rolname = $2) as right
       from pg_roles where rolname = any($1)`,
    [Object.values(roleNames), roleNames.system],
  );
  return roleKeys.flatMap((key) => {
    const row = found.rows.find((candidate) => candidate.rolname === roleNames[key]);
    if (row?.right) return [];
    return [{ key, verb: row ? ('alter' as const) : ('create' as const) }];
  });
}

function mayNot(user: string, statements: string[], cause: unknown): DatabaseSetupError {
  return new DatabaseSetupError(
    `The user ${user} may not make the roles that Halyard works under. Run this SQL as a superuser and start again:`,
    statements.join('\n'),
    cause,
  );
}

async function currentUser(client: pg.ClientBase): Promise<string> {
  const found = await client.query<{ user: string }>('select current_user::text as user');
  return found.rows[0]?.user ?? '';
}

/**
 * Refuses an owner's login that is one of the hub's: the owner of a table is not held by its row-level security.
 * @throws DatabaseSetupError
 */
export async function checkOwner(client: pg.ClientBase): Promise<void> {
  const user = await currentUser(client);
  if (!Object.values<string>(roleNames).includes(user)) return;
  throw new DatabaseSetupError(
    `DATABASE_URL signs in as ${user}, which Halyard keeps for itself; give it the user that owns the database.`,
  );
}

/** Other hubs (and other databases of the same server) make the same roles at the same time. */
const raced = new Set(['42710', '23505', 'XX000']);

/**
 * Makes the hub's roles where they are missing or wrong.
 * @param client a login that may make roles, or one that may not on a server where they exist
 * @param secret see `rolePassword`; null where the server lets local logins in without a password
 * @throws DatabaseSetupError with the SQL to run, where this login may not
 */
export async function ensureRoles(client: pg.ClientBase, secret: string | null): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const wrong = await missing(client);
    if (wrong.length === 0) return;
    const statements = wrong.map(({ key, verb }) => roleSql(key, verb, secret));
    try {
      for (const statement of statements) await client.query(statement);
      return;
    } catch (error) {
      const state = sqlState(error) ?? '';
      if (state === '42501') throw mayNot(await currentUser(client), statements, error);
      if (!raced.has(state) || attempt === 10) throw error;
    }
  }
}

/**
 * Gives a role the password that this hub derives; needed where the roles were made under another password of the owner.
 * @throws DatabaseSetupError with the SQL to run, where this login may not
 */
export async function resetPassword(client: pg.ClientBase, key: RoleKey, secret: string | null): Promise<void> {
  const statement = roleSql(key, 'alter', secret);
  try {
    await client.query(statement);
  } catch (error) {
    const state = sqlState(error) ?? '';
    if (state === '42501') throw mayNot(await currentUser(client), [statement], error);
    // "tuple concurrently updated": another hub set the same password just now.
    if (!raced.has(state)) throw error;
  }
}
