import { expect, test } from 'vitest';
import { recentFlag } from '../../../shared/live/apply.ts';
import { freshLayout } from '../../../wallboard/arrange/layout.ts';
import { readAgentsByState } from '../../../wallboard/tile/agents-by-state.ts';
import { flagsToday, readFlagsToday } from '../../../wallboard/tile/flags-today.ts';
import { spareIds, tileIds } from '../../../wallboard/tile/ids.ts';
import { readLongestWait } from '../../../wallboard/tile/longest-wait.ts';
import { readOpen } from '../../../wallboard/tile/open.ts';
import { tiles, wallTiles } from '../../../wallboard/tile/register.ts';
import { readServiceLevel } from '../../../wallboard/tile/service-level.ts';
import { readTimeToClaim, timeToClaim } from '../../../wallboard/tile/time-to-claim.ts';
import { readTimeToHelp, timeToHelp } from '../../../wallboard/tile/time-to-help.ts';
import { readUnassigned } from '../../../wallboard/tile/unassigned.ts';
import { readWaiting } from '../../../wallboard/tile/waiting.ts';
import { viewOf } from '../../../wallboard/view.ts';
import { banking, conversation, flag, leo, live, minute, noon, people, priya, travel } from '../floor.ts';

const held = { assigneeId: priya, queuedAt: null };

test('counts who waits, what is open and what has no owner', () => {
  const view = viewOf(
    live({
      conversations: [
        conversation(1, { queuedAt: noon - 40_000 }),
        conversation(2, { queuedAt: noon - 5000 }),
        conversation(3, held),
      ],
    }),
    null,
  );
  expect(readWaiting(view, noon).waiting).toBe(2);
  expect(readOpen(view, noon).open).toBe(3);
  expect(readUnassigned(view, noon)).toMatchObject({ unassigned: 2, oldest: 40_000 });
  expect(readLongestWait(view, noon).longest).toBe(40_000);
});

test('says nothing of a wait or a level that is not there', () => {
  const view = viewOf(live(), null);
  expect(readLongestWait(view, noon).longest).toBeNull();
  expect(readUnassigned(view, noon).oldest).toBeNull();
  expect(readServiceLevel(view, noon).share).toBeNull();
  expect(readTimeToHelp(view, noon)).toBeNull();
});

test('the team filter narrows every tile', () => {
  const state = live({
    conversations: [conversation(1), conversation(2, { teamId: travel, queueId: conversation(1).queueId })],
    minutes: [minute(1, { answered: 1, answeredInTime: 1 }), minute(1, { teamId: travel, answered: 1 })],
    recentFlags: [recentFlag(flag(1, { answeredAt: noon }))],
  });
  expect(readWaiting(viewOf(state, banking), noon).waiting).toBe(1);
  expect(readServiceLevel(viewOf(state, null), noon).share).toBe(0.5);
  expect(readServiceLevel(viewOf(state, banking), noon).share).toBe(1);
  expect(readTimeToHelp(viewOf(state, banking), noon)?.median).toBe(1000);
  expect(readTimeToHelp(viewOf(state, travel), noon)).toBeNull();
});

test('whoever cannot be reached counts as offline', () => {
  const [first, ...others] = people;
  const state = live({ people: first === undefined ? people : [{ ...first, reachable: false }, ...others] });
  expect(readAgentsByState(viewOf(state, null))).toEqual({ available: 1, busy: 0, break: 0, offline: 1 });
});

