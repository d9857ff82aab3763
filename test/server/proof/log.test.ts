import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fault, verifyLog } from '../../../server/hub/verify.ts';
import type { CommandName } from '../../../shared/contract/command.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import { knownEvents } from '../../../shared/live/known.ts';
import { cast, Floor } from '../../support/floor.ts';
import { customerFrame, type Scenario, scenarios } from '../../support/scenario.ts';
import { Stage } from '../../support/stage.ts';

/** I9: the log is the audit. It holds for every command, it cannot be tampered with unseen, and it holds no words. */
let floor: Floor;
let stage: Stage;
const given = new Map<CommandName, string>();

/** Signing out closes a screen that the rest needs, and what follows takes rights from people: they come last. */
const last: readonly CommandName[] = [
  'person:set-role',
  'person:set-teams',
  'person:reactivate',
  'person:deactivate',
  'person:sign-out-everywhere',
];
const inOrder = [...(Object.keys(scenarios) as CommandName[]).filter((name) => !last.includes(name)), ...last];

beforeAll(async () => {
  floor = await Floor.start({ rates: false });
  const people = cast.map((one) => ({ ...one, capacity: 50 }));
  stage = await Stage.open(floor, await floor.organisation(people));
  const { customer, conversationId } = await stage.offered();
  await customer.frame('close', { id: newId(floor.now), conversationId });
  for (const name of inOrder) {
    if (name === 'person:reactivate' || name === 'person:deactivate')
      stage = await Stage.open(floor, await floor.organisation(people));
    // A name and its scenario belong together by the table's type.
    const scenario = scenarios[name] as Scenario<CommandName>;
    const { input, customer } = await scenario.prepare(stage);
    const id = newId<'command'>(floor.now);
    given.set(name, id);
    const answer =
      scenario.by === 'customer'
        ? await customer?.frame(...customerFrame(name, id, input))
        : await stage.of(scenario.by).send(name, input, id);
    if (answer?.ok !== true) throw new Error(`${name} was refused: ${JSON.stringify(answer)}`);
  }
  await stage.settle();
});
afterAll(() => floor.close());

interface LogRow {
  readonly type: string;
  readonly command: string;
  readonly command_id: string;
  readonly actor: { readonly kind: string; readonly id?: string };
  readonly address: string | null;
  readonly payload: Record<string, unknown>;
}

describe('an audit entry', () => {
  test.each(inOrder)('tells of %s: who, when, from where, what', async (name) => {
    const { rows } = await floor.db.system.query<LogRow>('select * from log where command_id = $1', [given.get(name)]);
    expect(rows.length).toBeGreaterThan(0);
    const { by } = scenarios[name];
    for (const row of rows) {
      expect(row.command).toBe(name);
      expect(row.address).toMatch(/127\.0\.0\.1/);
      expect(row.actor.kind).toBe(by === 'customer' ? 'customer' : 'person');
    }
  });

  test('names the value before and after where a value was changed', async () => {
    for (const type of [
      'person:renamed',
      'person:role-set',
      'person:teams-set',
      'person:capacity-set',
      'person:status-set',
      'team:renamed',
    ]) {
      const { rows } = await floor.db.system.query<LogRow>('select * from log where type = $1', [type]);
      expect(rows.length, type).toBeGreaterThan(0);
      for (const { payload } of rows) expect(payload, type).toHaveProperty('before');
    }
  });

  test('is written by the very transaction that writes the rows', async () => {
    // xmin is the transaction that wrote a row: each changed row shares it with the log row of its newest fact.
    for (const [table, key] of [
      ['conversation', 'conversationId'],
      ['session', 'sessionId'],
      ['flag', 'flagId'],
      ['person', 'personId'],
      ['entry', null],
      ['internal_entry', null],
      ['answer', null],
    ] as const) {
      const where =
        table === 'answer'
          ? `l.command_id = t.command_id`
          : key === null
            ? 'l.position = t.position'
            : `t.id::text in (l.payload ->> '${key}', l.payload -> '${table}' ->> 'id', l.payload -> 'flag' ->> '${key}')`;
      const answered =
        table === 'answer'
          ? `where (t.answer ->> 'ok')::boolean and exists (select from log l where l.organisation_id = t.organisation_id and l.command_id = t.command_id)`
          : '';
      const { rows } = await floor.db.system.query<{ together: boolean }>(
        `select exists (select from log l where l.organisation_id = t.organisation_id and l.xmin = t.xmin and ${where}) as together
          from "${table}" t ${answered}`,
      );
      expect(rows.length, table).toBeGreaterThan(0);
      expect(
        rows.filter(({ together }) => !together),
        table,
      ).toEqual([]);
    }
  });

  test('exists for every kind of fact that a command or a job can bring about here', async () => {
    const { rows } = await floor.db.system.query<{ type: string }>('select distinct type from log');
    const seen = new Set(rows.map(({ type }) => type));
    // Only time, somebody who goes, or a provider's answer brings these about; convergence and the delivery room's tests have them.
    const elsewhere = [
      'offer:expired',
      'person:unreachable',
      'flag:escalated',
      'delivery:sent',
      'delivery:delivered',
      'delivery:read',
      'delivery:delayed',
    ];
    expect(knownEvents.filter((type) => !seen.has(type) && !elsewhere.includes(type))).toEqual([]);
  });
});

