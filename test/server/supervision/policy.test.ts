import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SessionId } from '../../../shared/contract/id.ts';
import type { MonitoringPolicy } from '../../../shared/contract/policy.ts';
import type { LedgerPage } from '../../../shared/contract/read.ts';
import { cast, Floor } from '../../support/floor.ts';
import { request } from '../../support/http.ts';
import { StaffClient } from '../../support/staff-client.ts';
import { type Served, Stage, type Viewer } from '../../support/stage.ts';
import { until } from '../../support/wait.ts';

/**
 * Who learns of watching, and who must not: on the socket, by coming in, by coming back, in the transcript, over HTTP. Tomasz
 * watches Priya; Omar is of her team; Ines leads it too; Marta may read the whole ledger; Mei leads another team.
 */
let floor: Floor;
let stage: Stage;
beforeAll(async () => {
  floor = await Floor.start({ now: Date.UTC(2026, 0, 5, 9), rates: false, graceMs: 20_000 });
});
afterAll(() => floor.close());
beforeEach(async () => {
  stage = await Stage.open(floor);
});
afterEach(() => stage.close());

const setPolicy = (policy: MonitoringPolicy) => stage.does('Marta', 'organisation:set-monitoring', { policy });

async function servedUnder(policy: MonitoringPolicy): Promise<Served> {
  if (policy !== 'announced') await setPolicy(policy);
  const served = await stage.served();
  await stage.settle();
  return served;
}

/** Everything that comes to somebody from here on, as text. */
function listen(name: Viewer): () => string {
  const screen = stage.of(name);
  const from = screen.frames.length;
  return () => JSON.stringify(screen.frames.slice(from));
}

async function get<T>(name: string, path: string): Promise<{ readonly text: string; readonly value: T }> {
  const { text, status } = await request(floor.url, 'GET', path, { token: await floor.token(stage.home, name) });
  expect(status, path).toBe(200);
  return { text, value: (JSON.parse(text) as { value: T }).value };
}

const ledger = async (name: string, query = '') => (await get<LedgerPage>(name, `/api/ledger${query}`)).value.entries;
const shapes = (entries: LedgerPage['entries']) =>
  entries.map(({ kind, until: end, policy, lines }) => [kind, end === null ? 'goes on' : 'ended', policy, lines]);

/** Somebody's screen that begins anew, and one that comes back from where this one stood, at this hub and at another. */
async function screens(name: Viewer, { cursor, live }: ReturnType<typeof position>) {
  await stage.settle();
  if (cursor === null || live === null) throw new Error('this screen has nothing yet');
  const other = await Floor.start({ now: floor.now, beside: floor });
  try {
    const token = await floor.token(stage.home, name);
    const connect = async (url: string, resume: boolean) => {
      const options = { url, token, organisationId: stage.home.id };
      const screen = await StaffClient.connect(resume ? { ...options, resume: cursor, live } : options);
      screen.close();
      return screen;
    };
    const [fresh, back, elsewhere] = await Promise.all([
      connect(floor.url, false),
      connect(floor.url, true),
      connect(other.url, true),
    ]);
    expect([back.snapshots, elsewhere.snapshots], 'both came back by events').toEqual([0, 0]);
    return { fresh, back, elsewhere };
  } finally {
    await other.close();
  }
}

const position = (name: Viewer) => ({ cursor: stage.of(name).cursor, live: stage.of(name).live });
const watchers = (screen: StaffClient, id: SessionId) =>
  screen.now.sessions.get(id)?.supervisors.map(({ personId }) => personId);

/** What tells of Tomasz to Priya, on every way there is. People know each other's ids, so only what is about sessions counts. */
async function told(served: Served, at: ReturnType<typeof position>): Promise<string[]> {
  const tomasz = stage.home.person('Tomasz');
  const { fresh, back, elsewhere } = await screens('Priya', at);
  const { conversationId, sessionId } = served;
  const ways: Record<string, string> = {
    'fresh snapshot': JSON.stringify([...fresh.now.sessions.values(), ...fresh.now.flags.values()]),
    'coming back': JSON.stringify(back.events),
    'coming back to another hub': JSON.stringify(elsewhere.events),
    'her screen': JSON.stringify(stage.of('Priya').now.sessions.get(sessionId) ?? {}),
    transcript: (await get('Priya', `/api/conversation/${conversationId}/transcript`)).text,
    ledger: (await get('Priya', '/api/ledger')).text,
    'ledger of the conversation': (await get('Priya', `/api/ledger?conversationId=${conversationId}`)).text,
    'ledger, asked for herself': (await get('Priya', `/api/ledger?agentId=${stage.home.person('Priya')}`)).text,
  };
  return Object.entries(ways).flatMap(([way, text]) => (text.includes(tomasz) ? [way] : []));
}

