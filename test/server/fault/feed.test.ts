import { describe, expect, test } from 'vitest';
import { Feed } from '../../../server/hub/feed.ts';
import type { Sent } from '../../../server/hub/log.ts';
import type { OrganisationId } from '../../../shared/contract/id.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import { recordingLog } from '../../support/log.ts';
import { until } from '../../support/wait.ts';

const organisationId: OrganisationId = newId(0);

/** An event of which only the place in the log counts. */
const at = (position: number): Sent => ({
  event: {
    type: 'person:reachable',
    personId: newId(0),
    organisationId,
    position,
    at: 0,
    by: { kind: 'system' },
  },
  audience: ['everyone'],
  hidden: [],
  frames: [],
});

function make(read: (after: number, upTo: number) => Promise<Sent[]>): { feed: Feed; delivered: number[] } {
  const delivered: number[] = [];
  const feed = new Feed({
    organisationId,
    epoch: 'e',
    position: 10,
    deliver: ({ event }) => delivered.push(event.position),
    read,
    log: recordingLog(),
  });
  return { feed, delivered };
}

const range = (after: number, upTo: number): Sent[] =>
  Array.from({ length: Math.max(0, upTo - after) }, (_, index) => at(after + index + 1));

describe('a feed (I4)', () => {
  test('delivers each event once and in order, whatever comes twice, late or early', async () => {
    const { feed, delivered } = make((after, upTo) => Promise.resolve(range(after, upTo)));
    feed.offer([at(11), at(12)]);
    feed.offer([at(12), at(11)]);
    feed.offer([at(15)]);
    await until('the hole to be read', () => feed.position === 15);
    feed.offer([at(13)]);
    feed.heard(17, 0);
    await until('the end', () => feed.position === 17);
    expect(delivered).toEqual([11, 12, 13, 14, 15, 16, 17]);
  });

  test('holds what came early while the log cannot be read, and goes on when it can', async () => {
    let readable = false;
    const { feed, delivered } = make((after, upTo) =>
      readable ? Promise.resolve(range(after, upTo)) : Promise.reject(new Error('away')),
    );
    feed.offer([at(13)]);
    expect(await feed.reach(13, 20)).toBe(false);
    expect(delivered).toEqual([]);
    readable = true;
    feed.heard(13, 0);
    expect(await feed.reach(13, 5000)).toBe(true);
    expect(delivered).toEqual([11, 12, 13]);
  });

  test('I10: does not vouch for itself while it is behind what an earlier look found', async () => {
    let readable = false;
    const { feed } = make((after, upTo) =>
      readable ? Promise.resolve(range(after, upTo)) : Promise.reject(new Error('away')),
    );
    feed.heard(12, 0);
    // Found by this very look: there was no time to read it yet.
    expect(feed.vouches()).toBe(true);
    feed.heard(12, 0);
    expect(feed.vouches()).toBe(false);
    // The next look comes when the reading that failed is over.
    expect(await feed.reach(12, 20)).toBe(false);
    readable = true;
    feed.heard(14, 0);
    await feed.reach(14, 5000);
    expect(feed.vouches()).toBe(true);
  });

  test('a place far ahead that only the bus tells of keeps no screen stale', () => {
    const { feed, delivered } = make(() => Promise.resolve([]));
    feed.offer([at(1_000_000)]);
    feed.offer([at(11)]);
    feed.heard(11, 0);
    expect([feed.vouches(), feed.vouches()]).toEqual([true, true]);
    expect(delivered).toEqual([11]);
  });

  test('gives what came since from memory, and says when memory does not reach back so far', () => {
    const { feed } = make(() => Promise.resolve([]));
    feed.offer(range(10, 13));
    expect(feed.since(11)?.map(({ event }) => event.position)).toEqual([12, 13]);
    expect(feed.since(13)).toEqual([]);
    expect(feed.since(9)).toBeNull();
  });
});
