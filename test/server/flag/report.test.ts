import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HelpReportPage } from '../../../shared/contract/read.ts';
import type { HelpReport } from '../../../shared/contract/report.ts';
import type { Live } from '../../../shared/live/apply.ts';
import { lastDay } from '../../../shared/live/help-report.ts';
import { readHeld, readLastDay } from '../../../wallboard/report/reading.ts';
import { recentOf } from '../../../wallboard/report/recent.ts';
import { parseCsv } from '../../support/csv.ts';
import { flagsOfLog, foldedReport, type Told } from '../../support/flag-fold.ts';
import { FlagRun } from '../../support/flag-run.ts';
import { Floor } from '../../support/floor.ts';
import { request } from '../../support/http.ts';
import { seeded } from '../../support/random.ts';
import { Stage, type Viewer } from '../../support/stage.ts';
import { until } from '../../support/wait.ts';

/**
 * Time to help, on the wall: equal to a recomputation from the log, wherever it is read. A seeded run of random flags over two
 * days, and then each reader against a fold of its own over the log's rows.
 */
let floor: Floor;
let stage: Stage;
let away: Stage;
let told: readonly Told[];
const zone = 'Asia/Kolkata';
const hour = 3_600_000;
const seed = Number(process.env.HALYARD_TEST_SEED ?? 20261120);

beforeAll(async () => {
  floor = await Floor.start({ now: Date.UTC(2026, 10, 20, 9, 17, 30), rates: false });
  stage = await Stage.open(floor);
  away = await Stage.open(floor);
  const run = new FlagRun(stage, seeded(seed));
  await run.run(120, 80 * 60_000);
  // A supervisor's network goes while more happens, and comes back by position.
  const tomasz = stage.of('Tomasz');
  tomasz.cut();
  await run.run(40, 12 * 60_000);
  await until('Tomasz to be back', () => tomasz.ready && tomasz.socket.connected);
  await run.run(20, 60_000);
  told = await flagsOfLog(floor, stage.home);
}, 180_000);
afterAll(() => floor.close());

/** The part of a report that the fold makes too. */
function comparable(report: HelpReport): object {
  const keyed = (rows: readonly (object & { readonly of: string })[]) =>
    Object.fromEntries(rows.map(({ of, ...figures }) => [of, figures]));
  return {
    all: report.all,
    queues: keyed(report.queues),
    reasons: keyed(report.reasons),
    channels: keyed(report.channels),
    sources: keyed(report.sources),
    ends: keyed(report.ends),
  };
}

const within = (flags: readonly Told[], from: number, to: number): Told[] =>
  flags.filter(({ raisedAt }) => raisedAt >= from && raisedAt < to);

/** The flags that a person sees: everybody's, or those of agents whose teams they supervise and those that have called further. */
function seenBy(name: Viewer): readonly Told[] {
  const live = stage.of(name).now;
  const me = live.people.get(live.me.personId);
  if (live.me.permissions.has('flag.view.any')) return told;
  return told.filter(
    ({ agentId, further }) =>
      further ||
      [...live.people.values()].some(
        (one) => one.id === agentId && one.teamIds.some((id) => me?.supervises.includes(id)),
      ),
  );
}

async function asked(name: Viewer, query: Record<string, string | number>, whose = stage): Promise<HelpReport> {
  const token = await floor.token(whose.home, name);
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) search.set(key, String(value));
  const reply = await request(floor.url, 'GET', `/api/flag/report?${search}`, { token });
  if (reply.status !== 200) throw new Error(reply.text);
  return (reply.body as unknown as { readonly value: HelpReportPage }).value.report;
}

const readers = ['Grace', 'Marta', 'Ines', 'Tomasz', 'Mei'] as const;
const wide = (): { from: number; to: number } => ({ from: floor.now - 80 * hour, to: floor.now + 1 });

