// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HelpReport } from '../../../shared/contract/report.ts';
import { spreadFrom } from '../../../shared/contract/report.ts';
import type { RecentFlag } from '../../../shared/contract/snapshot.ts';
import { anyFlag, helpReport, lastDay, perHour, quantile, spansOf, today } from '../../../shared/live/help-report.ts';
import { dayStart, hourMs, hourStart, nextDay, zoneOffset } from '../../../shared/live/zone.ts';

/** Time to help as a pure report: what holds for any flags, in any zone. */
const now = Date.UTC(2026, 10, 20, 12, 0, 30);
const zones = [
  'UTC',
  'Europe/Lisbon',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'America/St_Johns',
  'Pacific/Apia',
  'Australia/Lord_Howe',
];

const id = <T extends string>(kind: string) => fc.integer({ min: 1, max: 4 }).map((n) => `${kind}-${n}` as T);
const flags = fc.array(
  fc
    .record({
      id: fc.uuid() as fc.Arbitrary<RecentFlag['id']>,
      agentId: id<RecentFlag['agentId']>('agent'),
      teamId: id<RecentFlag['teamId']>('team'),
      queueId: id<RecentFlag['queueId']>('queue'),
      reasonId: id<RecentFlag['reasonId']>('reason'),
      channel: fc.constantFrom<RecentFlag['channel']>('chat', 'legacy', 'messaging'),
      by: fc.constantFrom<RecentFlag['by']>('agent', 'rule'),
      back: fc.nat(40 * hourMs),
      claim: fc.option(fc.nat(2 * hourMs)),
      help: fc.option(fc.nat(2 * hourMs)),
      target: fc.integer({ min: 10_000, max: hourMs }),
      lowered: fc.option(
        fc.record({
          at: fc.constant(now),
          outcome: fc.option(fc.constantFrom('answered' as const, 'joined' as const, 'taken_over' as const)),
          reason: fc.constant('lowered' as const),
        }),
      ),
    })
    .map(({ back, claim, help, target, ...rest }): RecentFlag => {
      const raisedAt = now - back;
      return {
        ...rest,
        raisedAt,
        targetAt: raisedAt + target,
        claimedAt: claim === null ? null : raisedAt + claim,
        answeredAt: help === null ? null : raisedAt + help,
        joinedAt: null,
      };
    }),
  { maxLength: 60 },
);
const zone = fc.constantFrom(...zones);

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
const groups = (report: HelpReport) =>
  [report.queues, report.reasons, report.ends, report.channels, report.sources] as const;

describe('time to help, for any flags', () => {
  test('every flag of the window is counted once in every table and chart, and no other is', () => {
    fc.assert(
      fc.property(flags, zone, (list, where) => {
        const window = lastDay(where, now);
        const report = helpReport(list, window);
        const inside = list.filter((one) => one.raisedAt >= window.from && one.raisedAt < window.to);
        expect(report.all.flags).toBe(inside.length);
        expect(sum(report.spans.map((one) => one.flags))).toBe(inside.length);
        expect(sum(report.hours)).toBe(inside.length);
        for (const rows of groups(report)) {
          expect(sum(rows.map((row) => row.flags))).toBe(inside.length);
          expect(sum(rows.map((row) => row.claim.count))).toBe(report.all.claim.count);
          expect(sum(rows.map((row) => row.help.count))).toBe(report.all.help.count);
          expect(sum(rows.map((row) => row.inTarget))).toBe(report.all.inTarget);
          expect(sum(rows.map((row) => row.judged))).toBe(report.all.judged);
          expect(rows.every((row, at) => at === 0 || (rows[at - 1]?.flags ?? 0) >= row.flags)).toBe(true);
        }
        expect(sum(report.claimSpread)).toBe(report.all.claim.count);
        expect(sum(report.helpSpread)).toBe(report.all.help.count);
        expect(report.all.claim.count + report.all.unclaimed).toBe(report.all.flags);
        expect(report.all.inTarget).toBeLessThanOrEqual(report.all.judged);
      }),
    );
  });

  test('the order of the flags does not matter, and counting twice is counting each twice', () => {
    fc.assert(
      fc.property(flags, zone, (list, where) => {
        const window = lastDay(where, now);
        expect(helpReport([...list].reverse(), window)).toEqual(helpReport(list, window));
        expect(helpReport([...list, ...list], window).all.flags).toBe(2 * helpReport(list, window).all.flags);
      }),
    );
  });

  test('a filter leaves what its own row said', () => {
    fc.assert(
      fc.property(flags, (list) => {
        const window = lastDay('UTC', now);
        const whole = helpReport(list, window);
        for (const { of, ...figures } of whole.queues)
          expect(helpReport(list, window, { ...anyFlag, queueId: of }).all).toEqual(figures);
        for (const { of, ...figures } of whole.sources)
          expect(helpReport(list, window, { ...anyFlag, by: of }).all).toEqual(figures);
      }),
    );
  });

  test('each range of a distribution holds what lies in it', () => {
    const one = (help: number): RecentFlag[] => [
      {
        id: 'f' as RecentFlag['id'],
        agentId: 'a' as RecentFlag['agentId'],
        teamId: 't' as RecentFlag['teamId'],
        queueId: 'q' as RecentFlag['queueId'],
        reasonId: 'r' as RecentFlag['reasonId'],
        channel: 'chat',
        by: 'agent',
        raisedAt: now - hourMs,
        targetAt: now,
        claimedAt: null,
        answeredAt: now - hourMs + help,
        joinedAt: null,
        lowered: null,
      },
    ];
    for (const [at, from] of spreadFrom.entries()) {
      expect(helpReport(one(from), lastDay('UTC', now)).helpSpread[at], `${from}`).toBe(1);
      if (at > 0) expect(helpReport(one(from - 1), lastDay('UTC', now)).helpSpread[at - 1], `${from - 1}`).toBe(1);
    }
  });
});

