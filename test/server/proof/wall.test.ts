import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../../shared/contract/uuid.ts';
import { Floor } from '../../support/floor.ts';
import { scenarios } from '../../support/scenario.ts';
import { link } from '../../support/staff.ts';
import { Stage } from '../../support/stage.ts';
import { until } from '../../support/wait.ts';

/**
 * I6 and I7 in the database itself: whatever the code asks, the app's login sees one organisation, and the customer's login
 * sees the lines of one customer.
 */

/** Every table there is. A new one must be put where it belongs, or the first test fails. */
const walled = [
  'answer',
  'clock',
  'connection',
  'connection_secret',
  'conversation',
  'credential',
  'customer',
  'customer_presence',
  'customer_address',
  'delivery',
  'entry',
  'flag',
  'internal_entry',
  'invitation',
  'job',
  'ledger',
  'log',
  'login_session',
  'minute',
  'organisation',
  'person',
  'presence',
  'queue',
  'reason',
  'rule',
  'rule_set',
  'session',
  'team',
] as const;
/** Of the installation, not of an organisation. */
const common = ['hub', 'instance', 'migration'] as const;
/** What the customer's login may read, and which columns. */
const forCustomers: Readonly<Record<string, readonly string[]>> = {
  entry: [
    'id',
    'organisation_id',
    'conversation_id',
    'customer_id',
    'position',
    'at',
    'author',
    'name',
    'text',
    'notice',
    'helps',
    'salt',
  ],
  conversation: ['id', 'organisation_id', 'customer_id', 'lifecycle', 'assignee_id', 'started_at', 'closed_at'],
  organisation: ['id', 'organisation_id', 'name'],
};

let floor: Floor;
let home: Stage;
let away: Stage;
let rosa: string;

beforeAll(async () => {
  floor = await Floor.start({ rates: false });
  home = await Stage.open(floor);
  away = await Stage.open(floor);
  for (const stage of [home, away]) {
    const { sessionId, customer } = await stage.flagged();
    await stage.does('Tomasz', 'side-chat:say', { sessionId, text: 'Between us.' });
    await stage.offered();
    await scenarios['delivery:retry'].prepare(stage);
    await scenarios['rule:deactivate'].prepare(stage);
    const passing = await floor.customer(stage.home);
    await passing.start('I am only here as long as this page is.', 'Noor', 'legacy');
    await until('the customer of Legacy chat to be noted', async () => {
      const noted = await floor.db.system.query('select from customer_presence where organisation_id = $1', [
        stage.home.id,
      ]);
      return noted.rowCount === 1;
    });
    await stage.does('Marta', 'person:renew-invitation', {
      personId: stage.home.person('Omar'),
      tokenHash: link().tokenHash,
    });
    if (stage === home) rosa = customer.visitor.split('.')[1] ?? '';
  }
});
afterAll(() => floor.close());

/** Runs in a transaction that is rolled back, as one of the hub's logins that has chosen an organisation. */
async function as<T>(
  pool: pg.Pool,
  chosen: { organisation?: string; customer?: string },
  run: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    if (chosen.organisation !== undefined)
      await client.query(`select set_config('halyard.organisation', $1, true)`, [chosen.organisation]);
    if (chosen.customer !== undefined)
      await client.query(`select set_config('halyard.customer', $1, true)`, [chosen.customer]);
    return await run(client);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

const count = async (client: pg.ClientBase, table: string, where = 'true', values: unknown[] = []): Promise<number> =>
  (await client.query<{ n: number }>(`select count(*)::int as n from "${table}" where ${where}`, values)).rows[0]?.n ??
  -1;

const sqlState = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? 'no code',
  );

