import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isConnectionLost, isRetryable, sqlState } from '../../../server/db/errors.ts';
import { begin, commit, RolledBackError, rollback, sendAll } from '../../../server/db/pipeline.ts';
import { type Database, openDatabase } from '../../../server/db/pool.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { recordingLog } from '../../support/log.ts';

let scratch: TestDatabase;
let db: Database;
let admin: pg.Client;

beforeAll(async () => {
  scratch = await createTestDatabase();
  db = await openDatabase({ ...scratch.options, log: recordingLog() });
  admin = new pg.Client(scratch.admin);
  admin.on('error', () => {});
  await admin.connect();
  await admin.query('create table fact (id int primary key, organisation int not null)');
  await admin.query('alter table fact enable row level security');
  await admin.query(
    `create policy wall on fact using (organisation = nullif(current_setting('test.organisation', true), '')::int)`,
  );
  await admin.query('grant all on fact to halyard_app, halyard_system');
});

afterAll(async () => {
  await db.close();
  await admin.end();
  await scratch.drop();
});

async function facts(): Promise<number[]> {
  const found = await db.system.query<{ id: number }>('select id from fact order by id');
  return found.rows.map((row) => row.id);
}

beforeEach(async () => {
  await admin.query('truncate fact');
});

describe('the logins', () => {
  test('each is its own, and only the system may look over the wall', async () => {
    const asked = `select current_user::text as name, rolsuper as super, rolbypassrls as bypass from pg_roles where rolname = current_user`;
    expect((await db.app.query(asked)).rows).toEqual([{ name: 'halyard_app', super: false, bypass: false }]);
    expect((await db.customer.query(asked)).rows).toEqual([{ name: 'halyard_customer', super: false, bypass: false }]);
    expect((await db.system.query(asked)).rows).toEqual([{ name: 'halyard_system', super: false, bypass: true }]);
  });

  test('row-level security holds the staff login, and not the system', async () => {
    await admin.query('insert into fact values (1, 1), (2, 2)');
    const client = await db.app.connect();
    try {
      await client.query(`select set_config('test.organisation', '2', false)`);
      expect((await client.query('select id from fact')).rows).toEqual([{ id: 2 }]);
      await client.query('reset all');
      expect((await client.query('select id from fact')).rows).toEqual([]);
    } finally {
      client.release();
    }
    expect(await facts()).toEqual([1, 2]);
  });

  test('the customer login has no right to a table that nobody granted it', async () => {
    const refused = await db.customer.query('select from fact').catch((error: unknown) => error);
    expect(sqlState(refused)).toBe('42501');
  });

  test('no login may change the tables', async () => {
    for (const pool of [db.app, db.customer, db.system]) {
      const refused = await pool.query('create table mine ()').catch((error: unknown) => error);
      expect(sqlState(refused)).toBe('42501');
    }
  });
});

test('instants and bigints are numbers, numeric is text, and a Date goes in as the same instant', async () => {
  const at = Date.UTC(2026, 10, 20, 10, 47, 0, 123);
  const read = await db.app.query(
    `select $1::timestamptz(3) as at, 9007199254740991::int8 as big, 1.50::numeric as exact,
            $2::timestamptz[] as several, '{}'::timestamptz[] as none, array[1, null, 3]::int8[] as bigs`,
    [new Date(at), [new Date(at), null, new Date(0)]],
  );
  expect(read.rows).toEqual([
    { at, big: 9_007_199_254_740_991, exact: '1.50', several: [at, null, 0], none: [], bigs: [1, null, 3] },
  ]);
});

