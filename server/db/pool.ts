import pg from 'pg';
import type { Log } from '../log.ts';
import { checkDurability, checkServer } from './check.ts';
import { DatabaseSetupError, sqlState } from './errors.ts';
import { migrate, migrationFolder } from './migrate.ts';
import { checkOwner, ensureRoles, type RoleKey, resetPassword, roleNames, rolePassword } from './roles.ts';

/**
 * The hub's database: one pool per login, so that what a piece of code may see is decided by the pool it was handed.
 *
 * Values: an instant (`timestamptz`) is read as a number, milliseconds since the epoch, and `bigint` as a number; `numeric`
 * stays a string. An instant is written as a `Date`.
 *
 * Every client is in pipeline mode: statements go out as they are issued, without waiting for the answer to the one
 * before. Each is followed by its own Sync, so a statement that fails does not skip those behind it: inside a transaction
 * they fail with 25P02, and `commit` then answers ROLLBACK *without an error*. A statement whose values cannot be written
 * fails on this side and is never sent, and a `commit` behind it would keep the half. `sendAll` (`pipeline.ts`) holds
 * both; send transactions through it.
 */
export interface Database {
  /** Login `halyard_app`: staff, under row-level security. */
  app: pg.Pool;
  /** Login `halyard_customer`: customers, under row-level security, without the internal tables. */
  customer: pg.Pool;
  /** Login `halyard_system`: all organisations; poll, timed jobs, sign-in, session lookup. */
  system: pg.Pool;
  /** Waits for what is running and closes every connection. Safe to call twice. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** DATABASE_URL of the user that owns the tables. Give this or `connection`. */
  url?: string;
  /** The same as fields; a password in it is the secret of the derived ones. */
  connection?: pg.ClientConfig;
  log: Log;
  /** Folder of the migrations; the hub's own by default. */
  migrations?: string;
}

const connectTimeoutMs = 3_000;
const sizes: Record<RoleKey, number> = { app: 10, customer: 5, system: 5 };
const statementTimeoutMs: Record<RoleKey, number> = { app: 10_000, customer: 10_000, system: 30_000 };
/** A hub that hangs inside a transaction holds its organisation's line; the server then ends the session. */
const idleInTransactionMs = 10_000;

/** How values are read; for clients that are made outside the pools too. Numbers are the types' fixed ids in PostgreSQL. */
export const valueTypes: pg.TypeOverrides = readableValues();

function readableValues(): pg.TypeOverrides {
  const { INT8, TIMESTAMPTZ } = pg.types.builtins;
  const int8Array = 1016;
  const instantArray = 1185;
  const readDate: (text: string) => Date = pg.types.getTypeParser(TIMESTAMPTZ);
  const instant = (text: string): number => readDate(text).getTime();
  const types = new pg.TypeOverrides();
  types.setTypeParser(INT8, 'text', Number);
  types.setTypeParser(TIMESTAMPTZ, 'text', instant);
  types.setTypeParser(int8Array, 'text', (text: string) => list(text, Number));
  types.setTypeParser(instantArray, 'text', (text: string) => list(text, instant));
  return types;
}

/** A one-dimensional array of values that hold no comma, quote or brace themselves. */
function list(text: string, read: (entry: string) => number): (number | null)[] {
  if (text === '{}') return [];
  const entries = text.slice(1, -1).split(',');
  return entries.map((entry) => (entry === 'NULL' ? null : read(entry.replaceAll('"', ''))));
}

/** The same address with another user and password; null keeps the password out. */
function withLogin(options: DatabaseOptions, user: string, password: string | null): pg.ClientConfig {
  if (options.url === undefined) {
    const { password: _owner, ...rest } = options.connection ?? {};
    return { ...rest, user, ...(password === null ? {} : { password }) };
  }
  const url = new URL(options.url);
  url.searchParams.delete('user');
  url.searchParams.delete('password');
  if (url.host === '') {
    // A URL without a host, for a socket folder, has no place for a user.
    url.searchParams.set('user', user);
    if (password !== null) url.searchParams.set('password', password);
  } else {
    url.username = user;
    url.password = password ?? '';
  }
  return { connectionString: url.href };
}

