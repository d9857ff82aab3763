import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Complete } from '../../../shared/contract/wire.ts';
import { type HubProcess, isReady, startHub } from '../../support/hub-process.ts';
import type { StaffClient } from '../../support/staff-client.ts';
import { until } from '../../support/wait.ts';
import { within } from './support/bound.ts';
import { type Cluster, makeCluster } from './support/embedded.ts';
import { agents, House, type Serving } from './support/house.ts';
import { load, nothingLostOrDoubled, type Tried } from './support/load.ts';

// Real processes start and die here; on a machine that is busy with other tests that takes its time.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 });

/** `npm start`'s shape: a hub with the embedded database that it started. Agents raise and lower while it is harmed. */
let cluster: Cluster;
let hub: HubProcess;
let house: House;
let staff: Serving[];
let ines: StaffClient;

beforeAll(async () => {
  cluster = makeCluster();
  hub = await startHub({ env: { HALYARD_DATA: cluster.data } });
  house = await House.build({ connection: cluster.connection() }, agents(4));
  staff = await Promise.all(['A1', 'A2', 'A3', 'A4'].map((name) => house.serve(hub.url, name)));
  ines = await house.staff(hub.url, 'Ines', 'wallboard');
});

afterAll(async () => {
  await house?.close();
  await hub?.kill();
  await cluster?.remove();
});

const screens = (): StaffClient[] => [...staff.map(({ screen }) => screen), ines];

/** Work, a blow in the middle of it, and work again; gives what was sent and when the first answer came after the blow. */
async function strike(blow: () => Promise<void>): Promise<{ tried: Tried[]; struckAt: number }> {
  const running = load(staff);
  await until('work', () => running.answered() >= 8);
  const struckAt = performance.now();
  await blow();
  await until('the hub to be ready', () => isReady(hub.url), 30_000);
  const before = running.answered();
  await until('work again', () => running.answered() >= before + 8, 30_000);
  const tried = await running.stop();
  await house.converge(screens());
  return { tried, struckAt };
}

test('F3: kill -9 of the postmaster in the middle of raises', async () => {
  const pid = cluster.pid() ?? 0;
  const { tried } = await strike(async () => {
    process.kill(pid, 'SIGKILL');
    await cluster.successor(pid);
  });
  await nothingLostOrDoubled(house, tried);
  // It fell into work, and nobody had to wait longer than the bound for a word.
  expect(tried.some(({ codes }) => codes.length > 0)).toBe(true);
  expect(Math.max(...tried.map(({ longestMs }) => longestMs))).toBeLessThan(within(3200));
});

test('F3: kill -9 of a backend in the middle of raises', async () => {
  const pid = cluster.pid();
  const { tried } = await strike(async () => {
    const [backend] = await house.rows<{ pid: number }>(
      `select pid from pg_stat_activity where application_name = 'halyard app' and pid <> pg_backend_pid() order by state_change desc limit 1`,
    );
    if (backend === undefined) throw new Error('the hub has no backend');
    process.kill(backend.pid, 'SIGKILL');
    // PostgreSQL ends the others too and recovers by itself.
    await until('the backend to be gone', async () => {
      const rows = await house.rows('select from pg_stat_activity where pid = $1', [backend.pid]).catch(() => null);
      return rows !== null && rows.length === 0;
    });
  });
  expect(cluster.pid()).toBe(pid);
  await nothingLostOrDoubled(house, tried);
  expect(tried.some(({ codes }) => codes.length > 0)).toBe(true);
});

test('F4, I10: while PostgreSQL is frozen the senders hear within 3 s, no screen is told that it is live, and nothing is lost', async () => {
  const frozenMs = process.env.HALYARD_PROOF === '1' ? 30_000 : 5000;
  const running = load(staff);
  await until('work', () => running.answered() >= 8);
  let lastComplete = 0;
  let heartbeats = 0;
  const hear = (_complete: Complete): void => {
    lastComplete = performance.now();
    heartbeats += 1;
  };
  ines.socket.on('complete', hear);
  cluster.signal('SIGSTOP');
  const from = performance.now();
  heartbeats = 0;
  await until('the hub to say that it is not ready', async () => !(await isReady(hub.url)), within(4500));
  await until('the freeze to have lasted', () => performance.now() - from > frozenMs, frozenMs + 1000);
  const silentSince = lastComplete - from;
  const vouched = heartbeats;
  cluster.signal('SIGCONT');
  const thawed = performance.now();
  await until('a heartbeat', () => lastComplete > thawed);
  ines.socket.off('complete', hear);
  const before = running.answered();
  await until('work again', () => running.answered() >= before + 8, 30_000);
  const tried = await running.stop();
  await house.converge(screens());
  await nothingLostOrDoubled(house, tried);
  // A screen calls itself stale 2.5 s after the last heartbeat. One may have been on its way, and none follows it.
  expect(vouched).toBeLessThanOrEqual(1);
  expect(silentSince).toBeLessThan(within(500));
  expect(Math.max(...tried.map(({ longestMs }) => longestMs))).toBeLessThan(within(3200));
  const codes = new Set(tried.flatMap((one) => one.codes));
  codes.delete('rate_limited');
  expect([...codes].sort()).toEqual(expect.arrayContaining(['outcome_unknown']));
});

test('F3: kill -9 of the hub that started the database; the next one adopts it', async () => {
  const pid = cluster.pid();
  const { tried } = await strike(async () => {
    await hub.kill();
    hub = await startHub({ env: { HALYARD_DATA: cluster.data }, port: hub.port });
  });
  expect(cluster.pid()).toBe(pid);
  await nothingLostOrDoubled(house, tried);
  expect(tried.some(({ codes }) => codes.length > 0)).toBe(true);
});

test('a second hub on the same machine shares the database, converges by the poll, and outlives the first', async () => {
  const second = await startHub({ env: { HALYARD_DATA: cluster.data } });
  try {
    expect(second.output()).toContain('Another hub shares this database');
    const tomasz = await house.staff(second.url, 'Tomasz', 'wallboard');
    const [agent] = staff;
    if (agent === undefined) throw new Error('nobody serves');
    const { sessionId, reasonId } = agent;
    const from = performance.now();
    const raised = await agent.screen.does('flag:raise', { sessionId, reasonId, message: 'Both.', askJoin: false });
    await tomasz.sees('the flag on the other hub', (live) => live.flags.has(raised.flagId as never));
    expect(performance.now() - from).toBeLessThan(within(1200));
    await house.converge([...screens(), tomasz]);

    // The first one dies, and later the database: the second starts it again.
    await hub.kill();
    await tomasz.does('flag:claim', { flagId: raised.flagId as never });
    const pid = cluster.pid() ?? 0;
    process.kill(pid, 'SIGKILL');
    await cluster.successor(pid);
    await until('the second hub', () => isReady(second.url), 30_000);
    await until(
      'an answer',
      async () => (await tomasz.send('flag:release', { flagId: raised.flagId as never })).ok,
      20_000,
    );
    hub = await startHub({ env: { HALYARD_DATA: cluster.data }, port: hub.port });
    await house.converge([...screens(), tomasz]);
    // Asked to end, it leaves the database to the other.
    expect(await second.stop()).toBe(0);
    expect(await isReady(hub.url)).toBe(true);
  } finally {
    await second.kill();
  }
});
