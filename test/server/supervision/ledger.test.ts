import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { readLog } from '../../../server/hub/log.ts';
import type { CommandInput, CommandName } from '../../../shared/contract/command.ts';
import type { ConversationId, SessionId } from '../../../shared/contract/id.ts';
import { monitoringPolicies } from '../../../shared/contract/policy.ts';
import type { LedgerEntry, LedgerPage } from '../../../shared/contract/read.ts';
import { cast, Floor } from '../../support/floor.ts';
import { request } from '../../support/http.ts';
import { seeded } from '../../support/random.ts';
import { Stage, type Viewer } from '../../support/stage.ts';

let floor: Floor;
let stage: Stage;
beforeAll(async () => {
  floor = await Floor.start({ now: Date.UTC(2026, 0, 5, 9), rates: false, graceMs: 600_000 });
});
afterAll(() => floor.close());
beforeEach(async () => {
  stage = await Stage.open(floor);
});
afterEach(() => stage.close());

async function page(name: string, query = ''): Promise<LedgerPage> {
  const token = await floor.token(stage.home, name);
  const reply = await request(floor.url, 'GET', `/api/ledger${query}`, { token });
  expect(reply.status, query).toBe(200);
  return (JSON.parse(reply.text) as { value: LedgerPage }).value;
}
const read = async (name: string, query = ''): Promise<readonly LedgerEntry[]> => (await page(name, query)).entries;
const kinds = async (name: string, query = ''): Promise<string[]> =>
  (await read(name, query)).map(({ kind }) => kind).sort();

test('monitoring policy ledger: watched, whispered, joined and took over, each with when, how long and how much', async () => {
  const { sessionId, conversationId } = await stage.served();
  const start = floor.now;
  await stage.does('Tomasz', 'supervision:monitor', { sessionId });
  await floor.pass(1000);
  await stage.does('Tomasz', 'side-chat:say', { sessionId, text: 'Read it back.' });
  await stage.does('Priya', 'side-chat:say', { sessionId, text: 'I did.' });
  await floor.pass(1000);
  await stage.does('Tomasz', 'side-chat:say', { sessionId, text: 'Good.' });
  await stage.does('Ines', 'side-chat:say', { sessionId, text: 'I am here too.' });
  await floor.pass(1000);
  await stage.does('Tomasz', 'supervision:join', { sessionId });
  await floor.pass(1000);
  await stage.does('Ines', 'supervision:take-over', { sessionId });
  const common = {
    sessionId,
    conversationId,
    customerName: 'Rosa Iglesias',
    agentId: stage.home.person('Priya'),
    policy: 'announced',
  };
  const tomasz = { ...common, personId: stage.home.person('Tomasz') };
  const ines = { ...common, personId: stage.home.person('Ines') };
  const expected = [
    { ...ines, kind: 'took_over', since: start + 4000, until: start + 4000, lines: 0 },
    { ...tomasz, kind: 'joined', since: start + 3000, until: start + 4000, lines: 0 },
    { ...ines, kind: 'whispered', since: start + 2000, until: start + 2000, lines: 1 },
    { ...tomasz, kind: 'whispered', since: start + 1000, until: start + 2000, lines: 2 },
    { ...tomasz, kind: 'watched', since: start, until: start + 3000, lines: 0 },
  ];
  expect(await read('Priya')).toEqual(expected);
  // After the take-over it is no longer her conversation; what was done in her session stays hers to read.
  expect(await read('Grace')).toEqual(expected);
  expect(await kinds('Tomasz')).toEqual(['joined', 'watched', 'whispered']);
  expect(await kinds('Ines')).toEqual(['took_over', 'whispered']);
  for (const name of ['Omar', 'Leo', 'Mei']) expect(await kinds(name), name).toEqual([]);
});

test('monitoring policy ledger: who asks for others gets only what concerns themselves; leaders filter', async () => {
  const first = await stage.served();
  const second = await stage.waiting();
  const { sessionId } = await stage.of('Omar').does('conversation:take', { conversationId: second.conversationId });
  const omars = sessionId as SessionId;
  await stage.does('Tomasz', 'supervision:monitor', { sessionId: first.sessionId });
  await stage.does('Ines', 'supervision:join', { sessionId: omars });
  const priya = stage.home.person('Priya');
  const omar = stage.home.person('Omar');
  expect(await kinds('Priya', `?agentId=${omar}`)).toEqual([]);
  expect(await kinds('Tomasz', `?agentId=${omar}`)).toEqual([]);
  expect(await kinds('Ines', `?agentId=${omar}`)).toEqual(['joined']);
  expect(await kinds('Priya', `?conversationId=${second.conversationId}`)).toEqual([]);
  expect(await kinds('Marta')).toEqual(['joined', 'watched']);
  expect(await kinds('Marta', `?agentId=${priya}`)).toEqual(['watched']);
  expect(await kinds('Marta', '?kind=joined')).toEqual(['joined']);
  expect(await kinds('Marta', `?agentId=${priya}&kind=joined`)).toEqual([]);
  expect(await kinds('Marta', `?conversationId=${second.conversationId}`)).toEqual(['joined']);
});

