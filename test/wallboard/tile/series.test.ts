import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chartMinutes, gauge, longestWaits, runningShare } from '../../../wallboard/tile/series.ts';
import { minute, noon } from '../floor.ts';

const minuteMs = 60_000;
const thisMinute = noon - (noon % minuteMs);

describe('gauge', () => {
  test('gives back the course that the minutes were counted from', () => {
    // Arrivals and departures per minute, from which the count at every minute's start is known exactly.
    const step = fc.record({ queued: fc.nat(20), left: fc.nat(20) });
    fc.assert(
      fc.property(fc.nat(50), fc.array(step, { minLength: 60, maxLength: 60 }), (begin, steps) => {
        const starts: number[] = [];
        let count = begin;
        const minutes = steps.map(({ queued, left }, at) => {
          starts.push(count);
          const dequeued = Math.min(left, count + queued);
          count += queued - dequeued;
          return minute(59 - at, { queued, dequeued });
        });
        const course = gauge(count, minutes, noon, (one) => one.queued - one.dequeued);
        expect(course).toEqual([...starts.slice(-chartMinutes), count]);
      }),
    );
  });

  test('adds up the teams of a minute and never goes below nothing', () => {
    const course = gauge(2, [minute(0, { queued: 1 }), minute(0, { queued: 4 })], noon, (one) => one.queued);
    expect(course.slice(-3)).toEqual([0, 0, 2]);
  });
});

describe('longestWaits', () => {
  interface Wait {
    readonly from: number;
    readonly to: number;
  }
  const wait = fc
    .record({ from: fc.integer({ min: 0, max: 55 * 60 }), length: fc.integer({ min: 1, max: 20 * 60 }) })
    .map(
      ({ from, length }): Wait => ({
        from: noon - (56 * 60 - from) * 1000,
        to: noon - (56 * 60 - from - length) * 1000,
      }),
    );

  test('is what an observer would have seen, to within the minute in which a wait ended', () => {
    fc.assert(
      fc.property(fc.array(wait, { maxLength: 30 }), (waits) => {
        const ended = waits.filter((one) => one.to <= noon);
        const minutes = Array.from({ length: 60 }, (_, back) => {
          const at = thisMinute - back * minuteMs;
          const inIt = ended.filter((one) => one.to >= at && one.to < at + minuteMs);
          return minute(back, { longestWait: Math.max(0, ...inIt.map((one) => one.to - one.from)) });
        });
        const running = waits.filter((one) => one.to > noon).map((one) => one.from);
        const course = longestWaits(running, minutes, noon);
        for (const [at, seen] of course.entries()) {
          const instant = at === chartMinutes ? noon : thisMinute - (chartMinutes - 1 - at) * minuteMs;
          // A wait that ends at this very instant counts as one of it, except now, when it is already over.
          const over = (one: Wait): boolean => (at === chartMinutes ? one.to <= instant : one.to < instant);
          const waiting = waits.filter((one) => one.from <= instant && !over(one));
          const truth = Math.max(0, ...waiting.map((one) => instant - one.from));
          expect(Math.abs(seen - truth)).toBeLessThanOrEqual(minuteMs);
        }
      }),
      { numRuns: 400 },
    );
  });

  test('ends with the wait of the customer who waits longest now', () => {
    expect(longestWaits([noon - 5000, noon - 90_000], [], noon).at(-1)).toBe(90_000);
    expect(longestWaits([], [], noon).at(-1)).toBe(0);
  });
});

describe('runningShare', () => {
  test('ends with the share of the whole hour', () => {
    const one = fc.record({ answered: fc.nat(9), late: fc.nat(9) });
    fc.assert(
      fc.property(fc.array(one, { minLength: 60, maxLength: 60 }), (list) => {
        const minutes = list.map(({ answered, late }, back) =>
          minute(back, { answered, answeredInTime: Math.max(0, answered - late) }),
        );
        const all = minutes.reduce((sum, each) => sum + each.answered, 0);
        const good = minutes.reduce((sum, each) => sum + each.answeredInTime, 0);
        const course = runningShare(minutes, noon);
        if (all === 0) expect(course).toEqual([]);
        else {
          expect(course).toHaveLength(chartMinutes);
          expect(course.at(-1)).toBeCloseTo(good / all);
          expect(course.every((share) => share >= 0 && share <= 1)).toBe(true);
        }
      }),
    );
  });

  test('leaves out what is older than an hour', () => {
    expect(
      runningShare([minute(60, { answered: 5 }), minute(1, { answered: 1, answeredInTime: 1 })], noon).at(-1),
    ).toBe(1);
  });
});