describe('the chain', () => {
  test('holds after every command there is', async () => {
    const { rows } = await floor.db.system.query<{ id: never }>('select organisation_id as id from clock');
    expect(rows.length).toBeGreaterThan(1);
    for (const { id } of rows) expect(await verifyLog(floor.db.system, id)).toEqual([]);
  });

  /** Does something to the log behind the hub's back, looks, and takes it back. */
  async function tampered(tampering: string): Promise<Fault[]> {
    const client = await floor.db.system.connect();
    try {
      await client.query('begin');
      const { rowCount } = await client.query(tampering, [stage.home.id]);
      expect(rowCount, 'the tampering took place').toBeGreaterThan(0);
      return await verifyLog(client, stage.home.id);
    } finally {
      await client.query('rollback');
      client.release();
    }
  }
  const where = 'where organisation_id = $1 and position = 30';

  test.each([
    ['another actor', `update log set actor = '{"kind":"nobody"}' ${where}`],
    ['another instant', `update log set at = at + interval '1 ms' ${where}`],
    ['another command', `update log set command = 'flag:lower' ${where}`],
    ['another command id', `update log set command_id = gen_random_uuid() ${where}`],
    ['another conversation', `update log set conversation_id = gen_random_uuid() ${where}`],
    ['more who may see it', `update log set audience = audience || '{everyone}' ${where}`],
    ['more who may not', `update log set hidden = '{everyone}' ${where}`],
    ['another type', `update log set type = 'person:renamed' ${where}`],
    ['another value', `update log set payload = '{}' ${where}`],
    ['another spelling of the same value', `update log set payload = (payload::text || ' ')::json ${where}`],
    ['another hash', `update log set hash = sha256(hash) ${where}`],
    ['a row taken out', `delete from log ${where}`],
    [
      'the newest row taken out',
      'delete from log where organisation_id = $1 and position = (select position from clock where organisation_id = $1)',
    ],
    [
      'a row put in at the end',
      `insert into log select organisation_id, position + 1, type, at, actor, command, command_id, address, conversation_id, payload, audience, hidden, digest, hash from log where organisation_id = $1 order by position desc limit 1`,
    ],
    ['the clock set back', 'update clock set position = position - 1 where organisation_id = $1'],
    [
      'words put into somebody’s mouth',
      `update entry set text = text || '!' where organisation_id = $1 and author = 'customer'`,
    ],
    ['an internal word changed', `update internal_entry set text = 'All fine.' where organisation_id = $1`],
    ['another digest', `update log set digest = sha256(digest) where organisation_id = $1 and digest is not null`],
  ])('shows %s', async (_what, tampering) => {
    expect((await tampered(tampering)).length).toBeGreaterThan(0);
  });

  test('holds when words are erased', async () => {
    expect(await tampered(`update entry set text = '' where organisation_id = $1 and text is not null`)).toEqual([]);
    expect(await tampered(`delete from internal_entry where organisation_id = $1`)).toEqual([]);
  });

  test('names the place, and tells one fault once', async () => {
    expect(await tampered(`update log set type = 'x' ${where}`)).toEqual([
      { position: 30, what: 'the row is not what was written' },
    ]);
    expect(await tampered(`delete from log ${where}`)).toEqual([{ position: 30, what: 'a row is missing' }]);
  });
});

test('the log and the answers hold no word that anybody wrote', async () => {
  const { rows: said } = await floor.db.system.query<{ text: string }>(
    'select text from entry where text is not null union select text from internal_entry',
  );
  const texts = said.map(({ text }) => text).filter((text) => text.length > 8);
  expect(texts.length).toBeGreaterThan(8);
  for (const table of ['log', 'answer']) {
    const { rows } = await floor.db.system.query<{ row: string }>(
      `select row_to_json(t)::text as row from "${table}" t`,
    );
    for (const { row } of rows) for (const text of texts) expect(row, table).not.toContain(text);
  }
});

test('the log and the answers hold no secret: no address, no hash of a link', async () => {
  const { rows: secrets } = await floor.db.system.query<{ secret: string }>(
    `select email as secret from credential where email is not null
      union select encode(token_hash, 'hex') from invitation union select encode(token_hash, 'hex') from login_session`,
  );
  expect(secrets.length).toBeGreaterThan(8);
  const { rows } = await floor.db.system.query<{ row: string }>(
    `select row_to_json(l)::text as row from log l union all select row_to_json(a)::text from answer a`,
  );
  const hay = rows.map(({ row }) => row).join('\n');
  for (const { secret } of secrets) expect(hay.includes(secret), secret).toBe(false);
  expect(JSON.stringify(floor.log.lines)).not.toMatch(/@example\.org/);
});
