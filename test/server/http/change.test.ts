import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ChangeKind, changeKinds, changeTypes } from '../../../shared/contract/change.ts';
import type { EventType } from '../../../shared/contract/event.ts';
import { fact } from '../../../shared/contract/event.ts';
import type { ChangePage } from '../../../shared/contract/read.ts';
import { Floor } from '../../support/floor.ts';
import { request } from '../../support/http.ts';
import { Stage } from '../../support/stage.ts';

/** Audited settings: who changed what, when and from where, from the log (I9). */
let floor: Floor;
let stage: Stage;
let away: Stage;

beforeAll(async () => {
  floor = await Floor.start({ now: Date.UTC(2026, 10, 20, 9), rates: false });
  stage = await Stage.open(floor);
  away = await Stage.open(floor);
});
afterAll(() => floor.close());

const kinds = Object.keys(changeKinds) as ChangeKind[];

async function changes(name: string, query: string, whose = stage): Promise<ChangePage> {
  const reply = await request(floor.url, 'GET', `/api/change?${query}`, { token: await floor.token(whose.home, name) });
  if (reply.status !== 200) throw new Error(reply.text);
  return (reply.body as unknown as { readonly value: ChangePage }).value;
}

const facts: readonly EventType[] = fact.options.map((one) => one.shape.type.value);

test('every fact of settings is listed under a kind, and nothing of the floor is', () => {
  const listed = new Set(kinds.flatMap((kind) => changeTypes(kind)));
  const left = facts.filter((type) => /^(organisation|reason|rule|team|queue|connection|person):/.test(type));
  expect(left.filter((type) => !listed.has(type as never))).toEqual([
    'person:status-set',
    'person:reachable',
    'person:unreachable',
  ]);
  expect([...listed].filter((type) => !left.includes(type))).toEqual([]);
});

describe('a change says', () => {
  test('who, when, what it was before and is now, newest first', async () => {
    const teamId = stage.home.team('Banking');
    await floor.pass(1000);
    await stage.does('Marta', 'team:rename', { teamId, name: 'Cards' });
    const at = floor.now;
    await floor.pass(1000);
    await stage.does('Grace', 'team:set-legacy-flag', { teamId, on: true });
    const page = await changes('Marta', 'of=team');
    expect(page.changes.slice(0, 2).map(({ event }) => event)).toEqual([
      expect.objectContaining({
        type: 'team:legacy-flag-set',
        teamId,
        on: true,
        by: { kind: 'person', id: stage.home.person('Grace') },
      }),
      expect.objectContaining({
        type: 'team:renamed',
        before: 'Banking',
        name: 'Cards',
        at,
        by: { kind: 'person', id: stage.home.person('Marta') },
      }),
    ]);
    expect(page.names[teamId]).toBe('Cards');
    expect(page.names[stage.home.person('Grace')]).toBe('Grace');
    expect(new Set(page.changes.map(({ event }) => event.type.split(':')[0]))).toEqual(new Set(['team']));
    expect((await changes('Marta', 'of=legacy')).changes).toHaveLength(1);
  });

  test('from which address, where it came by HTTP', async () => {
    const token = await floor.token(stage.home, 'Marta');
    const input = { warnPercent: 55 };
    const id = (await import('../../../shared/contract/uuid.ts')).newId<'command'>(floor.now);
    await request(floor.url, 'POST', '/api/command/organisation:set-thresholds', { token, body: { id, input } });
    const [newest] = (await changes('Marta', 'of=thresholds')).changes;
    expect(newest?.event).toMatchObject({ type: 'organisation:thresholds-set', before: 75, warnPercent: 55 });
    expect(newest?.address).toMatch(/^(::ffff:)?127\.0\.0\.1$|^::1$/);
  });

  test('page by page, nothing twice and nothing left out', async () => {
    const reasonId = stage.reason();
    for (let turn = 0; turn < 65; turn += 1)
      await stage.does('Marta', 'reason:set-target', { reasonId, targetMs: 20_000 + turn * 1000 });
    const seen: number[] = [];
    let before: number | null = null;
    do {
      const page: ChangePage = await changes('Marta', `of=reason${before === null ? '' : `&before=${before}`}`);
      seen.push(...page.changes.map(({ event }) => event.position));
      expect(page.changes.length).toBeLessThanOrEqual(30);
      before = page.before;
    } while (before !== null);
    expect(seen.length).toBeGreaterThanOrEqual(65);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => b - a));
  });

  test('names what has been archived since', async () => {
    const { teamId } = await stage.of('Marta').does('team:create', { name: 'Night desk' });
    await stage.does('Marta', 'team:archive', { teamId: teamId as never });
    const page = await changes('Marta', 'of=team');
    expect(page.changes[0]?.event.type).toBe('team:archived');
    expect(page.names[teamId]).toBe('Night desk');
  });
});

describe('is only for whoever may set it up', () => {
  test.each(kinds)('%s', async (kind) => {
    for (const [name, status] of [
      ['Priya', 403],
      ['Ines', 403],
      ['Marta', 200],
      ['Grace', 200],
    ] as const) {
      const token = await floor.token(stage.home, name);
      expect((await request(floor.url, 'GET', `/api/change?of=${kind}`, { token })).status, name).toBe(status);
    }
    expect((await request(floor.url, 'GET', `/api/change?of=${kind}`)).status).toBe(401);
  });

  test('another organisation has changes of its own, and no name of ours', async () => {
    const theirs = await changes('Grace', 'of=team', away);
    expect(JSON.stringify(theirs)).not.toContain(stage.home.team('Banking'));
    expect(JSON.stringify(theirs)).not.toContain('Cards');
    expect((await changes('Grace', 'of=thresholds', away)).changes).toEqual([]);
  });

  test('no hash of a link and no secret is in it', async () => {
    const hash = 'ab'.repeat(32);
    await stage.does('Marta', 'person:renew-invitation', { personId: stage.home.person('Omar'), tokenHash: hash });
    const text = JSON.stringify(await changes('Marta', 'of=person'));
    expect(text).toContain('person:invitation-renewed');
    expect(text).not.toContain(hash);
  });
});

test.each([
  '',
  'of=flag',
  'of=constructor',
  'of=team&before=0',
  'of=team&before=x',
  'of=team&of=person',
  'of=team&all=1',
])('bad input, "%s", is a 400', async (query) => {
  const reply = await request(floor.url, 'GET', `/api/change?${query}`, {
    token: await floor.token(stage.home, 'Grace'),
  });
  expect([reply.status, reply.code]).toEqual([400, 'bad_input']);
});

test('nothing of all this was a mistake of the hub', () => {
  expect(floor.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
