import { beforeEach, describe, expect, test } from 'vitest';
import { autoFallback, FallbackWatch } from '../../../server/hub/fallback.ts';
import { Feed } from '../../../server/hub/feed.ts';
import type { OrganisationId } from '../../../shared/contract/id.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import type { AutoFallback } from '../../../shared/contract/wire.ts';
import { recordingLog } from '../../support/log.ts';
import { until } from '../../support/wait.ts';

let now: number;
let told: (AutoFallback | null)[];
let log: ReturnType<typeof recordingLog>;
let watch: FallbackWatch;

beforeEach(() => {
  now = 1_000_000;
  told = [];
  log = recordingLog();
  watch = new FallbackWatch({ clock: () => now, log, changed: (standing) => told.push(standing) });
});

/** One measure a second. */
function seconds(count: number, worstMs: number): void {
  for (let at = 0; at < count; at += 1) {
    now += 1000;
    watch.measured(worstMs);
  }
}

describe('S1.6: a hub that hears the log late', () => {
  test('10 s late is still in time, more is not', () => {
    seconds(30, 10_000);
    expect(watch.now).toBeNull();
    seconds(1, 10_001);
    expect(watch.now).toEqual({ why: 'hub_behind', since: now });
    expect(told).toEqual([watch.now]);
  });

  test('it ends after 10 s below 5 s, and not sooner', () => {
    seconds(1, 12_000);
    const since = now;
    // The first good second starts the count.
    seconds(10, 4999);
    expect(watch.now).toEqual({ why: 'hub_behind', since });
    seconds(1, 0);
    expect(watch.now).toBeNull();
    expect(told).toHaveLength(2);
  });

  test('between 5 s and 10 s it neither begins nor ends, and the good seconds count from anew', () => {
    seconds(5, 7000);
    expect(watch.now).toBeNull();
    seconds(1, 12_000);
    seconds(60, 7000);
    expect(watch.now).not.toBeNull();
    seconds(9, 0);
    seconds(1, 5000);
    seconds(10, 0);
    expect(watch.now).not.toBeNull();
    seconds(1, 0);
    expect(watch.now).toBeNull();
  });

  test('the log says once that it began and once that it ended, with figures and no words of people', () => {
    seconds(5, 12_000);
    seconds(20, 0);
    expect(log.lines.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'automatic fallback mode: flags would not reach supervisors in time'],
      ['info', 'automatic fallback mode ended'],
    ]);
    expect(log.lines[0]?.fields).toEqual({ why: 'hub_behind', worstMs: 12_000 });
  });
});

describe('S1.6: a database that takes no writes', () => {
  test('it begins at the first refused write, and ends after 10 s of writes that were taken', () => {
    watch.wrote();
    watch.refused();
    expect(watch.now).toEqual({ why: 'read_only', since: now });
    for (let at = 0; at < 10; at += 1) {
      watch.wrote();
      now += 1000;
    }
    expect(watch.now).not.toBeNull();
    watch.wrote();
    expect(watch.now).toBeNull();
  });

  test('one more refusal starts the count anew', () => {
    watch.refused();
    const since = now;
    watch.wrote();
    now += 9000;
    watch.refused();
    now += 1000;
    watch.wrote();
    now += 9999;
    watch.wrote();
    expect(watch.now).toEqual({ why: 'read_only', since });
    now += 1;
    watch.wrote();
    expect(watch.now).toBeNull();
  });

  test('it is named before a late hub, which stands on after it', () => {
    seconds(1, 12_000);
    const since = now;
    watch.refused();
    expect(watch.now?.why).toBe('read_only');
    watch.wrote();
    now += 10_000;
    watch.measured(12_000);
    watch.wrote();
    expect(watch.now).toEqual({ why: 'hub_behind', since });
  });
});

test('S1.6: the refusal says which it is and since when, and what to do instead', () => {
  const late = autoFallback({ why: 'hub_behind', since: 5 });
  const closed = autoFallback({ why: 'read_only', since: 5 });
  expect([late.code, closed.code]).toEqual(['fallback_mode', 'fallback_mode']);
  expect(late.detail).toEqual({ why: 'hub_behind', since: 5 });
  expect(late.message).not.toBe(closed.message);
  expect(closed.next).toMatch(/in person/);
});

describe('how late a feed is', () => {
  const organisationId: OrganisationId = newId(0);
  const sent = (position: number) => ({
    event: {
      type: 'person:reachable' as const,
      personId: newId<'person'>(0),
      organisationId,
      position,
      at: 0,
      by: { kind: 'system' as const },
    },
    audience: ['everyone' as const],
    hidden: [],
    frames: [],
  });

  test('counts from the oldest look that found something not delivered yet', async () => {
    let upTo = 0;
    const feed = new Feed({
      organisationId,
      epoch: 'e',
      position: 10,
      deliver: () => {},
      read: async (after) => Array.from({ length: Math.max(0, upTo - after) }, (_, at) => sent(after + at + 1)),
      log: recordingLog(),
    });
    feed.heard(10, 0);
    expect(feed.lateMs(50_000)).toBe(0);
    feed.heard(12, 1000);
    feed.heard(12, 2000);
    feed.heard(15, 3000);
    expect(feed.lateMs(4000)).toBe(3000);
    // Half of it comes: what is left was found later.
    upTo = 12;
    await until('a part', () => {
      feed.heard(15, 4000);
      return feed.position === 12;
    });
    expect(feed.lateMs(4000)).toBe(1000);
    upTo = 15;
    await until('the rest', () => {
      feed.heard(15, 5000);
      return feed.position === 15;
    });
    expect(feed.lateMs(60_000)).toBe(0);
  });
});
