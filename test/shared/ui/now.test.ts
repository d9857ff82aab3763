import { expect, test } from 'vitest';
import { Now } from '../../../shared/ui/now.svelte.ts';
import { HandClock } from '../../support/hand-clock.ts';

class Page extends EventTarget {
  hidden = false;
  show(visible: boolean): void {
    this.hidden = !visible;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

function setUp(at: number) {
  const clock = new HandClock(at);
  const page = new Page();
  const now = new Now({ wall: clock.now, setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout, page });
  return { clock, page, now };
}

test('ticks once for each whole second of hub time', () => {
  const { clock, now } = setUp(10_300);
  const stop = now.start();
  expect(now.instant).toBe(10_300);
  clock.pass(600);
  expect(now.instant).toBe(10_300);
  clock.pass(200);
  expect(Math.floor(now.instant / 1000)).toBe(11);
  for (let second = 12; second < 20; second += 1) {
    clock.pass(1000);
    expect(Math.floor(now.instant / 1000)).toBe(second);
  }
  stop();
});

test('follows the hub and ticks on its seconds, not on those of a wrong wall clock', () => {
  const { clock, now } = setUp(10_000);
  const stop = now.start();
  now.follow(-3_600_000 + 250);
  expect(now.instant).toBe(10_000 - 3_600_000 + 250);
  clock.pass(800);
  // Seconds of the hub: a negative instant has a negative rest.
  expect(((now.instant % 1000) + 1000) % 1000).toBeLessThan(10);
  expect(now.exact()).toBe(10_800 - 3_600_000 + 250);
  stop();
});

test('rests while hidden and is right at once when seen again', () => {
  const { clock, page, now } = setUp(0);
  const stop = now.start();
  page.show(false);
  expect(clock.pending).toBe(0);
  clock.pass(90_000);
  expect(now.instant).toBe(0);
  page.show(true);
  expect(now.instant).toBe(90_000);
  expect(clock.pending).toBe(1);
  stop();
});

test('several users share one timer, and the last one ends it', () => {
  const { clock, page, now } = setUp(0);
  const first = now.start();
  const second = now.start();
  expect(clock.pending).toBe(1);
  first();
  first();
  expect(clock.pending).toBe(1);
  second();
  expect(clock.pending).toBe(0);
  page.show(true);
  expect(clock.pending).toBe(0);
});
