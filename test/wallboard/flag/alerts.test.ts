import { flushSync } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';
import type { Flag } from '../../../shared/contract/flag.ts';
import { FlagAlerts } from '../../../wallboard/flag/alerts.svelte.ts';
import { boardOn, flag, ines, live, marta, noon, priya, travel } from '../floor.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

function setUp(flags: readonly Flag[] = [], me = ines) {
  const { board, floor } = boardOn(live({ flags }, me));
  const devices = {
    sound: { raiseHelp: vi.fn(), quietHelp: vi.fn(), chime: vi.fn() },
    badge: { show: vi.fn() },
    notice: { show: vi.fn(() => true), withdraw: vi.fn() },
    announcer: { urgent: vi.fn(), polite: vi.fn() },
  };
  stops.push(new FlagAlerts(board, devices).start());
  flushSync();
  const now = (next: readonly Flag[]): void => {
    floor.live = live({ flags: next }, me);
    flushSync();
  };
  return { ...devices, board, now };
}

const taken = { claim: { personId: ines, at: noon }, claimedAt: noon };

test('a new flag sounds, marks the tab, is announced and noticed, once', () => {
  const { sound, badge, announcer, notice, now } = setUp();
  now([flag(1)]);
  now([flag(1, { deliveredAt: noon })]);
  expect(sound.raiseHelp).toHaveBeenCalled();
  expect(badge.show).toHaveBeenLastCalledWith({ help: 1, unread: 0 });
  expect(announcer.urgent).toHaveBeenCalledTimes(1);
  expect(announcer.urgent.mock.calls[0]?.[0]).toContain('Priya Raman');
  expect(notice.show).toHaveBeenCalledTimes(1);
});

test('it goes quiet when the last one is taken, or lowered', () => {
  const { sound, badge, notice, now } = setUp([flag(1), flag(2)]);
  sound.quietHelp.mockClear();
  now([flag(1, taken), flag(2)]);
  expect(sound.quietHelp).not.toHaveBeenCalled();
  now([flag(1, taken)]);
  expect(sound.quietHelp).toHaveBeenCalledTimes(1);
  expect(badge.show).toHaveBeenLastCalledWith({ help: 0, unread: 0 });
  expect(notice.withdraw).toHaveBeenCalledWith(flag(2).id);
});

test('a released flag calls again', () => {
  const { sound, now } = setUp([flag(1, taken)]);
  expect(sound.raiseHelp).not.toHaveBeenCalled();
  now([flag(1, { claimedAt: noon })]);
  expect(sound.raiseHelp).toHaveBeenCalled();
});

test('what was up long before this screen came sounds, but is no news', () => {
  const { sound, announcer } = setUp([flag(600)]);
  expect(sound.raiseHelp).toHaveBeenCalled();
  expect(announcer.urgent).not.toHaveBeenCalled();
});

test('a request to join chimes once', () => {
  const { sound, announcer, now } = setUp([flag(1, taken)]);
  const join = { state: 'asked', askedAt: noon, answeredAt: null, answeredBy: null, word: null } as const;
  now([flag(1, { ...taken, join })]);
  now([flag(1, { ...taken, join, deliveredAt: noon })]);
  expect(sound.chime).toHaveBeenCalledTimes(1);
  expect(announcer.polite).toHaveBeenCalledTimes(1);
});

test('a flag of a team that is filtered out is silent, and counted as elsewhere', () => {
  const { sound, board, now } = setUp();
  board.chooseTeam(travel);
  flushSync();
  now([flag(1)]);
  expect(sound.raiseHelp).not.toHaveBeenCalled();
  expect(board.elsewhere).toBe(1);
  board.chooseTeam(null);
  flushSync();
  expect(sound.raiseHelp).toHaveBeenCalled();
});

test('nobody is called by a flag of their own', () => {
  const { sound, now } = setUp();
  now([flag(1, { agentId: ines })]);
  expect(sound.raiseHelp).not.toHaveBeenCalled();
  now([flag(1, { agentId: priya })]);
  expect(sound.raiseHelp).toHaveBeenCalled();
});

test('S1.19 it sounds for those it calls at the step it stands at, and is news to whom a step reaches', () => {
  const { sound, badge, announcer, notice, now } = setUp([], marta);
  const up = flag(1);
  now([up]);
  expect(sound.raiseHelp).not.toHaveBeenCalled();
  expect(badge.show).toHaveBeenLastCalledWith({ help: 0, unread: 0 });
  expect(announcer.urgent).not.toHaveBeenCalled();
  now([{ ...up, reach: 'supervisors', reachedAt: noon - 500 }]);
  expect(sound.raiseHelp).not.toHaveBeenCalled();
  now([{ ...up, raisedAt: noon - 300_000, reach: 'everyone', reachedAt: noon }]);
  expect(sound.raiseHelp).toHaveBeenCalled();
  expect(badge.show).toHaveBeenLastCalledWith({ help: 1, unread: 0 });
  expect(announcer.urgent.mock.calls.map(([said]) => said)).toEqual([
    expect.stringMatching(/^No one has taken Priya Raman’s flag for 5:00\. It calls further to you: /),
  ]);
  expect(notice.show).toHaveBeenCalledTimes(1);
  // Taken and given back it sounds again, and is no news.
  now([{ ...up, reach: 'everyone', reachedAt: noon, ...taken }]);
  now([{ ...up, reach: 'everyone', reachedAt: noon, claimedAt: noon }]);
  expect(announcer.urgent).toHaveBeenCalledTimes(1);
});

test('S1.19 a flag that calls further at once, because nobody nearer is there, says so', () => {
  const { announcer, now } = setUp([], marta);
  now([flag(1, { raisedAt: noon - 100, reach: 'everyone', reachedAt: noon - 100 })]);
  expect(announcer.urgent.mock.calls[0]?.[0]).toMatch(/^Nobody nearer is there for Priya Raman’s flag/);
});

test('S1.19 to whom it called from the start a further step is no news', () => {
  const { announcer, now } = setUp();
  now([flag(1)]);
  now([flag(1, { reach: 'supervisors', reachedAt: noon })]);
  expect(announcer.urgent).toHaveBeenCalledTimes(1);
});