test('S1.8 flags today begin at local midnight; the bars are the last 24 hours, hour by hour', () => {
  // 12:00:30 by UTC is 17:30:30 in Kolkata, half an hour into an hour of its own.
  const zone = 'Asia/Kolkata';
  const hour = 3_600_000;
  const started = noon - 30_000 - hour / 2;
  const midnight = started - 17 * hour;
  const at = (number: number, raisedAt: number) => recentFlag(flag(number, { raisedAt }));
  const state = live({
    flags: [flag(1)],
    recentFlags: [
      at(1, noon - 1000),
      at(2, started),
      at(3, started - 1),
      at(4, midnight),
      at(5, midnight - 1),
      at(6, started - 23 * hour),
      at(7, started - 23 * hour - 1),
    ],
  });
  const reading = readFlagsToday(viewOf(state, null), noon, zone);
  expect(reading).toMatchObject({ today: 4, up: 1, from: started - 23 * hour });
  expect(reading.hours).toHaveLength(24);
  expect(reading.hours[0]).toBe(1);
  expect(reading.hours.slice(-2)).toEqual([1, 2]);
  expect(reading.hours.reduce((sum, one) => sum + one, 0)).toBe(6);
  expect(reading.rate).toBeCloseTo(6 / 23.5, 1);
});

test('S1.8 time to claim and time to help: the median, and what nine of ten stay under', () => {
  const lengths = [10_000, 20_000, 30_000, 40_000, 1_000_000];
  const state = live({
    recentFlags: [
      ...lengths.map((length, at) => {
        const raisedAt = noon - 2_000_000 - at;
        return recentFlag(flag(at, { raisedAt, claimedAt: raisedAt + length, answeredAt: raisedAt + 2 * length }));
      }),
      recentFlag(flag(9)),
    ],
  });
  const view = viewOf(state, null);
  expect(readTimeToClaim(view, noon)).toEqual({ times: lengths, median: 30_000, high: 616_000 });
  expect(readTimeToHelp(view, noon)).toMatchObject({ median: 60_000, high: 1_232_000 });
  expect(timeToClaim.read(view, noon).figure).toBe('0:30');
  expect(timeToHelp.read(view, noon)).toMatchObject({ figure: '1:00', foot: 'median, 90th percentile 20:32' });
  expect(timeToClaim.read(viewOf(live(), null), noon)).toMatchObject({ figure: null });
  // From an hour on a tile has no room for seconds.
  const raisedAt = noon - 8 * 3_600_000;
  const slow = live({ recentFlags: [recentFlag(flag(1, { raisedAt, claimedAt: raisedAt + 3_959_000 }))] });
  expect(timeToClaim.read(viewOf(slow, null), noon)).toMatchObject({
    figure: '1:06',
    unit: 'h',
    foot: 'median, 90th percentile 1:06 h',
  });
});

test('a fresh board keeps eight places, and what is spare waits under Arrange', () => {
  const spare = tiles.filter((tile) => tile.spare === true).map((tile) => tile.id);
  const layout = freshLayout(
    tiles.map((tile) => tile.id),
    spare,
  );
  expect(layout.tiles).toHaveLength(8);
  expect(layout.hidden).toEqual(['open']);
  expect(layout.tiles).toEqual(expect.arrayContaining(['flags-today', 'time-to-claim', 'time-to-help']));
});

test('every tile reads an empty floor and has words for it', () => {
  const view = viewOf(live({}, leo, 'agent'), null);
  for (const tile of tiles) {
    const face = tile.read(view, noon);
    expect(tile.title()).not.toBe('');
    expect(tile.definition()).toMatch(/\.$/);
    expect(face.foot).not.toBe('');
    if (face.figure === null) expect(face.empty).toBeTruthy();
    if (face.chart !== null) expect(face.chart.label).not.toBe('');
  }
  expect(tileIds).toEqual(tiles.map((tile) => tile.id));
  expect(spareIds).toEqual(tiles.filter((tile) => tile.spare === true).map((tile) => tile.id));
  expect(new Set(tiles.map((tile) => tile.id)).size).toBe(tiles.length);
  expect(flagsToday.read(view, noon).figure).toBe('0');
});

test('a wall keeps what matters most, in the person’s order', () => {
  const order = tiles.map((tile) => tile.id).reverse();
  const shown = wallTiles(order, 6);
  expect(shown).toHaveLength(6);
  expect(shown).not.toContain('open');
  expect(shown).toEqual(order.filter((id) => shown.includes(id)));
  expect(wallTiles(['open'], 6)).toEqual(['open']);
});
