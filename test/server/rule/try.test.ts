import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PastLine } from '../../../server/rule/queries.ts';
import { tryRule } from '../../../server/rule/try.ts';
import type { FlagId } from '../../../shared/contract/id.ts';
import type { RulePage, RuleTrial, RuleTried, RuleWords } from '../../../shared/contract/rule.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import { cast, Floor } from '../../support/floor.ts';
import { type Reply, request } from '../../support/http.ts';
import { definition } from '../../support/scenario.ts';
import { type Served, Stage, type Viewer } from '../../support/stage.ts';

let floor: Floor;
let stage: Stage;
let away: Stage;
let banking: Served;
const dayMs = 24 * 3_600_000;

beforeAll(async () => {
  floor = await Floor.start({ now: Date.UTC(2026, 0, 5, 9), rates: false });
  stage = await Stage.open(floor, await floor.organisation(cast.map((one) => ({ ...one, capacity: 50 }))));
  away = await Stage.open(floor);
  banking = await stage.served();
  await banking.customer.says('I want my money back, a REFUND');
  await stage.does('Priya', 'message:send', { conversationId: banking.conversationId, text: 'No refund on cards.' });
  await floor.pass(3 * dayMs);
  const other = await away.served();
  await other.customer.says('A refund elsewhere');
  await banking.customer.says('Refunds are a right');
});
afterAll(() => floor.close());

const words = (some: Partial<RuleWords>): RuleWords => ({ any: [], all: [], near: null, not: [], ...some });
const trial = (some: Partial<RuleTrial> = {}): RuleTrial => ({
  side: 'either',
  channels: [],
  queueIds: [],
  words: words({ any: ['refund*'] }),
  ...some,
});

async function ask(body: unknown, who: Viewer = 'Marta', of: Stage = stage): Promise<Reply> {
  return request(floor.url, 'POST', '/api/rule/try', { token: await floor.token(of.home, who), body });
}
async function tried(body: RuleTrial): Promise<RuleTried> {
  const reply = await ask(body);
  expect(reply.status, reply.text).toBe(200);
  return (reply.body as unknown as { value: RuleTried }).value;
}

describe('S1.17 a rule is tried against past lines', () => {
  test('newest first, with what is heard in them, how many were read, and the share', async () => {
    const found = await tried(trial());
    expect(found).toMatchObject({ lines: 4, matched: 3, conversations: 1, share: 0.75, broad: true, more: false });
    expect(
      found.samples.map(({ text, author, ranges }) => [author, ranges.map((r) => text.slice(r.start, r.end))]),
    ).toEqual([
      ['customer', ['Refunds']],
      ['agent', ['refund']],
      ['customer', ['REFUND']],
    ]);
    expect(found.samples[1]).toMatchObject({
      name: 'Priya',
      customerName: 'Rosa Iglesias',
      conversationId: banking.conversationId,
    });
    expect(found.since).toBe(floor.now - 3 * dayMs);
  });

  test.each([
    [{ side: 'customer' }, 2, 3],
    [{ side: 'agent' }, 1, 1],
    [{ channels: ['chat'] }, 3, 4],
    [{ channels: ['legacy'] }, 0, 0],
    [{ days: 2 }, 1, 1],
    [{ days: 30 }, 3, 4],
    [{ words: words({ any: ['nobody said this'] }) }, 0, 4],
    [{ words: words({ all: ['money', 'refund'], not: ['cards'] }) }, 1, 4],
  ] as [Partial<RuleTrial>, number, number][])('%j', async (some, matched, lines) => {
    expect(await tried(trial(some))).toMatchObject({ matched, lines, broad: lines > 0 && matched / lines > 0.2 });
  });

  test('only of the queues it names', async () => {
    expect(await tried(trial({ queueIds: [stage.queue('Banking')] }))).toMatchObject({ lines: 4 });
    const none = await tried(trial({ queueIds: [stage.queue('Travel'), newId<'queue'>(0)] }));
    expect(none).toMatchObject({ lines: 0, matched: 0, share: 0, since: null, samples: [] });
  });

  test('of one’s own organisation alone', async () => {
    expect(JSON.stringify(await tried(trial()))).not.toContain('elsewhere');
    const theirs = await ask(trial(), 'Marta', away);
    expect(theirs.text).toContain('elsewhere');
    expect(theirs.text).not.toContain('a right');
  });

  test('never of side chats and flag messages', async () => {
    await stage.does('Priya', 'side-chat:say', { sessionId: banking.sessionId, text: 'whispered refund' });
    expect(JSON.stringify(await tried(trial()))).not.toContain('whispered');
  });

  test.each(['Priya', 'Omar', 'Leo', 'Tomasz', 'Mei', 'Ines'] as const)('not by %s', async (who) => {
    expect(await ask(trial(), who)).toMatchObject({ status: 403, code: 'not_permitted' });
    const token = await floor.token(stage.home, who);
    expect(await request(floor.url, 'GET', '/api/rule', { token })).toMatchObject({ status: 403 });
  });

  test.each([
    [{}, 'bad_input'],
    [null, 'bad_input'],
    ['[', 'bad_input'],
    [{ ...trial(), words: { any: 'refund' } }, 'bad_input'],
    [{ ...trial(), pattern: '(a+)+$' }, 'bad_input'],
    [{ ...trial(), queueIds: ['x'] }, 'bad_input'],
    [{ ...trial(), days: 0 }, 'bad_input'],
    [{ ...trial(), days: 1e9 }, 'bad_input'],
    [{ ...trial(), words: words({}) }, 'bad_input'],
    [{ ...trial(), words: words({ any: ['\u0000'] }) }, 'bad_input'],
    [{ ...trial(), words: words({ any: ['\ud800'] }) }, 'bad_input'],
    [{ ...trial(), words: words({ any: ['a'] }) }, 'rule_too_broad'],
    [{ ...trial(), words: words({ any: ['*'] }) }, 'bad_input'],
  ])('%j is refused by name', async (body, code) => {
    const reply = await ask(body);
    expect(reply.code).toBe(code);
    expect(reply.status).toBe(400);
  });
});

