import type pg from 'pg';
import { DatabaseSetupError } from './errors.ts';

/** The oldest server whose SQL the hub speaks. */
const oldest = 15;

/** Where a setting's value comes from decides what takes it back; `pg_settings.source` of the PostgreSQL manual. */
function mendSynchronousCommit(source: string, user: string, database: string): string {
  if (source === 'user') return `alter role ${user} reset synchronous_commit;`;
  if (source === 'database') return `alter database ${database} reset synchronous_commit;`;
  if (source === 'database user') return `alter role ${user} in database ${database} reset synchronous_commit;`;
  return 'alter system set synchronous_commit = on;\nselect pg_reload_conf();';
}

/**
 * Refuses a login that would acknowledge what is not durable (I1). Asked of every role that the hub uses, because a role or
 * a database can have a value of its own.
 * @throws DatabaseSetupError with the SQL that mends it
 */
export async function checkDurability(client: pg.ClientBase): Promise<void> {
  const found = await client.query<{ name: string; source: string; role: string; database: string }>(
    `select name, source, quote_ident(current_user::text) as role, quote_ident(current_database()) as database
       from pg_settings where name in ('fsync', 'synchronous_commit') and setting = 'off'`,
  );
  const off = found.rows[0];
  if (!off) return;
  throw new DatabaseSetupError(
    `The database has ${off.name} = off for ${off.role}, so it would confirm what a crash can lose; Halyard does not start on that. Run this SQL as a superuser and start again:`,
    off.name === 'fsync'
      ? 'alter system set fsync = on;\nselect pg_reload_conf();'
      : mendSynchronousCommit(off.source, off.role, off.database),
  );
}

/**
 * Refuses a server that the hub cannot work on: too old, a read-only replica, not UTF-8, not durable, or without the right to
 * create tables.
 * @param client the login that owns the hub's tables
 * @throws DatabaseSetupError with the SQL that mends it, where SQL can
 */
export async function checkServer(client: pg.ClientBase): Promise<void> {
  const found = await client.query<{
    version: number;
    replica: boolean;
    encoding: string;
    role: string;
    database: string;
    schema: string | null;
    mayCreate: boolean | null;
  }>(
    `select current_setting('server_version_num')::int as version,
            pg_is_in_recovery() as replica,
            current_setting('server_encoding') as encoding,
            quote_ident(current_user::text) as role,
            quote_ident(current_database()) as database,
            quote_ident(current_schema()) as schema,
            has_schema_privilege(current_schema(), 'create') as "mayCreate"`,
  );
  const server = found.rows[0];
  if (!server) throw new DatabaseSetupError('The database did not say what it is.');
  const major = Math.floor(server.version / 10_000);
  if (major < oldest) {
    throw new DatabaseSetupError(
      `The database is PostgreSQL ${major}, but Halyard needs ${oldest} or newer; upgrade it.`,
    );
  }
  if (server.replica) {
    throw new DatabaseSetupError('The database is a read-only replica; point DATABASE_URL to its primary.');
  }
  if (server.encoding !== 'UTF8') {
    throw new DatabaseSetupError(
      `The database stores text as ${server.encoding}, which cannot hold every language; create one that can:`,
      `create database halyard encoding 'UTF8' template template0;`,
    );
  }
  await checkDurability(client);
  if (!server.mayCreate) {
    throw new DatabaseSetupError(
      `The user ${server.role} may not create tables in the database ${server.database}. Run this SQL as a superuser and start again:`,
      `grant create, usage on schema ${server.schema ?? 'public'} to ${server.role};`,
    );
  }
}