describe('monitoring policy announced', () => {
  test('S1.14 the agent sees at once who watches, and that it ended; the team and the customer never', async () => {
    const { sessionId, customer } = await servedUnder('announced');
    const omar = listen('Omar');
    await stage.does('Tomasz', 'supervision:monitor', { sessionId });
    const seen = await stage.of('Priya').hears('supervision:monitored');
    expect([seen.personId, seen.policy]).toEqual([stage.home.person('Tomasz'), 'announced']);
    expect(watchers(stage.of('Priya'), sessionId)).toEqual([stage.home.person('Tomasz')]);
    expect(shapes(await ledger('Priya'))).toEqual([['watched', 'goes on', 'announced', 0]]);
    await floor.pass(5000);
    await stage.does('Tomasz', 'supervision:leave', { sessionId });
    expect((await stage.of('Priya').hears('supervision:left')).since).toBe(seen.at);
    const [entry] = await ledger('Priya');
    expect([entry?.since, entry?.until, entry?.customerName]).toEqual([seen.at, floor.now, 'Rosa Iglesias']);
    await stage.settle();
    expect(omar()).not.toContain('supervision:');
    expect(stage.of('Mei').heard('supervision:monitored')).toEqual([]);
    expect(JSON.stringify(customer.frames)).not.toContain('Tomasz');
    expect(await ledger('Omar')).toEqual([]);
  });
});

