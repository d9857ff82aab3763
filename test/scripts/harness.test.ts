import { createConnection } from 'node:net';
import pg from 'pg';
import { expect, test } from 'vitest';
import { openDatabase } from '../../server/db/pool.ts';
import { createTestDatabase } from '../support/database.ts';
import { recordingLog } from '../support/log.ts';
import { startRedis } from '../support/redis.ts';

/** Sends one command and gives the first line of the answer, or null when none comes in 300 ms or nobody listens. */
function ask(url: string, command: string): Promise<string | null> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = createConnection(Number(port), hostname);
    const end = (answer: string | null): void => {
      resolve(answer);
      socket.destroy();
    };
    socket.setTimeout(300, () => end(null));
    socket.once('connect', () => socket.write(`${command}\r\n`));
    socket.once('data', (data) => end(data.toString().split('\r\n')[0] ?? null));
    socket.once('error', () => end(null));
  });
}

test('the test Redis can be frozen, thawed, killed and started again', async () => {
  const redis = await startRedis();
  expect(Number(new URL(redis.url).port)).toBeLessThan(32_768);
  try {
    expect(await ask(redis.url, 'PING')).toBe('+PONG');
    redis.freeze();
    expect(await ask(redis.url, 'PING')).toBe(null);
    redis.thaw();
    expect(await ask(redis.url, 'PING')).toBe('+PONG');
    await redis.kill();
    expect(await ask(redis.url, 'PING')).toBe(null);
    await redis.restart();
    expect(await ask(redis.url, 'PING')).toBe('+PONG');
    redis.freeze();
  } finally {
    await redis.stop();
  }
  expect(await ask(redis.url, 'PING')).toBe(null);
});

test('test databases are whole, separate, and reachable by one address', async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const client = new pg.Client({ connectionString: one.url });
  await client.connect();
  await client.query('create table mine ()');
  await client.end();
  const db = await openDatabase({ ...two.options, log: recordingLog() });
  const found = await db.system.query(`select to_regclass('mine') as mine, to_regclass('migration') as migration`);
  expect(found.rows).toEqual([{ mine: null, migration: 'migration' }]);
  await db.close();
  await Promise.all([one.drop(), two.drop()]);
});
