import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../../server/db/embedded.ts';
import { migrate, migrationFolder } from '../../server/db/migrate.ts';
import { ensureRoles } from '../../server/db/roles.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The server of this run: an address, or the fields of a local socket. */
    databaseServer: { url: string } | { host: string; port: number; user: string };
  }
}

export const templateName = 'halyard_test_template';

function silent(): void {}

/**
 * One PostgreSQL for the whole run, with a migrated template that each test clones: the embedded one in a temporary folder,
 * or the server of HALYARD_TEST_DATABASE_URL (a superuser's address).
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env.HALYARD_TEST_DATABASE_URL;
  if (url) {
    await prepareTemplate({ connectionString: url }, new URL(url).password || null);
    project.provide('databaseServer', { url });
    return async () => {};
  }
  const folder = await mkdtemp(join(tmpdir(), 'halyard-test-'));
  const embedded = await startEmbedded({
    dataDir: folder,
    log: { info: silent, warn: console.warn, error: console.error },
  });
  const { host, port, user } = embedded.connection;
  await prepareTemplate(embedded.connection, null);
  project.provide('databaseServer', { host: String(host), port: Number(port), user: String(user) });
  return async () => {
    await embedded.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

async function prepareTemplate(server: pg.ClientConfig, secret: string | null): Promise<void> {
  const admin = new pg.Client(server);
  await admin.connect();
  try {
    await ensureRoles(admin, secret);
    await admin.query(`drop database if exists ${templateName}`);
    await admin.query(`create database ${templateName} template template0 encoding 'UTF8'`);
  } finally {
    await admin.end();
  }
  const template = new pg.Client(inDatabase(server, templateName));
  await template.connect();
  try {
    await migrate(template, migrationFolder());
  } finally {
    await template.end();
  }
}

/** The same server, another database. */
export function inDatabase(server: pg.ClientConfig, database: string): pg.ClientConfig {
  if (server.connectionString === undefined) return { ...server, database };
  const url = new URL(server.connectionString);
  url.pathname = `/${database}`;
  return { connectionString: url.href };
}