describe.each(['silent', 'announced_after'] as const)('monitoring policy %s', (policy) => {
  test('S1.14 while somebody watches the agent learns nothing, on no way; supervisors and leaders do', async () => {
    const served = await servedUnder(policy);
    const { sessionId, customer } = served;
    const at = position('Priya');
    const [priya, omar] = [listen('Priya'), listen('Omar')];
    await stage.does('Priya', 'side-chat:say', { sessionId, text: 'Is anybody there?' });
    await stage.does('Tomasz', 'supervision:monitor', { sessionId });
    await stage.does('Tomasz', 'side-chat:mark-read', { sessionId });
    stage.of('Tomasz').socket.emit('volatile', {
      kind: 'side-typing',
      organisationId: stage.home.id,
      sessionId,
      personId: stage.home.person('Tomasz'),
      on: true,
    });
    await until('Ines to see him write', () => stage.of('Ines').marks.length > 0);
    await stage.settle();

    const tomasz = stage.home.person('Tomasz');
    expect(priya()).not.toContain(tomasz);
    expect(await told(served, at)).toEqual([]);
    expect(omar()).not.toContain(tomasz);
    expect(JSON.stringify(customer.frames)).not.toContain('Tomasz');
    for (const name of ['Tomasz', 'Ines', 'Marta', 'Grace'] as const) {
      expect(stage.of(name).heard('supervision:monitored').at(-1)?.policy, name).toBe(policy);
      expect(watchers(stage.of(name), sessionId), name).toEqual([tomasz]);
    }
    expect(stage.of('Mei').heard('supervision:monitored')).toEqual([]);
    // His own reading mark is his own, and he keeps it.
    expect(stage.of('Tomasz').now.sessions.get(sessionId)?.sideRead).toEqual({ [tomasz]: 1 });
    expect(stage.of('Ines').heard('side-chat:read')).toEqual([]);
    expect(shapes(await ledger('Marta'))).toEqual([['watched', 'goes on', policy, 0]]);
    expect(shapes(await ledger('Tomasz'))).toEqual([['watched', 'goes on', policy, 0]]);
    expect(await ledger('Ines')).toEqual([]);
  });

  test('S1.14 when the watching ends the agent is told, or is not, as the policy says', async () => {
    const served = await servedUnder(policy);
    const { sessionId } = served;
    const at = position('Priya');
    const omar = listen('Omar');
    await stage.does('Tomasz', 'supervision:monitor', { sessionId });
    const since = floor.now;
    await floor.pass(9000);
    await stage.does('Tomasz', 'supervision:leave', { sessionId });
    await stage.settle();
    const heard = stage.of('Priya').heard('supervision:left');
    if (policy === 'silent') {
      expect(heard).toEqual([]);
      expect(await told(served, at)).toEqual([]);
    } else {
      expect(heard.map((one) => [one.since, one.at, one.was, one.reason])).toEqual([
        [since, floor.now, 'monitoring', 'left'],
      ]);
      expect(await told(served, at)).toEqual([
        'coming back',
        'coming back to another hub',
        'transcript',
        'ledger',
        'ledger of the conversation',
        'ledger, asked for herself',
      ]);
      expect(shapes(await ledger('Priya'))).toEqual([['watched', 'ended', policy, 0]]);
    }
    expect(omar()).not.toContain('supervision:');
    expect(watchers(stage.of('Ines'), sessionId)).toEqual([]);
    expect(shapes(await ledger('Grace'))).toEqual([['watched', 'ended', policy, 0]]);
  });

  test('joining and taking over are always seen; the watching before them only as the policy says', async () => {
    const served = await servedUnder(policy);
    const { sessionId, customer } = served;
    await stage.does('Tomasz', 'supervision:monitor', { sessionId });
    await floor.pass(3000);
    await stage.does('Tomasz', 'supervision:join', { sessionId });
    await stage.of('Priya').hears('supervision:joined');
    await customer.sees('who joined', ({ conversation }) => conversation?.helpers[1]?.name === 'Tomasz');
    expect(watchers(stage.of('Priya'), sessionId)).toEqual([stage.home.person('Tomasz')]);
    await floor.pass(3000);
    await stage.does('Tomasz', 'supervision:take-over', { sessionId });
    await stage.of('Priya').hears('supervision:took-over');
    await stage.settle();
    const lefts = stage.of('Priya').heard('supervision:left');
    expect(lefts.map(({ was, reason }) => [was, reason])).toEqual(
      policy === 'silent' ? [] : [['monitoring', 'joined']],
    );
    expect(shapes(await ledger('Priya')).sort()).toEqual(
      [
        ['took_over', 'ended', 'announced', 0],
        ['joined', 'ended', 'announced', 0],
        ...(policy === 'silent' ? [] : [['watched', 'ended', policy, 0]]),
      ].sort(),
    );
    expect(shapes(await ledger('Marta'))).toHaveLength(3);
  });

  test('whispering is always seen, and then writing too', async () => {
    const { sessionId } = await servedUnder(policy);
    const tomasz = stage.home.person('Tomasz');
    const mark = (on: boolean) =>
      stage.of('Tomasz').socket.emit('volatile', {
        kind: 'side-typing',
        organisationId: stage.home.id,
        sessionId,
        personId: tomasz,
        on,
      });
    await stage.does('Tomasz', 'supervision:monitor', { sessionId });
    mark(true);
    await until('Ines to see him write', () => stage.of('Ines').marks.length > 0);
    await stage.does('Tomasz', 'side-chat:say', { sessionId, text: 'Read the payee back.' });
    await stage.of('Priya').hears('side-chat:said');
    expect(stage.of('Priya').marks).toEqual([]);
    mark(true);
    await until('Priya to see him write', () => stage.of('Priya').marks.length > 0);
    expect(shapes(await ledger('Priya'))).toEqual([['whispered', 'ended', 'announced', 1]]);
    // That he watches as well is still not hers to know.
    expect(watchers(stage.of('Priya'), sessionId)).toEqual([]);
  });

  test('the session ends while somebody watches: the watching ends with it, in every way of ending', async () => {
    for (const end of ['close', 'customer', 'transfer', 'take-over by another'] as const) {
      const { sessionId, conversationId, customer } = await servedUnder(policy);
      const before = stage.of('Priya').heard('supervision:left').length;
      await stage.does('Tomasz', 'supervision:monitor', { sessionId });
      await floor.pass(1000);
      if (end === 'close') await stage.does('Priya', 'conversation:close', { conversationId });
      else if (end === 'customer') await customer.frame('close', { id: crypto.randomUUID(), conversationId });
      else if (end === 'transfer')
        await stage.does('Priya', 'conversation:transfer', {
          conversationId,
          to: { kind: 'queue', queueId: stage.queue('Travel') },
        });
      else await stage.does('Ines', 'supervision:take-over', { sessionId });
      await stage.settle();
      const left = stage.of('Ines').heard('supervision:left').at(-1);
      expect([left?.sessionId, left?.was, left?.reason], end).toEqual([sessionId, 'monitoring', 'ended']);
      const heard = stage.of('Priya').heard('supervision:left').slice(before);
      expect(
        heard.map((one) => one.sessionId),
        end,
      ).toEqual(policy === 'silent' ? [] : [sessionId]);
      const { rows } = await floor.db.system.query('select from ledger where session_id = $1 and until is null', [
        sessionId,
      ]);
      expect(rows, end).toEqual([]);
    }
  });

  test('an agent who supervises the own team is watched like any other', async () => {
    const home = await floor.organisation([
      ...cast,
      { name: 'Sam', role: 'supervisor', teams: ['Banking'], supervises: ['Banking'] },
      { name: 'Ada', role: 'admin', teams: ['Banking'] },
    ]);
    const [sam, ada, tomasz, marta] = await Promise.all(
      ['Sam', 'Ada', 'Tomasz', 'Marta'].map((name) => floor.staff(home, name)),
    );
    if (!sam || !ada || !tomasz || !marta) throw new Error('nobody is there');
    await marta.does('organisation:set-monitoring', { policy });
    const customer = await floor.customer(home);
    const conversationId = await customer.start('Hello?');
    await sam.sees('the conversation', (live) => live.conversations.has(conversationId));
    const { sessionId } = (await sam.does('conversation:take', { conversationId })) as { sessionId: SessionId };
    await tomasz.sees('the session', (live) => live.sessions.has(sessionId));
    const from = sam.frames.length;
    const { cursor, live } = sam;
    await tomasz.does('supervision:monitor', { sessionId });
    await marta.hears('supervision:monitored');
    await sam.raw(null);
    expect(JSON.stringify(sam.frames.slice(from))).not.toContain(home.person('Tomasz'));
    expect(ada.heard('supervision:monitored')).toHaveLength(1);
    const token = await floor.token(home, 'Sam');
    if (cursor === null || live === null) throw new Error('this screen has nothing yet');
    const back = await StaffClient.connect({ url: floor.url, token, organisationId: home.id, resume: cursor, live });
    back.close();
    expect([back.snapshots, back.heard('supervision:monitored')]).toEqual([0, []]);
    const transcript = await request(floor.url, 'GET', `/api/conversation/${conversationId}/transcript`, { token });
    expect([transcript.status, transcript.text.includes(home.person('Tomasz'))]).toEqual([200, false]);
    const fresh = await floor.staff(home, 'Sam');
    expect(fresh.now.sessions.get(sessionId)?.supervisors).toEqual([]);
    // Of the other sessions of the team Sam, who leads it, sees everything.
    const second = await floor.customer(home);
    const other = await second.start('And I?');
    const priya = await floor.staff(home, 'Priya');
    const { sessionId: hers } = (await priya.does('conversation:take', { conversationId: other })) as {
      sessionId: SessionId;
    };
    await tomasz.sees('the other session', (live) => live.sessions.has(hers));
    await tomasz.does('supervision:monitor', { sessionId: hers });
    expect((await sam.hears('supervision:monitored')).sessionId).toBe(hers);
  });

  test('somebody who watches and loses the right or the connection: the end counts like any other', async () => {
    const { sessionId } = await servedUnder(policy);
    await stage.does('Ines', 'supervision:monitor', { sessionId });
    await stage.does('Tomasz', 'supervision:monitor', { sessionId });
    await stage.does('Marta', 'person:set-teams', { personId: stage.home.person('Ines'), teamIds: [], supervises: [] });
    await stage.settle();
    stage.of('Tomasz').close();
    await until('Tomasz to be gone', async () => {
      const { rows } = await floor.db.system.query('select from presence where person_id = $1 and gone_since is null', [
        stage.home.person('Tomasz'),
      ]);
      return rows.length === 0;
    });
    await floor.pass(20_001);
    await stage
      .of('Marta')
      .sees('that he is gone', (live) => live.people.get(stage.home.person('Tomasz'))?.reachable === false);
    await stage.settle();
    const reasons = (name: Viewer) =>
      stage
        .of(name)
        .heard('supervision:left')
        .map(({ reason }) => reason);
    expect(reasons('Marta')).toEqual(['right_lost', 'unreachable']);
    expect(reasons('Priya')).toEqual(policy === 'silent' ? [] : ['right_lost', 'unreachable']);
    expect(shapes(await ledger('Priya'))).toHaveLength(policy === 'silent' ? 0 : 2);
  });
});