describe('a pipelined transaction', () => {
  let client: pg.PoolClient;
  beforeEach(async () => {
    client = await db.app.connect();
  });
  afterEach(() => client.release());

  const organisation = { text: `select set_config('test.organisation', $1, true)`, values: ['1'] };
  const insert = (id: number) => ({ name: 'insert fact', text: 'insert into fact values ($1, 1)', values: [id] });

  test('is kept whole', async () => {
    const results = await sendAll(client, [begin, organisation, insert(1), insert(2), commit]);
    expect(results.map((result) => result.command)).toEqual(['BEGIN', 'SELECT', 'INSERT', 'INSERT', 'COMMIT']);
    expect(await facts()).toEqual([1, 2]);
  });

  test('the bare driver sends ahead, and after a failure commit answers ROLLBACK without an error', async () => {
    const answers = await Promise.allSettled([
      client.query('begin'),
      client.query(organisation),
      client.query(insert(1)),
      client.query(insert(1)),
      client.query(insert(2)),
      client.query('commit'),
    ]);
    const seen = answers.map((answer) =>
      answer.status === 'fulfilled' ? answer.value.command : sqlState(answer.reason),
    );
    expect(seen).toEqual(['BEGIN', 'SELECT', 'INSERT', '23505', '25P02', 'ROLLBACK']);
    expect(await facts()).toEqual([]);
  });

  test('sendAll throws the first error, keeps nothing, and leaves the client usable', async () => {
    const failed = await sendAll(client, [begin, organisation, insert(1), insert(1), insert(2), commit]).catch(
      (error: unknown) => error,
    );
    expect(sqlState(failed)).toBe('23505');
    expect(await facts()).toEqual([]);
    await sendAll(client, [begin, organisation, insert(3), commit]);
    expect(await facts()).toEqual([3]);
  });

  test('a commit of a transaction that failed before is an error', async () => {
    await sendAll(client, [begin, organisation]);
    await sendAll(client, [{ text: 'select 1/0' }]).catch(() => {});
    await expect(sendAll(client, [insert(1), commit].slice(1))).rejects.toThrow(RolledBackError);
  });

  test('values that cannot be written stop the commit behind them', async () => {
    const circular: { self?: object } = {};
    circular.self = circular;
    const statements = [begin, organisation, insert(1), { text: 'select $1::jsonb', values: [circular] }, commit];
    await expect(sendAll(client, statements)).rejects.toThrow(/circular/i);
    await sendAll(client, [rollback]);
    expect(await facts()).toEqual([]);
    // The driver alone would have kept the half: this is why `sendAll` exists.
    const bare = await Promise.allSettled(statements.map((statement) => client.query(statement)));
    expect(bare.at(-1)).toMatchObject({ status: 'fulfilled', value: { command: 'COMMIT' } });
    expect(await facts()).toEqual([1]);
  });

  test('the statements are sent without waiting for answers', async () => {
    // The first waits for a lock that is let go only after the second has been sent, so waiting would never end.
    await admin.query('select pg_advisory_lock(7)');
    const waiting = sendAll(client, [{ text: 'select pg_advisory_xact_lock(7)' }, { text: 'select 1 as one' }]);
    await admin.query('select pg_advisory_unlock(7)');
    expect((await waiting)[1]?.rows).toEqual([{ one: 1 }]);
  });
});

describe('a connection that the server ends', () => {
  test('fails its query, is named as lost, and the pool goes on', async () => {
    const client = await db.app.connect();
    const pid = (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid;
    const waiting = client.query('select pg_sleep(60)').catch((error: unknown) => error);
    await admin.query('select pg_terminate_backend($1)', [pid]);
    const error = await waiting;
    expect(isConnectionLost(error)).toBe(true);
    expect(isRetryable(error)).toBe(false);
    client.release(true);
    expect((await db.app.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  test('while idle is a line in the log and no end of the process', async () => {
    const log = recordingLog();
    const other = await openDatabase({ ...scratch.options, log });
    const pid = (await other.app.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid;
    const lost = new Promise((resolve) => other.app.once('error', resolve));
    await admin.query('select pg_terminate_backend($1)', [pid]);
    await lost;
    expect(log.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'a database connection was lost' }),
    );
    expect((await other.app.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await other.close();
    await other.close();
  });
});

test('errors are told apart', async () => {
  const conflict = Object.assign(new Error('x'), { code: '40001', severity: 'ERROR' });
  expect(isRetryable(conflict)).toBe(true);
  expect(isRetryable(new Error('wrapped', { cause: conflict }))).toBe(true);
  expect(isConnectionLost(conflict)).toBe(false);
  expect(sqlState(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))).toBe(null);
  expect(isConnectionLost(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))).toBe(true);
  expect(sqlState('text')).toBe(null);
  const unreachable = new pg.Client({ host: '127.0.0.1', port: 1, user: 'x', database: 'x' });
  unreachable.on('error', () => {});
  expect(isConnectionLost(await unreachable.connect().catch((error: unknown) => error))).toBe(true);
});
