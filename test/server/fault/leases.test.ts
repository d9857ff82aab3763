import pg from 'pg';
import { afterEach, expect, test, vi } from 'vitest';
import type { FlagId } from '../../../shared/contract/id.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import { createTestDatabase } from '../../support/database.ts';
import { Floor } from '../../support/floor.ts';
import { startHub } from '../../support/hub-process.ts';
import { until } from '../../support/wait.ts';
import { agents, House, insist } from './support/house.ts';

// Real processes start and die here; on a machine that is busy with other tests that takes its time.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 });

const closers: (() => Promise<unknown>)[] = [];
const later = <T>(made: T, close: (made: T) => Promise<unknown>): T => {
  closers.push(() => close(made));
  return made;
};
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

test('people of a dead hub become unreachable once its lease and the grace are over: claims return, presences end', async () => {
  const graceMs = 1000;
  const floor = later(await Floor.start({ graceMs }), (one) => one.close());
  const house = later(await House.build(floor.database.options, agents(1)), (one) => one.close());
  const doomed = later(await startHub({ env: { DATABASE_URL: floor.database.url } }), (hub) => hub.kill());
  const agent = await house.serve(floor.url, 'A1');
  const tomasz = await house.staff(floor.url, 'Tomasz', 'wallboard');
  const ines = await house.staff(doomed.url, 'Ines', 'wallboard');
  const { sessionId, reasonId } = agent;
  const raised = await agent.screen.does('flag:raise', { sessionId, reasonId, message: 'Help.', askJoin: true });
  const flagId = raised.flagId as FlagId;
  await ines.sees('the flag', (live) => live.flags.has(flagId));
  await ines.does('flag:claim', { flagId });
  await ines.does('supervision:join', { sessionId });
  await tomasz.sees('her in the session', (live) => live.sessions.get(sessionId)?.supervisors.length === 1);

  await doomed.kill();
  const died = performance.now();
  // She does not come back for now.
  ines.close();
  await until('her to be unreachable', () => tomasz.heard('person:unreachable').length > 0, 20_000);
  // Not before her hub's lease and the grace: a hub that only stumbles loses nobody.
  expect(performance.now() - died).toBeGreaterThan(3000);
  await until('the claim to return', () => tomasz.now.flags.get(flagId)?.claim === null);
  await until('her presence to end', () => tomasz.now.sessions.get(sessionId)?.supervisors.length === 0);
  const [mine, ...others] = tomasz.heard('person:unreachable');
  expect(others).toEqual([]);
  expect(mine?.personId).toBe(house.person('Ines'));
  expect(tomasz.heard('flag:released').map(({ reason, personId }) => [reason, personId])).toEqual([
    ['unreachable', house.person('Ines')],
  ]);
  expect(tomasz.heard('supervision:left').map(({ reason, was }) => [reason, was])).toEqual([['unreachable', 'joined']]);

  const again = await house.staff(floor.url, 'Ines', 'wallboard');
  await tomasz.sees('her reachable again', (live) => live.people.get(house.person('Ines'))?.reachable);
  await house.converge([tomasz, again, agent.screen]);
});

test('monitoring policy announced_after: who watched from a hub that died stops watching, and the agent is told', async () => {
  const floor = later(await Floor.start({ graceMs: 1000 }), (one) => one.close());
  const house = later(await House.build(floor.database.options, agents(1)), (one) => one.close());
  // Nobody in this house may set it; a hub reads it anew for every command.
  await house.db.system.query(`update organisation set monitoring = 'announced_after' where id = $1`, [house.id]);
  const doomed = later(await startHub({ env: { DATABASE_URL: floor.database.url } }), (hub) => hub.kill());
  const { screen, sessionId } = await house.serve(floor.url, 'A1');
  const tomasz = await house.staff(floor.url, 'Tomasz', 'wallboard');
  const ines = await house.staff(doomed.url, 'Ines', 'wallboard');
  await ines.sees('the session', (live) => live.sessions.has(sessionId));
  await ines.does('supervision:monitor', { sessionId });
  await tomasz.sees('her in the session', (live) => live.sessions.get(sessionId)?.supervisors.length === 1);
  expect(screen.now.sessions.get(sessionId)?.supervisors).toEqual([]);

  await doomed.kill();
  ines.close();
  const [left] = await until(
    'the agent to be told',
    () => {
      const heard = screen.heard('supervision:left');
      return heard.length > 0 && heard;
    },
    20_000,
  );
  expect([left?.personId, left?.reason, left?.policy]).toEqual([
    house.person('Ines'),
    'unreachable',
    'announced_after',
  ]);
  const rows = await house.rows('select kind, policy, until is not null as ended from ledger where session_id = $1', [
    sessionId,
  ]);
  expect(rows).toEqual([{ kind: 'watched', policy: 'announced_after', ended: true }]);
  await house.converge([tomasz, screen]);
});

