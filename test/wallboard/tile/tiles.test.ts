import { expect, test } from 'vitest';
import { recentFlag } from '../../../shared/live/apply.ts';
import { readAgentsByState } from '../../../wallboard/tile/agents-by-state.ts';
import { flagsToday, hoursOfDay, readFlagsToday } from '../../../wallboard/tile/flags-today.ts';
import { readLongestWait } from '../../../wallboard/tile/longest-wait.ts';
import { readOpen } from '../../../wallboard/tile/open.ts';
import { tiles, wallTiles } from '../../../wallboard/tile/register.ts';
import { readServiceLevel } from '../../../wallboard/tile/service-level.ts';
import { readTimeToHelp } from '../../../wallboard/tile/time-to-help.ts';
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

test('flags today begin at local midnight, by hour', () => {
  const midnight = new Date(noon).setHours(0, 0, 0, 0);
  const hour = new Date(noon).getHours();
  const state = live({
    flags: [flag(1)],
    recentFlags: [
      recentFlag(flag(1)),
      recentFlag(flag(2, { raisedAt: midnight })),
      recentFlag(flag(3, { raisedAt: midnight - 1 })),
    ],
  });
  const reading = readFlagsToday(viewOf(state, null), noon);
  expect(reading.today).toBe(2);
  expect(reading.up).toBe(1);
  expect(reading.hours.at(-1)).toBe(hour === 0 ? 2 : 1);
  expect(hoursOfDay(noon)).toHaveLength(hour + 1);
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
