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
  /** Cuts what is still connected and removes it. */
  drop(): Promise<void>;
}

function serverConfig(): pg.ClientConfig {
  const server = inject('databaseServer');
  return 'url' in server ? { connectionString: server.url } : { ...server, database: 'postgres' };
}

/** Runs one statement as superuser outside any test's database. */
async function administer(statement: string): Promise<void> {
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

/** Makes an empty database with all tables, as a copy of the run's template; takes some tens of milliseconds. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `halyard_test_${randomBytes(6).toString('hex')}`;
  await administer(`create database ${name} template ${templateName} strategy file_copy`);
  const admin = inDatabase(serverConfig(), name);
  return {
    options: admin.connectionString === undefined ? { connection: admin } : { url: admin.connectionString },
    url: asUrl(admin),
    admin,
    drop: () => administer(`drop database if exists ${name} with (force)`),
  };
}
