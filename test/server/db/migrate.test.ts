import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate, migrationFolder } from '../../../server/db/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let scratch: TestDatabase;
let client: pg.Client;
let folder: string;

beforeEach(async () => {
  scratch = await createTestDatabase();
  client = new pg.Client(scratch.admin);
  await client.connect();
  // A database that has never seen a migration.
  await client.query('drop schema public cascade');
  await client.query('create schema public');
  folder = mkdtempSync(join(tmpdir(), 'halyard-migration-'));
});

afterEach(async () => {
  await client.end();
  await scratch.drop();
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, sql: string): void {
  writeFileSync(join(folder, name), sql);
}

async function tables(): Promise<string[]> {
  const found = await client.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
  );
  return found.rows.map((row) => row.name);
}

test('applies what is missing, in the order of the names, once', async () => {
  write('0002_b.sql', 'alter table a add column second int; create table b ();');
  write('0001_a.sql', 'create table a ();');
  expect(await migrate(client, folder)).toEqual(['0001_a.sql', '0002_b.sql']);
  expect(await tables()).toEqual(['a', 'b', 'migration']);
  expect(await migrate(client, folder)).toEqual([]);
  write('0003_c.sql', 'create table c ();');
  expect(await migrate(client, folder)).toEqual(['0003_c.sql']);
});

test('a failing one is named, leaves nothing of itself, and keeps those before it', async () => {
  write('0001_a.sql', 'create table a ();');
  write('0002_b.sql', 'create table b (); create table a ();');
  await expect(migrate(client, folder)).rejects.toThrow(/0002_b\.sql failed.*"a" already exists/);
  expect(await tables()).toEqual(['a', 'migration']);
  write('0002_b.sql', 'create table b ();');
  expect(await migrate(client, folder)).toEqual(['0002_b.sql']);
});

test('an altered file is refused, other line ends are not', async () => {
  write('0001_a.sql', 'create table a (\n);\n');
  await migrate(client, folder);
  write('0001_a.sql', 'create table a (\r\n);\r\n');
  expect(await migrate(client, folder)).toEqual([]);
  write('0001_a.sql', 'create table a (more int);\n');
  await expect(migrate(client, folder)).rejects.toThrow(/0001_a\.sql was changed/);
});

test('a database that is ahead of the hub is refused', async () => {
  write('0001_a.sql', 'create table a ();');
  write('0002_b.sql', 'create table b ();');
  await migrate(client, folder);
  rmSync(join(folder, '0002_b.sql'));
  await expect(migrate(client, folder)).rejects.toThrow(/0002_b\.sql, which this version.*newer/);
});

test('a file that comes before an applied one is refused', async () => {
  write('0002_b.sql', 'create table b ();');
  await migrate(client, folder);
  write('0001_a.sql', 'create table a ();');
  await expect(migrate(client, folder)).rejects.toThrow(/0001_a\.sql comes before 0002_b\.sql/);
});

test('a file without a number is refused', async () => {
  write('tables.sql', 'create table a ();');
  await expect(migrate(client, folder)).rejects.toThrow(/tables\.sql must be named/);
});

test('hubs that start at once take turns', async () => {
  write('0001_a.sql', 'select pg_sleep(0.05); create table a ();');
  const others = await Promise.all(
    [1, 2, 3, 4].map(async () => {
      const other = new pg.Client(scratch.admin);
      await other.connect();
      return other;
    }),
  );
  const applied = await Promise.all(others.map((other) => migrate(other, folder)));
  expect(applied.flat()).toEqual(['0001_a.sql']);
  await Promise.all(others.map((other) => other.end()));
});

test('the hub’s own migrations make every table from nothing', async () => {
  const applied = await migrate(client, migrationFolder());
  expect(applied.length).toBeGreaterThan(0);
  expect((await tables()).length).toBeGreaterThan(1);
});