test('F10: a hub that hung and wakes writes nothing twice, and its people count as reachable again', async () => {
  const floor = later(await Floor.start({ graceMs: 500 }), (one) => one.close());
  const house = later(await House.build(floor.database.options, agents(1)), (one) => one.close());
  const hung = later(await startHub({ env: { DATABASE_URL: floor.database.url } }), (hub) => hub.kill());
  const agent = await house.serve(hung.url, 'A1');
  const { sessionId, reasonId } = agent;
  const ines = await house.staff(hung.url, 'Ines', 'wallboard');
  const tomasz = await house.staff(floor.url, 'Tomasz', 'wallboard');
  const input = { sessionId, reasonId, message: 'Help.', askJoin: false };
  hung.freeze();
  // Sent into the hub that hangs, and then, as a screen does, to the other one.
  const id = newId<'command'>(Date.now());
  const late = agent.screen.send('flag:raise', input, id).catch(() => null);
  const elsewhere = await house.staff(floor.url, 'A1');
  const { answer } = await insist(elsewhere, 'flag:raise', input, id);
  if (!answer.ok) throw new Error(answer.refusal.message);
  const flagId = answer.value.flagId as FlagId;
  await tomasz.sees('the flag', (live) => live.flags.has(flagId));
  await elsewhere.does('flag:lower', { flagId, outcome: 'answered' });
  await until('Ines to be unreachable', () => tomasz.now.people.get(house.person('Ines'))?.reachable === false, 15_000);

  hung.thaw();
  await tomasz.sees('Ines to be reachable again', (live) => live.people.get(house.person('Ines'))?.reachable);
  const given = await late;
  // Whatever the hub that woke says, it is not a second flag.
  if (given?.ok) expect(given.value.flagId).toBe(flagId);
  expect((await house.happened('flag:raised', [id])).get(id)).toBe(1);
  await house.converge([agent.screen, elsewhere, ines, tomasz]);
  expect(tomasz.now.flags.size).toBe(0);
});

test('a job that a dead hub had taken is done by another after the lease, once', async () => {
  const database = later(await createTestDatabase(), (one) => one.drop());
  const house = later(await House.build(database.options, agents(1)), (one) => one.close());
  const doomed = later(await startHub({ env: { DATABASE_URL: database.url } }), (hub) => hub.kill());
  const [screen, customer] = await Promise.all([house.staff(doomed.url, 'A1'), house.customer(doomed.url)]);
  const conversationId = await customer.start('Is anybody there?');
  await until('routing to have looked in vain', async () => (await house.rows('select from job')).length === 0);

  // With the log locked, the hub takes the job and cannot do it.
  const admin = later(new pg.Client(database.admin), (client) => client.end());
  await admin.connect();
  await admin.query('begin');
  await admin.query('select from clock where organisation_id = $1 for update', [house.id]);
  await house.rows(`update person set status = 'available' where id = $1`, [house.person('A1')]);
  await house.rows(
    `insert into job (id, organisation_id, kind, subject, planned, due_at) values ('offer:route', $1, 'offer:route', '', 1, now())`,
    [house.id],
  );
  await until(
    'the job to be taken',
    async () => (await house.rows('select from job where taken_until > now()')).length === 1,
  );
  await doomed.kill();
  await admin.query('commit');
  // What is left of a lease of ten seconds need not be waited for.
  await house.rows(`update job set taken_until = now() + interval '2 s'`);

  const heir = later(await startHub({ env: { DATABASE_URL: database.url }, port: doomed.port }), (hub) => hub.kill());
  expect(await house.rows(`select from log where type = 'offer:made'`)).toEqual([]);
  const offer = await screen.sees('the offer', (live) => live.conversations.get(conversationId)?.offer);
  expect(offer.personId).toBe(house.person('A1'));
  expect(await house.rows(`select from log where type = 'offer:made'`)).toHaveLength(1);
  expect(heir.output()).not.toContain('"level":50');
});

test('with two hubs alive ten offers expire at one instant, each once', async () => {
  const now = Date.now();
  // Nobody may seem to be gone because the clock is moved by hand.
  const graceMs = 3_600_000;
  const first = later(await Floor.start({ now, graceMs }), (one) => one.close());
  const second = later(await Floor.start({ now, graceMs, beside: first }), (one) => one.close());
  const people = Array.from({ length: 10 }, (_, at) => ({
    name: `A${at + 1}`,
    role: 'agent' as const,
    teams: ['Banking'],
    capacity: 1,
  }));
  const home = await first.organisation(people);
  for (const [at, { name }] of people.entries()) {
    const screen = await (at % 2 === 0 ? first : second).staff(home, name);
    await screen.does('person:set-status', { personId: home.person(name), status: 'available' });
  }
  for (let at = 0; at < 10; at += 1) {
    const customer = await (at % 2 === 0 ? first : second).customer(home);
    await customer.start(`Customer ${at} waits.`);
  }
  const count = async (type: string): Promise<{ offers: number; events: number }> => {
    const { rows } = await first.db.system.query<{ offers: number; events: number }>(
      `select count(*)::int as events, count(distinct coalesce(payload ->> 'offerId', payload -> 'offer' ->> 'id'))::int as offers
        from log where organisation_id = $1 and type = $2`,
      [home.id, type],
    );
    return rows[0] ?? { offers: 0, events: 0 };
  };
  await until('ten offers', async () => {
    await Promise.all([first.app.tick(), second.app.tick()]);
    return (await count('offer:made')).events === 10;
  });
  await Promise.all([first.pass(30_001), second.pass(30_001)]);
  await Promise.all([first.app.tick(), second.app.tick()]);
  expect(await count('offer:expired')).toEqual({ offers: 10, events: 10 });
});
