import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import type { DatabaseOptions } from '../../server/db/pool.ts';
import { inDatabase, templateName } from './global-database.ts';

/** A migrated database of one test's own. */
export interface TestDatabase {
  /** What `openDatabase` takes (beside `log`): a superuser's login. */
  options: Pick<DatabaseOptions, 'url'> | Pick<DatabaseOptions, 'connection'>;
  /** The same as one address, for a hub that runs as its own process (DATABASE_URL). */
  url: string;
  /** The same for a `pg.Client` of the test, which sees everything. */
  admin: pg.ClientConfig;
  /** Cuts what is still connected, and removes it or empties it for another test. */
  drop(): Promise<void>;
}

function serverConfig(): pg.ClientConfig {
  const server = inject('databaseServer');
  return 'url' in server ? { connectionString: server.url } : { ...server, database: 'postgres' };
}

/** Runs one statement as superuser outside any test's database. */
export async function administer(statement: string): Promise<void> {
  const client = new pg.Client(serverConfig());
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function asUrl(config: pg.ClientConfig): string {
  if (config.connectionString !== undefined) return config.connectionString;
  const query = new URLSearchParams({
    host: String(config.host),
    port: String(config.port),
    user: String(config.user),
  });
  return `postgres:///${config.database}?${query}`;
}

/** Names of databases that this worker has used, emptied and may use again. */
const free: string[] = [];

/**
 * Empties a used database: cuts what is still connected, then takes every row but those of the migrations. Triggers and
 * foreign keys rest meanwhile, so the order of the tables does not matter.
 */
const empty = `do $$
  declare one record;
  begin
    perform pg_terminate_backend(pid, 5000) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid();
    set local session_replication_role = replica;
    for one in select oid::regclass as name from pg_class
      where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> 'migration'
    loop
      execute format('delete from %s', one.name);
    end loop;
  end
$$`;

/** What a test may have changed beside rows: the catalog of its tables, and settings of its database. */
const shape = `select
  (select string_agg(concat_ws(' ', relname, relkind, relnatts, relrowsecurity, relacl), ',' order by relname)
     from pg_class where relnamespace = 'public'::regnamespace) as tables,
  (select concat(nspacl) from pg_namespace where nspname = 'public') as rights,
  (select count(*)::int from pg_db_role_setting join pg_database on pg_database.oid = setdatabase
     where datname = current_database()) as settings`;

interface Shape {
  readonly tables: string;
  readonly rights: string;
  readonly settings: number;
}

async function shapeOf(client: pg.Client): Promise<Shape> {
  const { rows } = await client.query<Shape>(shape);
  const [found] = rows;
  if (found === undefined) throw new Error('a select without a table gives one row');
  return found;
}

/** What a whole database looks like; the same for all of a run. */
let whole: Shape | undefined;

/** @returns whether it is as it was made, so that it can be used again */
async function emptied(admin: pg.ClientConfig): Promise<boolean> {
  const client = new pg.Client(admin);
  try {
    await client.connect();
    await client.query(empty);
    const found = await shapeOf(client);
    return found.tables === whole?.tables && found.rights === whole.rights && found.settings === 0;
  } catch {
    // Read-only, gone, or with a session that does not end: the next test gets another one.
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * Gives an empty database with all tables that nobody else uses: one that an earlier test of this worker has left, or a copy
 * of the run's template.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = free.pop() ?? (await copyTemplate());
  const admin = inDatabase(serverConfig(), name);
  let held = true;
  return {
    options: admin.connectionString === undefined ? { connection: admin } : { url: admin.connectionString },
    url: asUrl(admin),
    admin,
    async drop() {
      // It may be another test's by the second time.
      if (!held) return;
      held = false;
      if (await emptied(admin)) free.push(name);
      else await administer(`drop database if exists ${name} with (force)`);
    },
  };
}

/** @returns the name of a new one */
async function copyTemplate(): Promise<string> {
  const name = `halyard_test_${randomBytes(6).toString('hex')}`;
  await administer(`create database ${name} template ${templateName} strategy file_copy`);
  if (whole === undefined) {
    const client = new pg.Client(inDatabase(serverConfig(), name));
    await client.connect();
    whole = await shapeOf(client);
    await client.end();
  }
  return name;
}