test('the run is one that can tell: every end there is, claims, answers, targets kept and missed, two days', () => {
  const ends = new Set(told.map((one) => one.lowered?.end ?? 'up'));
  expect([...ends].sort()).toEqual(['answered', 'joined', 'not_needed', 'session_ended', 'taken_over', 'up']);
  expect(told.length).toBeGreaterThan(30);
  expect(Math.min(...told.map((one) => one.raisedAt))).toBeLessThan(floor.now - 26 * hour);
  expect(told.some((one) => one.claimedAt !== null && one.claimedAt > one.targetAt)).toBe(true);
  expect(told.some((one) => one.claimedAt !== null && one.claimedAt <= one.targetAt)).toBe(true);
  expect(seenBy('Tomasz').length).toBeLessThan(told.length);
});

describe.each(readers)('time to help equals a recomputation from the log, for %s', (name) => {
  const day = () => lastDay(zone, floor.now);
  const expected = () => foldedReport(floor, within(seenBy(name), day().from, day().to), floor.now);

  test('on the wall, from what the screen holds', async () => {
    const reading = readLastDay(recentOf(stage.of(name).now, null), floor.now, zone);
    expect(comparable(reading)).toEqual(await expected());
    const { from, to } = day();
    expect(readHeld(recentOf(stage.of(name).now, null), { from, to }, noFilter, floor.now, zone)).toEqual(reading);
  });

  test('on the wall, from a fresh snapshot', async () => {
    const fresh = await floor.staff(stage.home, name, 'wallboard');
    expect(comparable(readLastDay(recentOf(fresh.now, null), floor.now, zone))).toEqual(await expected());
    fresh.close();
  });

  test('from the hub, to the last bucket of what the wall shows', async () => {
    const { from, to } = day();
    const report = await asked(name, { from, to, zone });
    expect(report).toEqual(readLastDay(recentOf(stage.of(name).now, null), floor.now, zone));
    expect(report.spans).toHaveLength(24);
  });

  test('from the hub, over days', async () => {
    const report = await asked(name, { ...wide(), zone });
    expect(comparable(report)).toEqual(
      await foldedReport(floor, within(seenBy(name), wide().from, wide().to), floor.now),
    );
    expect(report.step).toBe('day');
  });

  test('in the CSV, row by row', async () => {
    const token = await floor.token(stage.home, name);
    const { from, to } = wide();
    const reply = await request(floor.url, 'GET', `/api/flag/export.csv?from=${from}&to=${to}`, { token });
    expect(reply.status).toBe(200);
    const rows = parseCsv(reply.text);
    const flags = within(seenBy(name), from, to);
    const live: Live = stage.of('Grace').now;
    const named = (id: string | null): string => [...live.people.values()].find((one) => one.id === id)?.name ?? '';
    const length = (from: number, to: number | null): string => (to === null ? '' : String((to - from) / 1000));
    expect(rows.map((row) => [row.Flag, row['Seconds to claim'], row['Seconds to help'], row['Claimed by']])).toEqual(
      [...flags]
        .sort((a, b) => a.raisedAt - b.raisedAt || (a.id < b.id ? -1 : 1))
        .map((one) => [
          one.id,
          length(one.raisedAt, one.claimedAt),
          length(one.raisedAt, one.answeredAt),
          named(one.claimedBy),
        ]),
    );
    const { all } = await asked(name, { from, to });
    const met = (word: string): number => rows.filter((row) => row['Target met'] === word).length;
    expect(met('yes')).toBe(all.inTarget);
    expect(met('yes') + met('no')).toBe(all.judged);
  });
});

const noFilter = { queueId: null, reasonId: null, channel: null, by: null } as const;

