import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Balancer, startBalancer } from '../support/balancer.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/wait.ts';

/** The shape of docker-compose.yml, as processes: PostgreSQL, Redis, two hubs, and HAProxy with the file of that shape. */
let scratch: TestDatabase;
let redis: TestRedis;
let hubs: [HubProcess, HubProcess];
let balancer: Balancer;

beforeAll(async () => {
  scratch = await createTestDatabase();
  redis = await startRedis();
  const env = { DATABASE_URL: scratch.url, REDIS_URL: redis.url, HALYARD_TRUST_PROXY: 'loopback' };
  // At once, as Compose starts them.
  hubs = await Promise.all([startHub({ env }), startHub({ env })]);
  balancer = await startBalancer([hubs[0].port, hubs[1].port]);
});

afterAll(async () => {
  await balancer?.stop();
  await Promise.all((hubs ?? []).map((hub) => hub.kill()));
  await redis?.stop();
  await scratch?.drop();
});

/** Which hub answers a visitor, by the balancer's cookie; null while none does. */
async function servedBy(cookie?: string): Promise<string | null> {
  const answer = await fetch(`${balancer.url}/livez`, {
    headers: cookie ? { cookie: `halyard_hub=${cookie}` } : {},
    signal: AbortSignal.timeout(2_000),
  }).catch(() => null);
  if (!answer?.ok) return null;
  const set = /halyard_hub=(hub\d)/.exec(answer.headers.get('set-cookie') ?? '')?.[1];
  return set ?? cookie ?? null;
}

const other = (name: string): string => (name === 'hub1' ? 'hub2' : 'hub1');

test('a visitor stays with one hub', async () => {
  const first = await servedBy();
  expect(first).toMatch(/^hub[12]$/);
  for (const name of ['hub1', 'hub2']) expect(await servedBy(name)).toBe(name);
});

test('the pages and the script of the widget come through the balancer', async () => {
  for (const path of ['/console', '/wallboard', '/widget.js']) {
    const answer = await fetch(balancer.url + path);
    expect(answer.status, path).toBe(200);
    await answer.arrayBuffer();
  }
});

test('a killed hub loses its visitors to the other, and gets new ones when it is back', async () => {
  await hubs[0].kill();
  await until('hub2 to take over', async () => (await servedBy('hub1')) === 'hub2');
  const env = { DATABASE_URL: scratch.url, REDIS_URL: redis.url, HALYARD_TRUST_PROXY: 'loopback' };
  hubs[0] = await startHub({ env, port: hubs[0].port });
  await until('hub1 to be used again', async () => (await servedBy('hub1')) === 'hub1');
});

test('a hub that hangs loses its sockets, which can come back through the other', async () => {
  const open = (cookie: string): Promise<WebSocket> => {
    const socket = new WebSocket(`${balancer.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
      headers: { cookie: `halyard_hub=${cookie}` },
    });
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(socket));
      socket.once('error', reject);
    });
  };
  const socket = await open('hub2');
  // It is also cut for not signing in within 5 seconds; that takes a hub that runs.
  const cut = new Promise((resolve) => socket.once('close', resolve));
  hubs[1].freeze();
  await cut;
  await until('hub1 to take over', async () => (await servedBy('hub2')) === other('hub2'));
  (await open('hub2')).terminate();
  hubs[1].thaw();
  await until('hub2 to be used again', async () => (await servedBy('hub2')) === 'hub2');
});

test('both end in order when asked to', async () => {
  expect(await Promise.all(hubs.map((hub) => hub.stop()))).toEqual([0, 0]);
});