test('monitoring policy ledger: bad questions are refused, and another organisation reads nothing', async () => {
  const { sessionId, conversationId } = await stage.served();
  await stage.does('Tomasz', 'supervision:monitor', { sessionId });
  const away = await floor.organisation();
  const foreign = await floor.token(away, 'Grace');
  for (const query of ['', `?agentId=${stage.home.person('Priya')}`, `?conversationId=${conversationId}`]) {
    const reply = await request(floor.url, 'GET', `/api/ledger${query}`, { token: foreign });
    expect((JSON.parse(reply.text) as { value: LedgerPage }).value.entries, query).toEqual([]);
  }
  const token = await floor.token(stage.home, 'Grace');
  for (const query of [
    '?agentId=x',
    '?kind=listened',
    '?before=soon',
    '?before=9e15',
    '?before=-1',
    '?limit=9',
    "?agentId=' or true --",
    '?kind=watched&kind=joined',
  ]) {
    const reply = await request(floor.url, 'GET', `/api/ledger${query}`, { token });
    expect([reply.status, reply.code], query).toEqual([400, 'bad_input']);
  }
  expect((await request(floor.url, 'POST', '/api/ledger', { token, body: {} })).status).toBe(404);
});

test('monitoring policy ledger: it is read page by page, and what began in one instant is not torn apart', async () => {
  const { sessionId } = await stage.served();
  for (let at = 0; at < 49; at += 1) {
    await stage.does('Tomasz', 'supervision:monitor', { sessionId });
    await stage.does('Tomasz', 'supervision:leave', { sessionId });
    await floor.pass(10);
  }
  // Three in one instant stand over the edge of the first page.
  const instant = floor.now;
  await stage.does('Ines', 'supervision:monitor', { sessionId });
  await stage.does('Marta', 'supervision:monitor', { sessionId });
  await stage.does('Grace', 'supervision:monitor', { sessionId });
  for (let at = 0; at < 48; at += 1) {
    await floor.pass(10);
    await stage.does('Tomasz', 'supervision:monitor', { sessionId });
    await stage.does('Tomasz', 'supervision:leave', { sessionId });
  }
  const pages: (readonly LedgerEntry[])[] = [];
  for (let before: number | null = Number.MAX_SAFE_INTEGER; before !== null; ) {
    const one: LedgerPage = await page('Priya', `?before=${Math.min(before, 8e15)}`);
    pages.push(one.entries);
    before = one.before;
  }
  expect(pages.map((one) => one.length)).toEqual([51, 49]);
  expect(pages[0]?.filter(({ since }) => since === instant)).toHaveLength(3);
  const all = pages.flat().map(({ since }) => since);
  expect(all).toEqual([...all].sort((a, b) => b - a));
});

/** The same ledger, made again from nothing but the log. */
async function recomputed(): Promise<string[]> {
  const { rows } = await floor.db.system.query<{ position: number }>(
    'select position from clock where organisation_id = $1',
    [stage.home.id],
  );
  const log = await readLog(floor.db.system, stage.home.id, 0, rows[0]?.position ?? 0, 1_000_000);
  const agentOf = new Map<string, string>();
  const open = new Map<string, { entry: (string | number | null)[] }>();
  const whispers = new Map<string, (string | number | null)[]>();
  const all: (string | number | null)[][] = [];
  const begin = (session: string, person: string, kind: string, at: number, policy: string): void => {
    const entry = [session, agentOf.get(session) ?? '', person, kind, at, null, 0, policy];
    open.set(`${session} ${person}`, { entry });
    all.push(entry);
  };
  const end = (session: string, person: string, at: number): void => {
    const held = open.get(`${session} ${person}`);
    if (held === undefined) throw new Error('somebody left who was not there');
    held.entry[5] = at;
    open.delete(`${session} ${person}`);
  };
  for (const { event } of log) {
    if (event.type === 'session:started') agentOf.set(event.session.id, event.session.agentId);
    if (event.type === 'supervision:monitored')
      begin(event.sessionId, event.personId, 'watched', event.at, event.policy);
    if (event.type === 'supervision:joined') begin(event.sessionId, event.personId, 'joined', event.at, 'announced');
    if (event.type === 'supervision:left') end(event.sessionId, event.personId, event.at);
    if (event.type === 'supervision:took-over')
      all.push([event.sessionId, event.agentId, event.personId, 'took_over', event.at, event.at, 0, 'announced']);
    if (event.type === 'session:ended')
      for (const [name, { entry }] of open)
        if (name.startsWith(event.sessionId) && entry[3] === 'joined') {
          entry[5] = event.at;
          open.delete(name);
        }
    if (event.type === 'side-chat:said' && event.personId !== agentOf.get(event.sessionId)) {
      const name = `${event.sessionId} ${event.personId}`;
      const entry = whispers.get(name) ?? [
        event.sessionId,
        agentOf.get(event.sessionId) ?? '',
        event.personId,
        'whispered',
        event.at,
        event.at,
        0,
        'announced',
      ];
      if (!whispers.has(name)) all.push(entry);
      entry[5] = event.at;
      entry[6] = Number(entry[6]) + 1;
      whispers.set(name, entry);
    }
  }
  return all.map((entry) => entry.join(' ')).sort();
}

