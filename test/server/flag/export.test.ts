import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byteOrderMark, cell, record } from '../../../server/http/csv.ts';
import { reportMostFlags } from '../../../shared/contract/report.ts';
import { parseCsv } from '../../support/csv.ts';
import { Floor } from '../../support/floor.ts';
import { type Reply, request } from '../../support/http.ts';
import { Stage } from '../../support/stage.ts';

/** S1.8, S1.12: the flags as CSV. What a spreadsheet would run is made harmless, and no words of the agent leave the house. */
let floor: Floor;
let stage: Stage;
const minute = 60_000;
const canary = 'canary-flag-message-51d0';

beforeAll(async () => {
  floor = await Floor.start({ now: Date.UTC(2026, 10, 20, 9), rates: false });
  stage = await Stage.open(floor);
});
afterAll(() => floor.close());

async function get(name: string, query = `from=${floor.now - 24 * 60 * minute}&to=${floor.now + 1}`): Promise<Reply> {
  return request(floor.url, 'GET', `/api/flag/export.csv?${query}`, { token: await floor.token(stage.home, name) });
}

describe('S1.8 one row per flag', () => {
  test('S1.12 says each step of its life, by whom, and how long help took', async () => {
    const { customer, conversationId } = await stage.waiting();
    const { sessionId } = await stage.of('Priya').does('conversation:take', { conversationId });
    const raisedAt = floor.now;
    const { flagId } = await stage
      .of('Priya')
      .does('flag:raise', { sessionId: sessionId as never, reasonId: stage.reason(), message: canary, askJoin: false });
    await floor.pass(4500);
    await stage.does('Tomasz', 'flag:mark-delivered', { flagId: flagId as never });
    await floor.pass(1000);
    await stage.does('Tomasz', 'flag:mark-seen', { flagId: flagId as never });
    await floor.pass(1000);
    await stage.does('Tomasz', 'flag:claim', { flagId: flagId as never });
    await floor.pass(1000);
    await stage.does('Tomasz', 'flag:release', { flagId: flagId as never });
    await stage.does('Ines', 'flag:claim', { flagId: flagId as never });
    await floor.pass(minute);
    await stage.does('Ines', 'side-chat:say', { sessionId: sessionId as never, text: canary });
    await floor.pass(minute);
    await stage.does('Ines', 'supervision:join', { sessionId: sessionId as never });
    await stage.does('Priya', 'flag:lower', { flagId: flagId as never, outcome: 'joined' });
    await customer.says('Thank you.');

    const reply = await get('Grace');
    expect(reply.status).toBe(200);
    expect(reply.text.startsWith(byteOrderMark)).toBe(false);
    const at = (ms: number): string => new Date(raisedAt + ms).toISOString();
    expect(parseCsv(reply.text)).toEqual([
      {
        Raised: at(0),
        Agent: 'Priya',
        Team: 'Banking',
        Queue: 'Banking',
        Channel: 'chat',
        Reason: [...stage.of('Grace').now.reasons.values()].find((one) => one.id === stage.reason())?.name,
        'Raised by': 'Priya',
        Customer: 'Rosa Iglesias',
        Delivered: at(4500),
        'First seen': at(5500),
        Claimed: at(6500),
        'Claimed by': 'Tomasz',
        Answered: at(7500 + minute),
        Joined: at(7500 + 2 * minute),
        Lowered: at(7500 + 2 * minute),
        'Lowered by': 'Priya',
        Outcome: 'joined',
        'Ended because': 'lowered',
        'Seconds to claim': '6.5',
        'Seconds to help': '67.5',
        'Target met': 'yes',
        Source: 'agent',
        Flag: flagId,
      },
    ]);
    expect(reply.text).not.toContain(canary);
  });

  test('a flag that is up, and one whose session ended, leave open what did not happen', async () => {
    await floor.pass(minute);
    const first = await stage.flagged();
    await stage.does('Priya', 'conversation:close', { conversationId: first.conversationId });
    await floor.pass(1000);
    await stage.flagged();
    const [closed, up] = parseCsv((await get('Grace')).text).slice(-2);
    expect(closed).toMatchObject({ Outcome: '', 'Ended because': 'closed', 'Lowered by': 'Priya', Claimed: '' });
    expect(up).toMatchObject({
      Lowered: '',
      Outcome: '',
      'Ended because': '',
      'Target met': '',
      'Seconds to help': '',
    });
  });

  test('a name that a spreadsheet would run, and one of 300 signs with quotes and line ends, come through as text', async () => {
    const names = [
      '=HYPERLINK("https://evil.example","pay")',
      '+1',
      '-1+2',
      '@SUM(A1)',
      '\t=1',
      '\r=1',
      '\n=1',
      '＝1+1',
      `${'long "quoted", name '.repeat(15)}\r\nand a second line`.slice(0, 300),
      'Zoë, "the" boss',
      ' spaces ',
    ];
    for (const name of names) {
      await floor.pass(1000);
      const { flagId } = await stage.flagged();
      await floor.db.system.query('update flag set customer_name = $2 where id = $1', [flagId, name]);
    }
    const rows = parseCsv((await get('Grace')).text).slice(-names.length);
    expect(rows.map((row) => row.Customer)).toEqual(
      names.map((name) => (/^[=+\-@\t\r\n＝]/.test(name) ? `'${name}` : name)),
    );
  });

  test('the file says what it is, and begins with the mark that spreadsheets look for', async () => {
    const response = await fetch(
      `${floor.url}/api/flag/export.csv?from=${Date.UTC(2026, 10, 1)}&to=${Date.UTC(2026, 11, 1)}`,
      {
        headers: { authorization: `Bearer ${await floor.token(stage.home, 'Grace')}` },
      },
    );
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(response.headers.get('content-disposition')).toBe(
      'attachment; filename="help-flags-2026-11-01-to-2026-11-30.csv"',
    );
    expect(response.headers.get('cache-control')).toBe('no-store');
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  });
});

