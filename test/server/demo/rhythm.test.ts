import { describe, expect, test } from 'vitest';
import { Rhythm, typingMs, type Want } from '../../../server/demo/rhythm.ts';

function hands(speed = 1) {
  const done: string[] = [];
  const rhythm = new Rhythm<string>(
    {
      perform: async (subject, act) => void done.push(`${subject}: ${act}`),
      typing: (subject, _act, on) => void done.push(`${subject}: ${on ? 'types' : 'stops'}`),
    },
    () => 0.5,
    speed,
  );
  return { done, rhythm };
}

const say = (key: string, more: Partial<Want<string>> = {}): ReadonlyMap<string, Want<string>> =>
  new Map([['a', { key, think: [1000, 3000], typing: 'x'.repeat(100), act: `says ${key}`, ...more }]]);

describe('a want', () => {
  test('is thought about, typed and then done, once', () => {
    const { done, rhythm } = hands();
    // 2 s of thinking, 5.5 s of typing; the mark is repeated before it lapses.
    rhythm.tick(0, say('1'));
    rhythm.tick(1999, say('1'));
    expect(done).toEqual([]);
    for (let now = 2000; now <= 9000; now += 100) rhythm.tick(now, say('1'));
    expect(done).toEqual(['a: types', 'a: types', 'a: stops', 'a: says 1']);
  });

  test('that changes begins anew, and takes its typing mark away', () => {
    const { done, rhythm } = hands();
    rhythm.tick(0, say('1'));
    rhythm.tick(2500, say('1'));
    rhythm.tick(3000, say('2'));
    rhythm.tick(7600, say('2'));
    expect(done).toEqual(['a: types', 'a: stops', 'a: types']);
    rhythm.tick(10_500, say('2'));
    expect(done.at(-1)).toBe('a: says 2');
  });

  test('that is over before its time is not done', () => {
    const { done, rhythm } = hands();
    rhythm.tick(0, say('1'));
    rhythm.tick(1000, new Map());
    for (let now = 2000; now < 20_000; now += 500) rhythm.tick(now, new Map());
    expect(done).toEqual([]);
    expect(rhythm.size).toBe(0);
  });

  test('that stays after it was done is tried again, unhurried', () => {
    const { done, rhythm } = hands();
    const acts = (): number => done.filter((one) => one === 'a: says 1').length;
    for (let now = 0; now <= 13_000; now += 100) rhythm.tick(now, say('1'));
    expect(acts()).toBe(1);
    for (let now = 13_100; now <= 22_000; now += 100) rhythm.tick(now, say('1'));
    expect(acts()).toBe(2);
  });

  test('of the opening, or at a higher speed, takes a share of the time', () => {
    const hasty = hands();
    hasty.rhythm.tick(0, say('1', { hasty: true }));
    hasty.rhythm.tick(299, say('1', { hasty: true }));
    expect(hasty.done).not.toContain('a: says 1');
    hasty.rhythm.tick(300, say('1', { hasty: true }));
    expect(hasty.done).toContain('a: says 1');
    const fast = hands(10);
    fast.rhythm.tick(0, say('1'));
    fast.rhythm.tick(750, say('1'));
    expect(fast.done).toEqual(['a: says 1']);
  });
});

test('typing takes longer for more words, within bounds', () => {
  expect([typingMs('Ok'), typingMs('x'.repeat(100)), typingMs('x'.repeat(1000))]).toEqual([1200, 5500, 9000]);
});
