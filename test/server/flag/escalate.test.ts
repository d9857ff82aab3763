import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { watchersNoun } from '../../../server/escalation/escalation.ts';
import { escalate } from '../../../server/flag/escalate.ts';
import type { Event } from '../../../shared/contract/event.ts';
import type { ConversationId, FlagId, SessionId } from '../../../shared/contract/id.ts';
import type { Reach } from '../../../shared/contract/policy.ts';
import type { TranscriptPage } from '../../../shared/contract/read.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import { calledBy } from '../../../shared/live/call.ts';
import { cast, Floor } from '../../support/floor.ts';
import { request } from '../../support/http.ts';
import { StaffClient } from '../../support/staff-client.ts';
import { Stage, type Viewer } from '../../support/stage.ts';
import { until } from '../../support/wait.ts';

/** S1.19: a flag that nobody takes calls further, on the hub's clock; nobody's screen and nobody's right runs ahead of it. */
const at = Date.UTC(2026, 0, 5, 9);
const twoMinutes = 120_000;
const fiveMinutes = 300_000;
let floor: Floor;
let stage: Stage;

beforeEach(async () => {
  floor = await Floor.start({ now: at, rates: false, graceMs: 1000 });
  stage = await Stage.open(floor);
});
afterEach(async () => {
  expect(floor.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  await floor.close();
});

const flagNow = (flagId: FlagId, who: Viewer = 'Marta') => stage.of(who).now.flags.get(flagId);
const reach = (flagId: FlagId): Reach | undefined => flagNow(flagId)?.reach;

async function pass(ms: number): Promise<void> {
  await floor.pass(ms);
  await stage.settle();
}

/** Every connection of somebody is gone for longer than the grace delay. */
async function goes(...names: Viewer[]): Promise<void> {
  for (const name of names) stage.of(name).close();
  await until('them to be noted as gone', async () => {
    const ids = names.map((name) => stage.home.person(name));
    const { rows } = await floor.db.system.query(
      'select from presence where person_id = any($1::uuid[]) and gone_since is null',
      [ids],
    );
    return rows.length === 0;
  });
  await pass(1001);
}

const steps = async (): Promise<{ reach: Reach; because: string; at: number }[]> => {
  const { rows } = await floor.db.system.query<{ payload: { reach: Reach; because: string }; at: number }>(
    `select payload, at from log where organisation_id = $1 and type = 'flag:escalated' order by position`,
    [stage.home.id],
  );
  return rows.map((row) => ({ reach: row.payload.reach, because: row.payload.because, at: row.at }));
};

const jobs = async (): Promise<number> => {
  const { rows } = await floor.db.system.query(
    `select from job where kind = 'flag:escalate' and organisation_id = $1`,
    [stage.home.id],
  );
  return rows.length;
};

describe('the clock', () => {
  test('S1.19 each step comes at its instant and not before', async () => {
    const { flagId } = await stage.flagged();
    await stage.settle();
    expect(flagNow(flagId)).toMatchObject({ reach: 'own', reachedAt: at, nextAt: at + twoMinutes });
    await pass(twoMinutes - 1);
    expect(reach(flagId)).toBe('own');
    await pass(1);
    expect(flagNow(flagId)).toMatchObject({
      reach: 'supervisors',
      reachedAt: at + twoMinutes,
      nextAt: at + fiveMinutes,
    });
    await pass(fiveMinutes - twoMinutes - 1);
    expect(reach(flagId)).toBe('supervisors');
    await pass(1);
    expect(flagNow(flagId)).toMatchObject({ reach: 'everyone', reachedAt: at + fiveMinutes, nextAt: null });
    await pass(24 * 3_600_000);
    expect((await steps()).map((step) => [step.reach, step.because, step.at])).toEqual([
      ['supervisors', 'waited', at + twoMinutes],
      ['everyone', 'waited', at + fiveMinutes],
    ]);
    expect(await jobs()).toBe(0);
  });

  test('S1.19 a claim stops it, and a release starts the wait anew', async () => {
    const { flagId } = await stage.flagged();
    await pass(60_000);
    await stage.does('Tomasz', 'flag:claim', { flagId });
    await stage.settle();
    expect(flagNow(flagId)?.nextAt).toBeNull();
    await pass(fiveMinutes);
    expect(reach(flagId)).toBe('own');
    await stage.does('Tomasz', 'flag:release', { flagId });
    await stage.settle();
    expect(flagNow(flagId)?.nextAt).toBe(floor.now + twoMinutes);
    await pass(twoMinutes - 1);
    expect(reach(flagId)).toBe('own');
    await pass(1);
    expect(reach(flagId)).toBe('supervisors');
    // Given back at this step it waits as long as the step takes, not as long as from the start.
    await stage.does('Mei', 'flag:claim', { flagId });
    await stage.does('Mei', 'flag:release', { flagId });
    await stage.settle();
    expect(flagNow(flagId)?.nextAt).toBe(floor.now + fiveMinutes - twoMinutes);
  });

  test('claimed and given back in one batch it still calls further', async () => {
    const { flagId } = await stage.flagged();
    await Promise.all([
      stage.does('Tomasz', 'flag:claim', { flagId }),
      stage.does('Tomasz', 'flag:release', { flagId }),
    ]);
    expect(await jobs()).toBe(1);
    await pass(twoMinutes);
    expect(reach(flagId)).toBe('supervisors');
  });

  test('a job that was taken leaves what was planned anew before it ran', async () => {
    const { flagId } = await stage.flagged();
    const planned = async (): Promise<number | undefined> => {
      const { rows } = await floor.db.system.query<{ planned: number }>('select planned from job where subject = $1', [
        flagId,
      ]);
      return rows[0]?.planned;
    };
    const taken = (await planned()) ?? 0;
    await stage.does('Tomasz', 'flag:claim', { flagId });
    await stage.does('Tomasz', 'flag:release', { flagId });
    const anew = await planned();
    await floor.app.hub.submit(stage.home.id, {
      id: newId<'command'>(floor.now),
      name: 'flag:escalate',
      row: escalate,
      input: { subject: flagId },
      actor: { kind: 'system' },
      address: null,
      job: { id: `flag:escalate ${flagId}`, planned: taken },
    });
    expect(await steps()).toEqual([]);
    expect(await planned()).toBe(anew);
    await pass(twoMinutes);
    expect(reach(flagId)).toBe('supervisors');
  });

  test('S1.19 a lowered flag calls nobody, and leaves no job', async () => {
    const { flagId } = await stage.flagged();
    await stage.does('Priya', 'flag:lower', { flagId, outcome: 'not_needed' });
    expect(await jobs()).toBe(0);
    const other = await stage.flagged();
    await stage.does('Priya', 'conversation:close', { conversationId: other.conversationId });
    expect(await jobs()).toBe(0);
    await pass(fiveMinutes);
    expect(await steps()).toEqual([]);
  });

  test('another chain leaves the instant of a flag that is up, and counts from then on', async () => {
    const { flagId } = await stage.flagged();
    await stage.does('Marta', 'organisation:set-escalation', {
      steps: [
        { reach: 'own', afterMs: 0 },
        { reach: 'everyone', afterMs: 10_000 },
      ],
    });
    const later = await stage.flagged();
    await pass(10_000);
    expect([reach(flagId), reach(later.flagId)]).toEqual(['own', 'everyone']);
    await pass(twoMinutes - 10_000);
    expect(flagNow(flagId)).toMatchObject({ reach: 'everyone', nextAt: null });
    // A chain without a further step: the instant comes, and nothing with it.
    const last = await stage.flagged();
    await stage.does('Marta', 'organisation:set-escalation', { steps: [{ reach: 'own', afterMs: 0 }] });
    await pass(fiveMinutes);
    expect(reach(last.flagId)).toBe('own');
    expect(await jobs()).toBe(0);
  });
});

describe('nobody there', () => {
  test('S1.19 a flag that calls nobody who is there calls further at once, and its agent is told how many are', async () => {
    const { sessionId } = await stage.served();
    await goes('Tomasz', 'Ines');
    const input = { sessionId, reasonId: stage.reason(), message: 'Help.', askJoin: false };
    const { flagId, watching } = await stage.of('Priya').does('flag:raise', input);
    await stage.settle();
    expect(watching).toBe(1);
    expect(reach(flagId as FlagId)).toBe('supervisors');
    expect((await steps()).map((step) => step.because)).toEqual(['nobody_there']);
    expect(stage.of('Mei').now.flags.has(flagId as FlagId)).toBe(true);
  });

  test('S1.19 nobody at any step: it goes on to the last at once, and the agent hears that nobody is there', async () => {
    const { sessionId } = await stage.served();
    await goes('Tomasz', 'Ines', 'Mei', 'Marta');
    stage.of('Grace').close();
    await until('Grace to be noted as gone', async () => {
      const { rows } = await floor.db.system.query('select from presence where gone_since is null and person_id = $1', [
        stage.home.person('Grace'),
      ]);
      return rows.length === 0;
    });
    await floor.pass(1001);
    const input = { sessionId, reasonId: stage.reason(), message: 'Help.', askJoin: false };
    const { flagId, watching } = await stage.of('Priya').does('flag:raise', input);
    await stage.settle();
    expect(watching).toBe(0);
    expect(flagNow(flagId as FlagId, 'Priya')).toMatchObject({ reach: 'everyone', nextAt: null });
    expect((await steps()).map((step) => [step.reach, step.because])).toEqual([
      ['supervisors', 'nobody_there'],
      ['everyone', 'nobody_there'],
    ]);
  });

  test('S1.19 the last of those whom it calls goes, also with a claim on it: it calls further at once', async () => {
    const { flagId } = await stage.flagged();
    await goes('Ines');
    expect(reach(flagId)).toBe('own');
    await stage.does('Tomasz', 'flag:claim', { flagId });
    await goes('Tomasz');
    expect(flagNow(flagId)).toMatchObject({ claim: null, reach: 'supervisors' });
    expect((await steps()).map((step) => step.because)).toEqual(['nobody_there']);
  });

  test('the hub and the screens count the same people at each step', async () => {
    await goes('Mei');
    const people = [...stage.of('Grace').now.people.values()];
    for (const name of ['Priya', 'Leo'] as const) {
      const { text, values } = watchersNoun.load(stage.home.id, [stage.home.person(name)]);
      const { rows } = await floor.db.system.query(text, [...values]);
      const agent = people.find((one) => one.id === stage.home.person(name));
      for (const step of ['own', 'supervisors', 'everyone'] as const)
        expect(rows[0]?.[step], `${name}, ${step}`).toBe(
          calledBy(step, agent, people).filter((one) => one.reachable).length,
        );
    }
  });
});

describe('sight and rights', () => {
  const page = async (
    who: Viewer,
    conversationId: ConversationId,
  ): Promise<{ status: number; events: readonly Event[] }> => {
    const token = await floor.token(stage.home, who);
    const reply = await request(floor.url, 'GET', `/api/conversation/${conversationId}/transcript`, { token });
    const answer = JSON.parse(reply.text) as { value?: TranscriptPage };
    return { status: reply.status, events: answer.value?.events ?? [] };
  };

  test('S1.19 nobody hears of it before the step reaches them; then it is there whole, and nobody else hears of it', async () => {
    const stranger = await Stage.open(floor);
    const { conversationId, sessionId, flagId, customer } = await stage.flagged();
    await stage.does('Tomasz', 'side-chat:say', { sessionId, text: 'inner-1 one moment' });
    await customer.says('Hello?');
    const before = await stage.settle();
    expect(before).toBeGreaterThan(0);
    const mei = stage.of('Mei');
    expect([mei.now.flags.size, mei.now.sessions.size, mei.now.conversations.size]).toEqual([0, 0, 0]);
    expect((await page('Mei', conversationId)).status).toBe(404);
    for (const [name, input] of [
      ['flag:claim', { flagId }],
      ['flag:mark-seen', { flagId }],
      ['flag:lower', { flagId, outcome: 'answered' }],
    ] as const)
      expect(await mei.refused(name, input as never), name).toBe('not_found');
    for (const name of ['supervision:monitor', 'supervision:join', 'supervision:take-over'] as const)
      expect(await mei.refused(name, { sessionId }), name).toBe('not_found');
    expect(await mei.refused('side-chat:say', { sessionId, text: 'No.' })).toBe('not_found');

    const heard = stage.of('Tomasz').snapshots;
    const leo = stage.of('Leo').frames.length;
    await pass(twoMinutes);
    expect(mei.now.flags.get(flagId)).toEqual(stage.of('Tomasz').now.flags.get(flagId));
    // But for what each of them has read, which is their own.
    expect({ ...mei.now.sessions.get(sessionId), sideRead: {} }).toEqual({
      ...stage.of('Tomasz').now.sessions.get(sessionId),
      sideRead: {},
    });
    expect(mei.now.conversations.has(conversationId)).toBe(true);
    expect(stage.of('Tomasz').snapshots, 'whoever saw it takes the event alone').toBe(heard);
    expect(stage.of('Tomasz').heard('flag:escalated')).toHaveLength(1);
    // Neither an agent of another team, nor a mate of the agent, nor a supervisor elsewhere.
    const told = (screen: StaffClient): string => JSON.stringify(screen.frames);
    expect(
      stage
        .of('Leo')
        .frames.slice(leo)
        .filter(([frame]) => frame !== 'complete'),
    ).toEqual([]);
    expect(told(stage.of('Omar'))).not.toContain(flagId);
    for (const screen of stranger.screens.values()) expect(told(screen)).not.toContain(flagId);
    stranger.close();

    const { events } = await page('Mei', conversationId);
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['flag:raised', 'side-chat:said', 'message:sent', 'flag:escalated']),
    );
    expect(JSON.stringify(events)).toContain('inner-1');
    expect(JSON.stringify((await page('Omar', conversationId)).events)).not.toContain('flag:');

    await stage.does('Mei', 'supervision:monitor', { sessionId });
    await stage.does('Mei', 'side-chat:say', { sessionId, text: 'I come.' });
    await stage.does('Mei', 'flag:claim', { flagId });
    await stage.does('Mei', 'supervision:join', { sessionId });
    await stage.does('Mei', 'message:send', { conversationId, text: 'Good morning, I am Mei.' });
    expect(await mei.refused('conversation:close', { conversationId })).toBe('not_found');
    await stage.does('Mei', 'flag:lower', { flagId, outcome: 'joined' });
    // The flag is down, and the session goes on: she is still in it.
    await stage.does('Mei', 'side-chat:say', { sessionId, text: 'Still here.' });
    await pass(1000);
    expect(mei.now.sessions.get(sessionId)?.supervisors).toHaveLength(1);
  });

  test('S1.19 whom it reached reads that session alone, and nothing of the agent before it; afterwards nothing', async () => {
    const { conversationId, sessionId } = await stage.flagged();
    await stage.does('Tomasz', 'side-chat:say', { sessionId, text: 'inner-old' });
    await stage.does('Priya', 'conversation:transfer', {
      conversationId,
      to: { kind: 'queue', queueId: stage.queue('Banking') },
    });
    const taken = await stage.of('Priya').does('conversation:take', { conversationId });
    const second = taken.sessionId as SessionId;
    await stage.does('Tomasz', 'side-chat:say', { sessionId: second, text: 'inner-new' });
    const input = { sessionId: second, reasonId: stage.reason(), message: 'inner-flag', askJoin: true };
    await stage.does('Priya', 'flag:raise', input);
    await pass(twoMinutes);
    const said = JSON.stringify((await page('Mei', conversationId)).events);
    expect(said).toContain('inner-new');
    expect(said).toContain('inner-flag');
    expect(said).toContain('flag:join-asked');
    expect(said).not.toContain('inner-old');
    await stage.does('Priya', 'conversation:close', { conversationId });
    await stage.settle();
    expect((await page('Mei', conversationId)).status).toBe(404);
    const mei = stage.of('Mei');
    expect(await mei.refused('side-chat:say', { sessionId: second, text: 'Still?' })).toBe('not_found');
    expect(await mei.refused('supervision:join', { sessionId: second })).toBe('not_found');
    // For the figures the flag is still one that called every supervisor.
    expect(mei.now.recentFlags.size).toBe(1);
  });

  test('escalation: a helper whom it reached keeps the right while the session lives, and loses it with the role', async () => {
    const { sessionId, flagId } = await stage.flagged();
    await pass(twoMinutes);
    await stage.does('Mei', 'flag:claim', { flagId });
    await stage.does('Mei', 'supervision:join', { sessionId });
    // A review looks at everybody who holds something.
    await stage.does('Marta', 'person:set-teams', { personId: stage.home.person('Ines'), teamIds: [], supervises: [] });
    await pass(1000);
    expect(flagNow(flagId)?.claim?.personId).toBe(stage.home.person('Mei'));
    expect(stage.of('Tomasz').now.sessions.get(sessionId)?.supervisors).toHaveLength(1);
    await stage.does('Marta', 'person:set-role', { personId: stage.home.person('Mei'), role: 'agent' });
    await pass(1000);
    expect(flagNow(flagId)?.claim).toBeNull();
    expect(stage.of('Tomasz').now.sessions.get(sessionId)?.supervisors).toEqual([]);
    expect(stage.of('Mei').now.sessions.size).toBe(0);
  });

  test('a flag raised again on a session calls as far as that session has called', async () => {
    const { sessionId, flagId } = await stage.flagged();
    await pass(twoMinutes);
    await stage.does('Priya', 'flag:lower', { flagId, outcome: 'answered' });
    const input = { sessionId, reasonId: stage.reason(), message: 'Once more.', askJoin: false };
    const { flagId: second } = await stage.of('Priya').does('flag:raise', input);
    await stage.settle();
    expect(flagNow(second as FlagId, 'Mei')).toMatchObject({ reach: 'supervisors', nextAt: floor.now + 180_000 });
  });

  test('a screen that is cut off as the step reaches it comes back with what it gained', async () => {
    const { flagId } = await stage.flagged();
    await stage.settle();
    const mei = stage.of('Mei');
    mei.socket.once('again', () => mei.cut());
    await floor.pass(twoMinutes);
    await mei.sees('the flag', (live) => live.flags.has(flagId));
    // And one that was away over it.
    const token = await floor.token(stage.home, 'Mei');
    const { cursor, live } = stage.of('Leo');
    expect([cursor === null, live === null]).toEqual([false, false]);
    const back = await StaffClient.connect({
      url: floor.url,
      token,
      organisationId: stage.home.id,
      resume: { epoch: mei.now.epoch, position: 1 },
    });
    expect(back.now.flags.has(flagId)).toBe(true);
    back.close();
  });
});