test('the lists above are the tables of the database', async () => {
  const { rows } = await floor.db.system.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'm', 'f') order by 1`,
  );
  expect(rows.map(({ name }) => name)).toEqual([...walled, ...common].sort());
});

describe.each(walled)('the table %s', (table) => {
  test('holds something of both organisations, or this proves nothing', async () => {
    for (const { home: one } of [home, away])
      expect(
        (await floor.db.system.query(`select from "${table}" where organisation_id = $1`, [one.id])).rowCount,
      ).toBeGreaterThan(0);
  });

  test('shows the app its own organisation alone, and nothing where none is chosen', async () => {
    await as(floor.db.app, { organisation: away.home.id }, async (client) => {
      expect(await count(client, table, 'organisation_id = $1', [home.home.id])).toBe(0);
      expect(await count(client, table, 'organisation_id <> $1', [away.home.id])).toBe(0);
      expect(await count(client, table)).toBeGreaterThan(0);
    });
    expect(await as(floor.db.app, {}, (client) => count(client, table))).toBe(0);
    expect(await as(floor.db.app, { organisation: '' }, (client) => count(client, table))).toBe(0);
    expect(await as(floor.db.app, { organisation: newId(0) }, (client) => count(client, table))).toBe(0);
  });

  test('lets the app neither change, remove nor add what belongs to another organisation', async () => {
    const chosen = { organisation: away.home.id };
    const mine = [home.home.id];
    const changed = await as(floor.db.app, chosen, (client) =>
      sqlState(
        client
          .query(`update "${table}" set organisation_id = organisation_id where organisation_id = $1`, mine)
          .then(({ rowCount }) => expect(rowCount).toBe(0)),
      ),
    );
    const removed = await as(floor.db.app, chosen, (client) =>
      sqlState(
        client
          .query(`delete from "${table}" where organisation_id = $1`, mine)
          .then(({ rowCount }) => expect(rowCount).toBe(0)),
      ),
    );
    // 42501: not allowed at all, as for the log; 428C9: a column that the database makes itself.
    expect(['done', '42501', '428C9']).toContain(changed);
    expect(['done', '42501']).toContain(removed);
    const { rows } = await floor.db.system.query<{ row: string }>(
      `select row_to_json(t)::text as row from "${table}" t where organisation_id = $1 limit 1`,
      mine,
    );
    const row = rows[0]?.row ?? '{}';
    const names = Object.keys(JSON.parse(row) as object).filter(
      (name) => !(table === 'organisation' && name === 'organisation_id'),
    );
    const list = names.map((name) => `"${name}"`).join(', ');
    const added = await as(floor.db.app, chosen, (client) =>
      sqlState(
        client.query(
          `insert into "${table}" (${list}) select ${list} from json_populate_record(null::"${table}", $1::json)`,
          [row],
        ),
      ),
    );
    expect(added, 'the wall, before any other objection').toBe('42501');
  });

  test('is closed to the customer, but for the columns that are meant for it', async () => {
    const { rows } = await floor.db.system.query<{ name: string; readable: boolean }>(
      `select attname as name, has_column_privilege('halyard_customer', attrelid, attname, 'select') as readable
        from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
      [`public."${table}"`],
    );
    expect(rows.filter(({ readable }) => readable).map(({ name }) => name)).toEqual(forCustomers[table] ?? []);
    const chosen = { organisation: home.home.id, customer: rosa };
    for (const attempt of [
      `insert into "${table}" default values`,
      `update "${table}" set organisation_id = default`,
      `delete from "${table}"`,
      `truncate "${table}"`,
      ...(forCustomers[table] === undefined
        ? [`select * from "${table}"`, `select count(*) from "${table}"`, `select organisation_id from "${table}"`]
        : []),
    ])
      expect(await as(floor.db.customer, chosen, (client) => sqlState(client.query(attempt))), attempt).toBe('42501');
  });
});

test('the customer sees lines of its own, and of nobody else', async () => {
  const own = (chosen: { organisation?: string; customer?: string }): Promise<number> =>
    as(floor.db.customer, chosen, (client) => count(client, 'entry'));
  expect(await own({ organisation: home.home.id, customer: rosa })).toBeGreaterThan(0);
  expect(await own({ organisation: away.home.id, customer: rosa })).toBe(0);
  expect(await own({ organisation: home.home.id, customer: newId(0) })).toBe(0);
  expect(await own({ organisation: home.home.id })).toBe(0);
  expect(await own({ customer: rosa })).toBe(0);
  const seen = await as(floor.db.customer, { organisation: home.home.id, customer: rosa }, async (client) => ({
    lines: (await client.query<{ customer_id: string }>('select customer_id from entry')).rows,
    conversations: (await client.query<{ customer_id: string }>('select customer_id from conversation')).rows,
    organisations: (await client.query<{ id: string }>('select id from organisation')).rows,
  }));
  expect(new Set([...seen.lines, ...seen.conversations].map((row) => row.customer_id))).toEqual(new Set([rosa]));
  expect(seen.organisations).toEqual([{ id: home.home.id }]);
});

test.each(common)('the table %s is closed to customers', async (table) => {
  const chosen = { organisation: home.home.id, customer: rosa };
  expect(await as(floor.db.customer, chosen, (client) => sqlState(client.query(`select * from "${table}"`)))).toBe(
    '42501',
  );
});

test('the app cannot read the installation’s secret, nor rewrite the log', async () => {
  const chosen = { organisation: home.home.id };
  for (const attempt of [
    'select * from instance',
    'select * from migration',
    `update log set type = 'x'`,
    'delete from log',
    'truncate log',
    'set role halyard_system',
    'alter table log disable row level security',
  ])
    expect(await as(floor.db.app, chosen, (client) => sqlState(client.query(attempt))), attempt).toBe('42501');
});

test('no function but one looks past the wall', async () => {
  const { rows } = await floor.db.system.query<{ name: string }>(
    `select p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname = 'public' and p.prosecdef order by 1`,
  );
  expect(rows.map(({ name }) => name)).toEqual(['email_taken']);
});
