import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { within } from './support/bound.ts';
import { Rounds } from './support/rounds.ts';

vi.setConfig({ hookTimeout: 120_000 });

/** `npm run chaos` sets both, and where the counts go; a failing seed can be given again. */
const wanted = Number(process.env.HALYARD_CHAOS_ROUNDS ?? 50);
const seed = Number(process.env.HALYARD_CHAOS_SEED ?? Math.floor(Math.random() * 2 ** 32));
const report = process.env.HALYARD_CHAOS_REPORT;

let database: TestDatabase;
let redis: TestRedis;
let rounds: Rounds;

beforeAll(async () => {
  database = await createTestDatabase();
  redis = await startRedis();
  rounds = await Rounds.prepare({ seed, database, redisUrl: redis.url, agents: 12 });
});

afterAll(async () => {
  await rounds?.close();
  await redis?.stop();
  await database?.drop();
});

test(
  `F1, I1, I3, I5: ${wanted} hubs are killed in the middle of raises (seed ${seed})`,
  async () => {
    const { counts } = rounds;
    try {
      for (let at = 1; at <= wanted; at += 1) {
        await rounds.round();
        if (report !== undefined && at % 10 === 0) console.log(JSON.stringify(counts));
      }
    } finally {
      console.log(JSON.stringify(counts));
      if (report !== undefined) {
        mkdirSync(dirname(report), { recursive: true });
        writeFileSync(report, `${JSON.stringify(counts, null, 2)}\n`);
      }
    }
    expect(counts).toMatchObject({ rounds: wanted, lost: 0, doubled: 0 });
    expect(await rounds.flags()).toBe(counts.raises);
    expect(await rounds.holes()).toBe(0);
    // The kills fell into work: otherwise nothing was shown.
    expect(counts.resent).toBeGreaterThan(wanted / 2);
    expect(counts.backMs).toBeLessThan(within(5000));
  },
  20_000 + wanted * 10_000,
);