test('escalation: 200 flags that call further at once cost each screen few snapshots, and every step happens once', async () => {
  const many = 200;
  const busy = await floor.organisation(cast.map((one) => ({ ...one, capacity: many + 10 })));
  stage.close();
  stage = await Stage.open(floor, busy);
  const waiting = await Promise.all(Array.from({ length: many }, () => stage.waiting()));
  const reasonId = stage.reason();
  await Promise.all(
    waiting.map(async ({ conversationId }) => {
      const { sessionId } = await stage.of('Priya').does('conversation:take', { conversationId });
      const input = { sessionId: sessionId as SessionId, reasonId, message: 'Help.', askJoin: false };
      await stage.of('Priya').does('flag:raise', input);
    }),
  );
  await stage.settle();
  const mei = stage.of('Mei');
  const [snapshots, tomasz] = [mei.snapshots, stage.of('Tomasz').snapshots];
  await pass(twoMinutes);
  expect(mei.now.flags.size).toBe(many);
  expect([...mei.now.flags.values()].every((flag) => flag.reach === 'supervisors')).toBe(true);
  expect(mei.now.sessions.size).toBe(many);
  // One for each batch that the steps fell into, which a busy machine cuts smaller: nowhere near one for each flag.
  expect(mei.snapshots - snapshots).toBeLessThanOrEqual(10);
  expect(stage.of('Tomasz').snapshots).toBe(tomasz);
  expect(await steps()).toHaveLength(many);
}, 60_000);

test('escalation: with two hubs alive each step happens once; where one dies, the other takes it', async () => {
  const other = await Floor.start({ now: at, rates: false, beside: floor });
  const { flagId } = await stage.flagged();
  await stage.settle();
  // Never far apart: a hub whose clock runs ahead would take the other one for dead.
  await floor.pass(twoMinutes - 1);
  await other.pass(twoMinutes - 1);
  await Promise.all([floor.pass(1), other.pass(1)]);
  await stage.settle();
  expect(await steps()).toHaveLength(1);
  // The job was taken by a hub that is no more: after its lease, and not before, the other one carries it out.
  await floor.db.system.query(
    `update job set taken_until = to_timestamp($1::double precision / 1000) where kind = 'flag:escalate'`,
    [at + fiveMinutes + 10_000],
  );
  await floor.pass(180_000);
  await other.pass(180_000);
  expect(await steps()).toHaveLength(1);
  await floor.pass(10_001);
  await other.pass(10_001);
  await stage.settle();
  expect(reach(flagId)).toBe('everyone');
  expect(await steps()).toHaveLength(2);
  await other.close();
});