test('monitoring policy changed meanwhile: who watches stays under the one that it began with', async () => {
  const { sessionId } = await servedUnder('silent');
  await stage.does('Tomasz', 'supervision:monitor', { sessionId });
  await setPolicy('announced');
  await floor.pass(1000);
  await stage.does('Ines', 'supervision:monitor', { sessionId });
  await stage.settle();
  expect(watchers(stage.of('Priya'), sessionId)).toEqual([stage.home.person('Ines')]);
  await setPolicy('silent');
  await stage.settle();
  expect(watchers(stage.of('Priya'), sessionId)).toEqual([stage.home.person('Ines')]);
  const priya = listen('Priya');
  await stage.does('Tomasz', 'supervision:leave', { sessionId });
  await stage.settle();
  expect(priya()).not.toContain(stage.home.person('Tomasz'));
  await stage.does('Ines', 'supervision:leave', { sessionId });
  await stage.of('Priya').hears('supervision:left');
  expect(shapes(await ledger('Priya'))).toEqual([['watched', 'ended', 'announced', 0]]);
  expect(shapes(await ledger('Marta'))).toEqual([
    ['watched', 'ended', 'announced', 0],
    ['watched', 'ended', 'silent', 0],
  ]);
});

test('monitoring policy: every agent reads which one stands, at once; only who may set it sets it', async () => {
  await setPolicy('silent');
  await stage.of('Priya').sees('the policy', (live) => live.organisation.monitoring === 'silent');
  for (const name of ['Priya', 'Tomasz'] as const)
    expect(await stage.of(name).refused('organisation:set-monitoring', { policy: 'announced' })).toBe('not_permitted');
});