describe('S1.8 only what a person may see', () => {
  test('a supervisor gets the agents of supervised teams, an agent and a stranger a refusal', async () => {
    const rows = parseCsv((await get('Tomasz')).text);
    expect(rows.length).toBeGreaterThan(0);
    expect(new Set(rows.map((row) => row.Agent))).toEqual(new Set(['Priya']));
    expect(parseCsv((await get('Mei')).text)).toEqual([]);
    expect([(await get('Priya')).status, (await get('Priya')).code]).toEqual([403, 'not_permitted']);
    expect((await request(floor.url, 'GET', '/api/flag/export.csv?from=0&to=1')).status).toBe(401);
    const away = await Stage.open(floor);
    const query = `from=${floor.now - 24 * 60 * minute}&to=${floor.now + 1}`;
    const theirs = await request(floor.url, 'GET', `/api/flag/export.csv?${query}`, {
      token: await floor.token(away.home, 'Grace'),
    });
    expect(parseCsv(theirs.text)).toEqual([]);
    away.close();
  });

  /** Flags of a day of October, written past the hub. */
  async function pile(count: number): Promise<string> {
    const { conversationId, sessionId } = await stage.served();
    const past = Date.UTC(2026, 9, 1);
    await floor.db.system.query(
      `insert into flag (id, organisation_id, session_id, conversation_id, agent_id, channel, queue_id, team_id, customer_name, reason_id,
          message, raised_at, target_at, seen_by, joined_by, reached_at, lowered)
        select gen_random_uuid(), $1, $2, $3, $4, 'chat', $5, $6, 'Rosa', $7, '', to_timestamp($8::float8 / 1000) + (n / 7) * interval '1 second',
          to_timestamp($8::float8 / 1000), '[]', '{}', to_timestamp($8::float8 / 1000),
          '{"at":1,"by":null,"side":"system","outcome":null,"reason":"closed"}'
        from generate_series(1, $9::int) n`,
      [
        stage.home.id,
        sessionId,
        conversationId,
        stage.home.person('Priya'),
        stage.queue('Banking'),
        stage.home.team('Banking'),
        stage.reason(),
        past,
        count,
      ],
    );
    return `from=${past}&to=${past + 24 * 60 * minute}`;
  }
  const clear = () => floor.db.system.query('delete from flag where raised_at < $1', [new Date(Date.UTC(2026, 9, 3))]);
  const report = async (query: string): Promise<Reply> =>
    request(floor.url, 'GET', `/api/flag/report?${query}`, { token: await floor.token(stage.home, 'Grace') });

  test('many pages come as one file, each flag once and in order', async () => {
    const query = await pile(5001);
    const rows = parseCsv((await get('Grace', query)).text);
    expect(rows).toHaveLength(5001);
    expect(new Set(rows.map((row) => row.Flag)).size).toBe(5001);
    expect(rows.map((row) => row.Raised)).toEqual(rows.map((row) => row.Raised).sort());
    expect((await report(query)).body).toMatchObject({ value: { report: { all: { flags: 5001 } } } });
    await clear();
  });

  test('more flags than a report may have are refused, never cut short', async () => {
    const query = await pile(reportMostFlags + 1);
    for (const reply of [await report(query), await get('Grace', query)])
      expect([reply.status, reply.code]).toEqual([409, 'limit_reached']);
    await clear();
  });

  test('nothing of all this was a mistake of the hub', () => {
    expect(floor.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

test('S1.8 exports and reports are not asked for without end', async () => {
  const slow = await Floor.start();
  const home = await slow.organisation();
  const token = await slow.token(home, 'Grace');
  const codes = async (path: string, times: number, who = token): Promise<Set<number>> => {
    const replies = await Promise.all(
      Array.from({ length: times }, () => request(slow.url, 'GET', `${path}?from=0&to=1`, { token: who })),
    );
    return new Set(replies.map(({ status }) => status));
  };
  // All at once, so that little of it comes back while they are asked.
  expect(await codes('/api/flag/export.csv', 12)).toEqual(new Set([200, 429]));
  expect(await codes('/api/flag/report', 50)).toEqual(new Set([200, 429]));
  // Somebody else's are theirs.
  expect(await codes('/api/flag/export.csv', 1, await slow.token(home, 'Marta'))).toEqual(new Set([200]));
  await slow.close();
});

describe('cells', () => {
  test.each([
    ['plain', 'plain'],
    ['', ''],
    ['a,b', '"a,b"'],
    ['say "yes"', '"say ""yes"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['=A1,"x"', `"'=A1,""x"""`],
    ['\tx', "'\tx"],
    ['a=b', 'a=b'],
    [' padded', '" padded"'],
  ])('%j becomes %s', (value, expected) => {
    expect(cell(value)).toBe(expected);
  });

  test('numbers and nothing, and a record ends with CRLF', () => {
    expect(record([1.5, null, 'x'])).toBe('1.5,,x\r\n');
  });

  test('whatever is written can be read, and never begins as a formula', () => {
    for (const start of ['=', '+', '-', '@', '\t', '\r', '\n', '"', ',', "'", randomUUID()])
      for (const rest of ['', '1', '"', ',', '\r\n', '"",""']) {
        const value = `${start}${rest}`;
        const read = parseCsv(record(['title']) + record([value]))[0]?.title;
        expect(read === value || read === `'${value}`).toBe(true);
        expect(read).not.toMatch(/^[=+\-@\t\r\n]/);
      }
  });
});