/** The password of the tables' owner, from which the others are derived; null where there is none. */
function ownerSecret(options: DatabaseOptions): string | null {
  if (options.url === undefined) {
    return typeof options.connection?.password === 'string' ? options.connection.password : null;
  }
  const url = new URL(options.url);
  return decodeURIComponent(url.password) || url.searchParams.get('password') || null;
}

function openPool(options: DatabaseOptions, key: RoleKey, secret: string | null): pg.Pool {
  const pool = new pg.Pool({
    ...withLogin(options, roleNames[key], secret === null ? null : rolePassword(secret, key)),
    application_name: `halyard ${key}`,
    max: sizes[key],
    pipeline: true,
    types: valueTypes,
    keepAlive: true,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: 60_000,
    statement_timeout: statementTimeoutMs[key],
    idle_in_transaction_session_timeout: idleInTransactionMs,
  });
  // A connection that dies while nobody uses it is an event of the pool, and one in use is an event of the client; either
  // would end the process without a listener. Whoever uses it gets the error from the query.
  pool.on('error', (error) => options.log.warn({ pool: key, error: error.message }, 'a database connection was lost'));
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

const wrongPassword = new Set(['28P01', '28000']);

/** Signs in once through the pool, mending the role's password where this hub may. */
async function proveLogin(owner: pg.Client, pool: pg.Pool, key: RoleKey, secret: string | null): Promise<void> {
  try {
    await prove(pool);
  } catch (error) {
    if (!wrongPassword.has(sqlState(error) ?? '')) throw error;
    if (secret === null) {
      throw new DatabaseSetupError(
        `The database lets ${roleNames[key]} in by password only; put the owner's password into DATABASE_URL.`,
        null,
        error,
      );
    }
    await resetPassword(owner, key, secret);
    await prove(pool);
  }
}

async function prove(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await checkDurability(client);
    const allowed = await client.query<{ schema: string; usage: boolean; role: string }>(
      `select nspname as schema, has_schema_privilege(oid, 'usage') as usage, current_user::text as role
         from pg_namespace where nspname = coalesce(current_schema(), 'public')`,
    );
    const [schema] = allowed.rows;
    if (schema && !schema.usage) {
      throw new DatabaseSetupError(
        `The role ${schema.role} may not use the schema ${schema.schema}. Run this SQL as its owner and start again:`,
        `grant usage on schema ${schema.schema} to ${Object.values(roleNames).join(', ')};`,
      );
    }
  } finally {
    client.release();
  }
}

/**
 * Opens the database: checks the server, makes the roles, brings the tables up to date, and signs in under each login.
 * @throws DatabaseSetupError with a sentence, and the SQL that mends it where there is one
 * @throws what `pg` throws where the server cannot be reached (`isConnectionLost` tells)
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const secret = ownerSecret(options);
  const owner = new pg.Client({
    ...(options.url === undefined ? options.connection : { connectionString: options.url }),
    application_name: 'halyard owner',
    connectionTimeoutMillis: connectTimeoutMs,
    types: valueTypes,
  });
  owner.on('error', () => {});
  const pools: Partial<Record<RoleKey, pg.Pool>> = {};
  const closePools = async (): Promise<void> => {
    await Promise.all(Object.values(pools).map((pool) => (pool.ending ? undefined : pool.end())));
  };
  const open = async (key: RoleKey): Promise<pg.Pool> => {
    const pool = openPool(options, key, secret);
    pools[key] = pool;
    await proveLogin(owner, pool, key, secret);
    return pool;
  };
  try {
    await owner.connect();
    await checkOwner(owner);
    await checkServer(owner);
    await ensureRoles(owner, secret);
    const applied = await migrate(owner, options.migrations ?? migrationFolder());
    if (applied.length > 0) options.log.info({ applied }, 'the tables are up to date');
    return {
      app: await open('app'),
      customer: await open('customer'),
      system: await open('system'),
      close: closePools,
    };
  } catch (error) {
    await closePools();
    throw error;
  } finally {
    await owner.end().catch(() => {});
  }
}
