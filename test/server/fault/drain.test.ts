import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { type HubProcess, startHub } from '../../support/hub-process.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import type { StaffClient } from '../../support/staff-client.ts';
import { until } from '../../support/wait.ts';
import { within } from './support/bound.ts';
import { agents, House, type Serving } from './support/house.ts';
import { load, nothingLostOrDoubled } from './support/load.ts';
import { type Relay, startRelay } from './support/relay.ts';

// Real processes start and die here; on a machine that is busy with other tests that takes its time.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 });

/** Two hubs behind a door that leads to one of them, as a load balancer's does. */
let database: TestDatabase;
let redis: TestRedis;
let hubs: [HubProcess, HubProcess];
let house: House;
let door: Relay;
let staff: Serving[];
let ines: StaffClient;

beforeAll(async () => {
  database = await createTestDatabase();
  redis = await startRedis();
  const env = { DATABASE_URL: database.url, REDIS_URL: redis.url };
  house = await House.build(database.options, agents(6));
  hubs = await Promise.all([startHub({ env }), startHub({ env })]);
  door = await startRelay({ port: hubs[0].port });
  const url = `http://127.0.0.1:${door.port}`;
  staff = await Promise.all(['A1', 'A2', 'A3', 'A4', 'A5', 'A6'].map((name) => house.serve(url, name)));
  ines = await house.staff(url, 'Ines', 'wallboard');
});

afterAll(async () => {
  await house?.close();
  await Promise.all((hubs ?? []).map((hub) => hub.kill()));
  await door?.close();
  await redis?.stop();
  await database?.drop();
});

test('F20: a hub that is asked to end answers what it has, moves its screens, and ends with 0; nothing is lost', async () => {
  const running = load(staff);
  await until('work', () => running.answered() >= 8);
  door.to({ port: hubs[1].port });
  const asked = performance.now();
  expect(await hubs[0].stop()).toBe(0);
  expect(performance.now() - asked).toBeLessThan(within(5000));
  const before = running.answered();
  await until('work on the other hub', () => running.answered() >= before + 8, 20_000);
  const tried = await running.stop();
  await nothingLostOrDoubled(house, tried);
  await house.converge([...staff.map(({ screen }) => screen), ines]);
  // Everybody came back with what they had, and was told what happened since instead of everything.
  expect(ines.snapshots).toBe(1);
  // Nobody was gone for long enough to count as gone.
  expect(await house.rows(`select from log where type = 'person:unreachable'`)).toEqual([]);
  expect(hubs[0].output()).not.toContain('"level":50');
});
