import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Embedded, startEmbedded } from '../../../server/db/embedded.ts';
import { DatabaseSetupError } from '../../../server/db/errors.ts';
import { type Database, openDatabase } from '../../../server/db/pool.ts';
import { recordingLog } from '../../support/log.ts';

/** A server of this file's own that asks everyone for a password, as a server behind DATABASE_URL does. */
let embedded: Embedded;
let folder: string;
let migrations: string;
let admin: pg.Client;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'halyard-roles-')));
  chmodSync(folder, 0o755);
  migrations = mkdtempSync(join(tmpdir(), 'halyard-migration-'));
  embedded = await startEmbedded({ dataDir: folder, log: recordingLog() });
  admin = new pg.Client(embedded.connection);
  admin.on('error', () => {});
  await admin.connect();
  const hba = (await admin.query<{ hba_file: string }>('show hba_file')).rows[0]?.hba_file ?? '';
  writeFileSync(hba, `local all postgres trust\nlocal all all scram-sha-256\n`);
  await admin.query('select pg_reload_conf()');
});

afterAll(async () => {
  await admin.end();
  await embedded.stop();
  rmSync(folder, { recursive: true, force: true });
  rmSync(migrations, { recursive: true, force: true });
});

/** The address of a user of the given rights, with a database of its own. */
async function owner(attributes: string, password = 'first'): Promise<string> {
  await admin.query(`drop database if exists floor`);
  for (const role of ['halyard_app', 'halyard_customer', 'halyard_system', 'keeper']) {
    const found = await admin.query('select from pg_roles where rolname = $1', [role]);
    if (found.rowCount) await admin.query(`drop owned by ${role}; drop role ${role}`);
  }
  await admin.query(`create role keeper login ${attributes} password '${password}'`);
  await admin.query('create database floor owner keeper');
  return address('keeper', password);
}

function address(user: string, password: string): string {
  const { host, port } = embedded.connection;
  return `postgres:///floor?host=${host}&port=${port}&user=${user}&password=${password}`;
}

async function works(db: Database): Promise<void> {
  for (const pool of [db.app, db.customer, db.system]) {
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  }
  await db.close();
}

const open = (url: string) => openDatabase({ url, log: recordingLog(), migrations });

async function refusal(url: string): Promise<DatabaseSetupError> {
  const error = await open(url).then(
    () => new Error('opened'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof DatabaseSetupError)) throw error;
  return error;
}

describe('a user who may make roles', () => {
  test('gets them made, with passwords that never pass over the wire or into a log', async () => {
    await works(await open(await owner('superuser')));
    const stored = await admin.query<{ rolpassword: string }>(
      `select rolpassword from pg_authid where rolname like 'halyard%'`,
    );
    expect(stored.rows.every((row) => row.rolpassword.startsWith('SCRAM-SHA-256$'))).toBe(true);
  });

  test('may be one without superuser rights, where the server lets it pass on BYPASSRLS', async () => {
    await works(await open(await owner('createrole bypassrls')));
  });

  test('makes them right when someone changed them', async () => {
    const url = await owner('superuser');
    await works(await open(url));
    await admin.query('alter role halyard_app bypassrls; alter role halyard_system nobypassrls');
    await works(await open(url));
    const found = await admin.query(
      `select rolname, rolbypassrls from pg_roles where rolname like 'halyard%' order by rolname`,
    );
    expect(found.rows.map((row) => row.rolbypassrls)).toEqual([false, false, true]);
  });

  test('follows a change of its own password', async () => {
    await works(await open(await owner('superuser')));
    await admin.query(`alter role keeper password 'second'`);
    await works(await open(address('keeper', 'second')));
  });

  test('several hubs that start at once succeed', async () => {
    const url = await owner('superuser');
    for (const db of await Promise.all([open(url), open(url), open(url), open(url)])) await works(db);
  });
});

describe('a user who may not make roles', () => {
  let url: string;
  beforeEach(async () => {
    url = await owner('nosuperuser');
  });

  test('is given the SQL, without any password in it, and starts after it was run', async () => {
    const error = await refusal(url);
    expect(error.message).toMatch(/keeper may not make the roles/);
    expect(error.mend?.split('\n')).toHaveLength(3);
    expect(error.mend).not.toContain("'first'");
    await admin.query(error.mend ?? '');
    await works(await open(url));
  });

  test('is given the SQL when the password does not fit any more', async () => {
    await admin.query((await refusal(url)).mend ?? '');
    await admin.query(`alter role keeper password 'second'`);
    const again = await refusal(address('keeper', 'second'));
    expect(again.mend).toMatch(/^alter role halyard_app login/);
  });
});

test('the hub’s own logins cannot be the owner', async () => {
  await works(await open(await owner('superuser')));
  await admin.query(`alter role halyard_app password 'x'`);
  expect((await refusal(address('halyard_app', 'x'))).message).toMatch(/DATABASE_URL signs in as halyard_app/);
});

describe('a database that confirms what it can lose is refused, and the SQL mends it', () => {
  test.each([
    ['a database', 'alter database floor set synchronous_commit = off'],
    ['the owner', 'alter role keeper set synchronous_commit = off'],
    ['a login of the hub', 'alter role halyard_app in database floor set synchronous_commit = off'],
    ['the server', 'alter system set synchronous_commit = off'],
  ])('synchronous_commit of %s', async (_where, statement) => {
    const url = await owner('superuser');
    await works(await open(url));
    await admin.query(statement);
    await admin.query('select pg_reload_conf()');
    const error = await refusal(url);
    expect(error.message).toMatch(/synchronous_commit = off/);
    for (const mend of (error.mend ?? '').split('\n')) await admin.query(mend);
    await works(await open(url));
  });

  test('fsync of the server', async () => {
    const url = await owner('superuser');
    await admin.query('alter system set fsync = off');
    await admin.query('select pg_reload_conf()');
    const error = await refusal(url);
    expect(error.message).toMatch(/fsync = off/);
    for (const mend of (error.mend ?? '').split('\n')) await admin.query(mend);
    await works(await open(url));
  });
});

test('a user who may not create tables is told what to grant', async () => {
  const url = await owner('createrole bypassrls');
  await admin.query('alter database floor owner to postgres');
  const error = await refusal(url);
  expect(error.message).toMatch(/keeper may not create tables in the database floor/);
  const floor = new pg.Client({ ...embedded.connection, database: 'floor' });
  await floor.connect();
  await floor.query(error.mend ?? '');
  await floor.end();
  await works(await open(url));
});

test('PostgreSQL’s own log holds no password', async () => {
  await works(await open(await owner('superuser')));
  const log = readFileSync(join(folder, 'postgres.log'), 'utf8');
  expect(log).not.toMatch(/SCRAM|password '/);
});
