import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { DatabaseSetupError } from './errors.ts';

/** Any number, as long as every hub uses the same: two hubs that start at once take turns. */
const turn = '(1212238937, 2)';
const fileName = /^\d{4}_[a-z0-9_]+\.sql$/;

/** Folder of the hub's own migrations: beside this file in the sources, beside the bundle in `dist`. */
export function migrationFolder(): string {
  return fileURLToPath(new URL('./migration', import.meta.url));
}

interface Migration {
  name: string;
  sql: string;
  sha256: string;
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const odd = names.find((name) => !fileName.test(name));
  if (odd) throw new DatabaseSetupError(`The migration ${odd} must be named like 0001_flag.sql.`);
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name), 'utf8');
      // Git on Windows may have turned the line ends; that is no other migration.
      return { name, sql, sha256: createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex') };
    }),
  );
}

/** Refuses a database that went another way than these files: it may be newer than the hub, or a file was edited. */
function checkApplied(files: Migration[], applied: { name: string; sha256: string }[]): void {
  for (const { name, sha256 } of applied) {
    const file = files.find((candidate) => candidate.name === name);
    if (!file) {
      throw new DatabaseSetupError(
        `The database already has the migration ${name}, which this version of Halyard does not know; start a newer version.`,
      );
    }
    if (file.sha256 !== sha256) {
      throw new DatabaseSetupError(
        `The migration ${name} was changed after it had been applied to this database; restore the file, and put the change into a new migration.`,
      );
    }
  }
}

/**
 * Brings the tables up to date: applies what is missing, in the order of the names, each in a transaction of its own.
 * @param client login of the tables' owner, outside a transaction
 * @param folder files named like `0001_flag.sql`; a file is never changed once it is out
 * @returns the names that were applied now
 * @throws DatabaseSetupError where an applied file was altered, is unknown, or a new one fails (with its name)
 */
export async function migrate(client: pg.ClientBase, folder: string): Promise<string[]> {
  const files = await readMigrations(folder);
  await client.query(`select pg_advisory_lock${turn}`);
  try {
    // "if not exists" would print a notice on every start.
    const known = await client.query(
      "select from pg_tables where tablename = 'migration' and schemaname = current_schema()",
    );
    if (known.rowCount === 0) {
      await client.query(
        `create table migration (
           name text primary key,
           sha256 text not null,
           applied_at timestamptz(3) not null default now()
         )`,
      );
    }
    const applied = await client.query<{ name: string; sha256: string }>(
      'select name, sha256 from migration order by name',
    );
    checkApplied(files, applied.rows);
    const done = new Set(applied.rows.map((row) => row.name));
    const last = applied.rows.at(-1)?.name ?? '';
    const waiting = files.filter(({ name }) => !done.has(name));
    const late = waiting.find(({ name }) => name < last);
    if (late) {
      throw new DatabaseSetupError(
        `The migration ${late.name} comes before ${last}, which is applied; give it a higher number.`,
      );
    }
    for (const migration of waiting) await apply(client, migration);
    return waiting.map(({ name }) => name);
  } finally {
    await client.query(`select pg_advisory_unlock${turn}`).catch(() => {});
  }
}

async function apply(client: pg.ClientBase, { name, sql, sha256 }: Migration): Promise<void> {
  try {
    await client.query('begin');
    await client.query(sql);
    await client.query('insert into migration (name, sha256) values ($1, $2)', [name, sha256]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    const reason = error instanceof Error ? error.message : String(error);
    throw new DatabaseSetupError(`The migration ${name} failed, and nothing of it was kept: ${reason}.`, null, error);
  }
}