describe('S1.8 a report is narrowed', () => {
  test('by queue, reason, channel and source, as on the screen', async () => {
    const { from, to } = lastDay(zone, floor.now);
    const flags = recentOf(stage.of('Grace').now, null);
    const queueId = stage.queue('Travel');
    const reasonId = stage.reason(1);
    const at = { from, to, zone };
    const held = (filter: Partial<Parameters<typeof readHeld>[2]>) =>
      readHeld(flags, { from, to }, { ...noFilter, ...filter }, floor.now, zone);
    expect(await asked('Grace', { ...at, queue: queueId })).toEqual(held({ queueId }));
    expect(await asked('Grace', { ...at, reason: reasonId })).toEqual(held({ reasonId }));
    expect(await asked('Grace', { ...at, channel: 'legacy' })).toEqual(held({ channel: 'legacy' }));
    expect(await asked('Grace', { ...at, by: 'agent' })).toEqual(held({ by: 'agent' }));
    expect((await asked('Grace', { ...at, by: 'rule' })).all.flags).toBe(0);
  });

  test('by team: its queue’s flags and its agents’, as on the board', async () => {
    const { from, to } = lastDay(zone, floor.now);
    for (const name of ['Grace', 'Ines'] as const) {
      const team = stage.home.team('Travel');
      const flags = recentOf(stage.of(name).now, team);
      expect(flags.length).toBeGreaterThan(0);
      expect(await asked(name, { from, to, zone, team })).toEqual(readLastDay(flags, floor.now, zone));
    }
    // Of a team that somebody does not supervise they see what has called them, and nothing else.
    const banking = stage.home.team('Banking');
    const { people } = stage.of('Grace').now;
    const of = told.filter(
      ({ teamId, agentId }) =>
        teamId === banking || [...people.values()].some((one) => one.id === agentId && one.teamIds.includes(banking)),
    );
    const seen = of.filter(({ further }) => further).length;
    expect(seen).toBeLessThanOrEqual(of.length);
    expect((await asked('Mei', { ...wide(), team: banking })).all.flags).toBe(seen);
  });
});

describe('S1.8 a report is only for whoever may see', () => {
  test('an agent is refused, and nobody has another organisation’s flags', async () => {
    const { from, to } = wide();
    const path = `/api/flag/report?from=${from}&to=${to}`;
    const agent = await request(floor.url, 'GET', path, { token: await floor.token(stage.home, 'Priya') });
    expect([agent.status, agent.code]).toEqual([403, 'not_permitted']);
    expect((await request(floor.url, 'GET', path)).status).toBe(401);
    expect((await asked('Grace', { from, to }, away)).all.flags).toBe(0);
    const theirs = await asked('Grace', { from, to, queue: stage.queue('Banking') }, away);
    expect(theirs.all.flags).toBe(0);
  });

  test.each([
    ['no window', ''],
    ['no end', 'from=1'],
    ['words', 'from=yesterday&to=now'],
    ['an end before the start', 'from=5&to=4'],
    ['no length', 'from=5&to=5'],
    ['more than 92 days', `from=0&to=${93 * 24 * hour}`],
    ['beyond instants', 'from=0&to=9e15'],
    ['a zone that is none', 'from=0&to=1&zone=Middle/Earth'],
    ['a zone with a path', 'from=0&to=1&zone=../../etc/passwd'],
    ['an unknown channel', 'from=0&to=1&channel=smoke'],
    ['an id that is none', 'from=0&to=1&team=Banking'],
    ['a field too many', 'from=0&to=1&everything=yes'],
    ['the same field twice', 'from=0&from=1&to=2'],
    ['SQL', "from=0&to=1&by=agent'%20or%201=1"],
  ])('bad input, %s, is a 400 that names the field', async (_what, query) => {
    const token = await floor.token(stage.home, 'Grace');
    for (const path of ['/api/flag/report', '/api/flag/export.csv']) {
      const reply = await request(floor.url, 'GET', `${path}?${query}`, { token });
      expect([reply.status, reply.code], `${path}?${query}`).toEqual([400, 'bad_input']);
    }
  });

  test('nothing of all this was a mistake of the hub', () => {
    expect(floor.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