async function stored(): Promise<string[]> {
  const { rows } = await floor.db.system.query<LedgerEntry>(
    `select session_id as "sessionId", agent_id as "agentId", person_id as "personId", kind, since, until, lines, policy
      from ledger where organisation_id = $1`,
    [stage.home.id],
  );
  return rows
    .map((row) =>
      [row.sessionId, row.agentId, row.personId, row.kind, row.since, row.until, row.lines, row.policy].join(' '),
    )
    .sort();
}

/** The proof takes more of them. */
const seeds = process.env.HALYARD_PROOF === '1' ? [11, 12, 13, 14, 15, 16, 17, 18] : [11];

test.each(seeds)('monitoring policy ledger: seed %i, it equals what the log says', async (seed) => {
  const random = seeded(seed);
  const agents = ['Priya', 'Omar'] as const;
  const leads = ['Tomasz', 'Ines', 'Marta', 'Grace'] as const;
  for (let at = 0; at < 4; at += 1) await stage.waiting();
  await stage.settle();
  // Whatever is refused is no part of it: people try what they can no longer do.
  const tries = async <N extends CommandName>(who: Viewer, name: N, input: CommandInput<N>): Promise<void> => {
    await stage.of(who).send(name, input);
  };
  for (let at = 0; at < 160; at += 1) {
    // An instant is one deed here; what happens in the same one is the first test's and the pages'.
    await floor.pass(random.between(1, 900));
    const some = Array.from({ length: random.between(1, 3) }, async () => {
      const { now } = stage.of('Grace');
      const sessions = [...now.sessions.keys()];
      const conversations = [...now.conversations.keys()];
      const kind = random.next();
      if (conversations.length < 3) await stage.waiting();
      if (kind < 0.05)
        return tries('Marta', 'organisation:set-monitoring', { policy: random.pick(monitoringPolicies) });
      if (sessions.length === 0 || kind < 0.2)
        return tries(random.pick(agents), 'conversation:take', {
          conversationId: random.pick<ConversationId>(conversations),
        });
      const sessionId = random.pick<SessionId>(sessions);
      const lead = random.pick(leads);
      if (kind < 0.4) return tries(lead, 'supervision:monitor', { sessionId });
      if (kind < 0.55) return tries(lead, 'supervision:join', { sessionId });
      if (kind < 0.7) return tries(lead, 'supervision:leave', { sessionId });
      if (kind < 0.85)
        return tries(random.pick([...leads, ...agents]), 'side-chat:say', { sessionId, text: 'A word.' });
      if (kind < 0.9) return tries(lead, 'supervision:take-over', { sessionId });
      const conversationId = now.sessions.get(sessionId)?.conversationId;
      if (conversationId === undefined) return;
      if (kind < 0.95) return tries(random.pick(agents), 'conversation:close', { conversationId });
      return tries(random.pick(agents), 'conversation:transfer', {
        conversationId,
        to: { kind: 'queue', queueId: stage.queue(random.pick(['Banking', 'Travel'])) },
      });
    });
    await Promise.all(some);
    await stage.settle();
  }
  const rows = await stored();
  expect(rows).toEqual(await recomputed());
  for (const kind of ['watched', 'whispered', 'joined', 'took_over'])
    expect(rows.filter((row) => row.includes(` ${kind} `)).length, kind).toBeGreaterThan(2);
  const { rows: late } = await floor.db.system.query(
    `select from ledger l join session s on s.id = l.session_id where l.organisation_id = $1 and l.until is null and s.ended_at is not null`,
    [stage.home.id],
  );
  expect(late, 'nothing goes on in a session that has ended').toEqual([]);
  expect(floor.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
});

test('monitoring policy ledger: a supervisor who also serves reads their own sessions as an agent', async () => {
  const home = await floor.organisation([
    ...cast,
    { name: 'Sam', role: 'supervisor', teams: ['Banking'], supervises: ['Travel'] },
  ]);
  const [sam, tomasz, marta] = await Promise.all(['Sam', 'Tomasz', 'Marta'].map((name) => floor.staff(home, name)));
  if (!sam || !tomasz || !marta) throw new Error('nobody is there');
  await marta.does('organisation:set-monitoring', { policy: 'silent' });
  const customer = await floor.customer(home);
  const conversationId = await customer.start('Hello?');
  await sam.sees('the conversation', (live) => live.conversations.has(conversationId));
  const { sessionId } = (await sam.does('conversation:take', { conversationId })) as { sessionId: SessionId };
  await tomasz.sees('the session', (live) => live.sessions.has(sessionId));
  await tomasz.does('supervision:monitor', { sessionId });
  await tomasz.does('side-chat:say', { sessionId, text: 'Well done.' });
  const token = await floor.token(home, 'Sam');
  const reply = await request(floor.url, 'GET', '/api/ledger', { token });
  expect((JSON.parse(reply.text) as { value: LedgerPage }).value.entries.map(({ kind }) => kind)).toEqual([
    'whispered',
  ]);
});