describe('the quantile', () => {
  const values = fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 200 });

  test('lies within the list, grows with the share, and ends at its ends', () => {
    fc.assert(
      fc.property(
        values,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (list, a, b) => {
          const sorted = [...list].sort((x, y) => x - y);
          expect(quantile(sorted, 0)).toBe(sorted[0]);
          expect(quantile(sorted, 1)).toBe(sorted.at(-1));
          expect(quantile(sorted, Math.min(a, b))).toBeLessThanOrEqual(quantile(sorted, Math.max(a, b)));
        },
      ),
    );
  });

  test('half is the usual median, and nine tenths are what a spreadsheet says', () => {
    expect(quantile([1, 2, 3, 10], 0.5)).toBe(3);
    expect(quantile([10, 20, 30], 0.5)).toBe(20);
    // PERCENTILE.INC({100;200;300;400;500;600;700;800;900;1000}; 0.9) = 910
    expect(quantile([100, 200, 300, 400, 500, 600, 700, 800, 900, 1000], 0.9)).toBe(910);
    expect(quantile([7], 0.9)).toBe(7);
  });
});

describe('hours and days of a zone', () => {
  test('the last day has 24 hours that touch, wherever the clocks do not change', () => {
    for (const where of zones) {
      const { starts } = spansOf(lastDay(where, now));
      expect(starts, where).toHaveLength(24);
      for (const at of starts) expect((at + zoneOffset(where, at)) % hourMs, where).toBe(0);
      expect(now).toBeGreaterThanOrEqual(starts.at(-1) ?? 0);
    }
  });

  test('a day that loses an hour has 23, one that gains one 25, and days touch', () => {
    const spring = Date.UTC(2026, 2, 29, 12);
    const autumn = Date.UTC(2026, 9, 25, 12);
    const where = 'Europe/Lisbon';
    for (const [noon, hours] of [
      [spring, 23],
      [autumn, 25],
    ] as const) {
      const from = dayStart(where, noon);
      const to = nextDay(where, noon);
      expect((to - from) / hourMs).toBe(hours);
      expect(spansOf({ from, to, zone: where }).starts).toHaveLength(hours);
    }
    fc.assert(
      fc.property(zone, fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2028, 0, 1) }), (one, at) => {
        const start = dayStart(one, at);
        const next = nextDay(one, at);
        expect(start).toBeLessThanOrEqual(at);
        expect(next).toBeGreaterThan(at);
        expect(dayStart(one, start)).toBe(start);
        expect(dayStart(one, next)).toBe(next);
        expect(dayStart(one, next - 1)).toBe(start);
        expect(hourStart(one, at)).toBeLessThanOrEqual(at);
      }),
    );
  });

  test('a long window is counted by days, each flag in the day it was raised on', () => {
    fc.assert(
      fc.property(flags, zone, (list, where) => {
        const window = { from: dayStart(where, now - 9 * 24 * hourMs), to: nextDay(where, now), zone: where, now };
        const report = helpReport(list, window);
        expect(report.step).toBe('day');
        for (const { at, flags: count } of report.spans)
          expect(count).toBe(list.filter((one) => dayStart(where, one.raisedAt) === at).length);
      }),
    );
  });

  test('today begins at midnight, and a rate needs a minute', () => {
    const window = today('UTC', now);
    expect(window.from).toBe(Date.UTC(2026, 10, 20));
    expect(perHour(helpReport([], window), window.from + 1000)).toBeNull();
    expect(perHour(helpReport([], window), now)).toBe(0);
  });
});