describe('S1.17 a trial is bounded', () => {
  const line = (at: number): PastLine => ({
    entryId: newId<'entry'>(0),
    conversationId: newId<'conversation'>(0),
    customerName: 'Rosa',
    at,
    author: 'customer',
    name: 'Rosa',
    text: 'A refund',
  });
  const lines = Array.from({ length: 5000 }, (_, at) => line(5000 - at));

  test('lets others have their turn, and shows twenty lines at most', async () => {
    let now = 0;
    let turns = 0;
    const found = await tryRule(
      trial(),
      { lines, more: true },
      {
        clock: () => (now += 0.1),
        pause: async () => {
          turns += 1;
        },
      },
    );
    expect(found).toMatchObject({ lines: 5000, matched: 5000, more: true });
    expect(found.samples).toHaveLength(20);
    expect(turns).toBeGreaterThan(30);
  });

  test('stops when its time is up, and says what it has read', async () => {
    let now = 0;
    const found = await tryRule(trial(), { lines, more: false }, { clock: () => (now += 10), pause: async () => {} });
    expect(found.lines).toBeLessThan(200);
    expect(found).toMatchObject({ matched: found.lines, more: true, since: 5000 - found.lines + 1 });
  });
});

test('S1.17 the list says what came of each rule in 30 days', async () => {
  const list = async (of: Stage = stage): Promise<RulePage> => {
    const token = await floor.token(of.home, 'Grace');
    const reply = await request(floor.url, 'GET', '/api/rule', { token });
    return (reply.body as unknown as { value: RulePage }).value;
  };
  const input = { ...definition(stage, 'listed words'), name: 'Beta' };
  const { ruleId } = await stage.of('Marta').does('rule:create', input);
  const made = await stage.of('Marta').does('rule:create', { ...definition(stage, 'other words'), name: 'alpha' });
  const raise = async (outcome: 'answered' | 'not_needed'): Promise<void> => {
    const served = await stage.served();
    await served.customer.says('These are the listed words');
    const { flagId } = await stage.of('Priya').sees('the flag', (live) => {
      const one = live.sessions.get(served.sessionId);
      return one?.flagId == null ? null : { flagId: one.flagId };
    });
    await stage.does('Priya', 'flag:lower', { flagId: flagId as FlagId, outcome });
  };
  await raise('answered');
  await raise('not_needed');
  await raise('not_needed');
  const page = await list();
  expect(page.rules.map(({ name, raised, notNeeded, active }) => [name, raised, notNeeded, active])).toEqual([
    ['alpha', 0, 0, true],
    ['Beta', 3, 2, true],
  ]);
  expect(page.rules[1]).toEqual({ ...input, id: ruleId, active: true, raised: 3, notNeeded: 2 });
  expect((await list(away)).rules).toEqual([]);
  await stage.does('Marta', 'rule:remove', { ruleId: made.ruleId as never });
  await floor.pass(31 * dayMs);
  expect((await list()).rules.map(({ name, raised }) => [name, raised])).toEqual([['Beta', 0]]);
});

test('S1.17 nothing of all this was a mistake of the hub', () => {
  expect(floor.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
