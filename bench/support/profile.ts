import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Crowd } from './crowd.ts';
import { pause, percentile } from './measure.ts';
import { Raisers } from './raisers.ts';
import { type Bench, ms, perSecond } from './row.ts';
import { firstTeam, seedHistory, seedOrganisation } from './seed.ts';
import type { Stage } from './stage.ts';

/** What PostgreSQL had to read: a table that grows and is read from end to end shows here. */
const readings = `select relname, seq_scan, seq_tup_read, idx_scan, idx_tup_fetch, n_tup_ins, n_tup_upd, n_tup_hot_upd
  from pg_stat_user_tables where seq_scan + idx_scan + n_tup_ins > 50 order by seq_tup_read desc`;

/**
 * Where the time goes under raises: a CPU profile of the hub (open it in a browser's developer tools) for 1, 16 and 64
 * waiting, and the CPU time of one raise in the hub, in PostgreSQL and in the load itself, which other programs on the
 * machine hardly move.
 */
export async function profileRaises(bench: Bench, folder: string): Promise<void> {
  const { stage } = bench;
  mkdirSync(folder, { recursive: true });
  const organisation = await seedOrganisation(stage.db.system, { teams: 1, agentsPerTeam: 64 });
  await seedHistory(stage, organisation, firstTeam(organisation), 20_000);
  const hub = await stage.hub();
  const raisers = await Raisers.connect(stage, hub, organisation, 64);
  const enough = bench.quick ? 3000 : 12_000;
  for (const [waiting, count] of [
    [64, enough],
    [1, Math.round(enough / 10)],
    [16, enough],
    [64, enough],
  ] as const) {
    await raisers.prepare(waiting, Math.ceil(count / waiting));
    const before = {
      hub: (await hub.child.ask('cpu', null)).microseconds,
      sql: postgresCpu(stage),
      load: process.cpuUsage(),
    };
    const times = await raisers.runThrough();
    const spent = {
      hub: (await hub.child.ask('cpu', null)).microseconds - before.hub,
      sql: postgresCpu(stage) - before.sql,
      load: process.cpuUsage(before.load).user + process.cpuUsage(before.load).system,
    };
    const each = (microseconds: number): string => `${Math.round(microseconds / times.times.length)} us`;
    bench.say(
      `${waiting} waiting: ${perSecond(times.perSecond)}, p50 ${ms(percentile(times.times, 0.5))}, p99 ${ms(percentile(times.times, 0.99))}; CPU of a raise: hub ${each(spent.hub)}, PostgreSQL ${each(spent.sql)}, load ${each(spent.load)}`,
    );
    // Once more under the profiler, which costs time itself.
    await raisers.prepare(waiting, Math.ceil(count / waiting));
    await hub.child.ask('profile', { file: null });
    await raisers.runThrough();
    await hub.child.ask('profile', { file: join(folder, `raise-${waiting}.cpuprofile`) });
  }
  const { rows } = await stage.db.system.query(readings);
  console.table(rows);
  for (const writers of [1, 16]) {
    const before = { sql: postgresCpu(stage), load: process.cpuUsage() };
    const { times, perSecond: rate } = await bench.floors.insert(writers, 1500);
    const load = process.cpuUsage(before.load);
    const each = (microseconds: number): string => `${Math.round(microseconds / times.length)} us`;
    bench.say(
      `${writers} inserting: ${perSecond(rate)}, p50 ${ms(percentile(times, 0.5))}, p99 ${ms(percentile(times, 0.99))}; CPU of an INSERT: PostgreSQL ${each(postgresCpu(stage) - before.sql)}, load ${each(load.user + load.system)}`,
    );
  }
  raisers.close();
  await stage.stopHub(hub);
  await profileFloor(bench, folder);
}

/** CPU time of the living processes of the bench's PostgreSQL so far, in microseconds (Linux; elsewhere 0). */
function postgresCpu(stage: Stage): number {
  if (process.platform !== 'linux') return 0;
  let ticks = 0;
  const postmaster = stage.postmasterPid();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres')) continue;
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      if (Number(fields[1]) !== postmaster) continue;
      ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      // It has just ended.
    }
  }
  // USER_HZ is 100 on every Linux that Node runs on.
  return ticks * 10_000;
}

/** The same of a floor with a thousand agents, at rest and at 200 lines a second: CPU time a second. */
async function profileFloor(bench: Bench, folder: string): Promise<void> {
  const { stage } = bench;
  const organisation = await seedOrganisation(stage.db.system, { teams: 20, agentsPerTeam: 50 });
  await seedHistory(stage, organisation, firstTeam(organisation), 20_000);
  const hub = await stage.hub();
  const began = performance.now();
  const crowd = await Crowd.connect(stage, hub, organisation, 0);
  bench.say(`1,000 agents came in within ${Math.round(performance.now() - began)} ms`);
  for (const perSecond_ of [0, 200]) {
    const forMs = 5000;
    const spend = async (): Promise<{ hub: number; sql: number }> => ({
      hub: (await hub.child.ask('cpu', null)).microseconds,
      sql: postgresCpu(stage),
    });
    const run = (): Promise<unknown> => (perSecond_ === 0 ? pause(forMs) : crowd.talk(perSecond_, forMs));
    const before = await spend();
    await run();
    const after = await spend();
    const share = (from: number, to: number): string => `${((to - from) / forMs / 10).toFixed(0)} % of a core`;
    bench.say(`${perSecond_} lines/s: hub ${share(before.hub, after.hub)}, PostgreSQL ${share(before.sql, after.sql)}`);
    await hub.child.ask('profile', { file: null });
    await run();
    await hub.child.ask('profile', { file: join(folder, `floor-${perSecond_}.cpuprofile`) });
  }
  const { rows } = await stage.db.system.query(readings);
  console.table(rows);
  await crowd.close();
  await stage.stopHub(hub);
}
