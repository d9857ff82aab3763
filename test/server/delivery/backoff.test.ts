import { describe, expect, test } from 'vitest';
import { delays, nextAttempt, readRetryAfter } from '../../../server/delivery/backoff.ts';

const hour = 3_600_000;

describe('S1.2 messaging, when a line is tried again', () => {
  test('waits grow, and come to about three days', () => {
    expect([...delays].sort((a, b) => a - b)).toEqual(delays);
    const sum = delays.reduce((all, one) => all + one, 0);
    expect(sum).toBeGreaterThan(66 * hour);
    expect(sum).toBeLessThan(78 * hour);
  });

  test('a crowd that failed together does not come back together, and stays within a fifth', () => {
    expect(nextAttempt(1000, 1, 0, null)).toBe(1000 + 4000);
    expect(nextAttempt(1000, 1, 0.5, null)).toBe(1000 + 5000);
    expect(nextAttempt(1000, 1, 0.999, null)).toBeLessThanOrEqual(1000 + 6000);
  });

  test('after the last one there is no more', () => {
    expect(nextAttempt(0, delays.length, 0.5, null)).toBe(12 * hour);
    expect(nextAttempt(0, delays.length + 1, 0.5, null)).toBeNull();
  });

  test('a target may ask for more time, but not for more than a day', () => {
    expect(nextAttempt(0, 1, 0.5, 60_000)).toBe(60_000);
    expect(nextAttempt(0, 1, 0.5, 1)).toBe(5000);
    expect(nextAttempt(0, 1, 0.5, 1e12)).toBe(24 * hour);
  });

  test.each([
    ['120', 120_000],
    ['0', 0],
    ['Sun, 01 Mar 2026 09:31:00 GMT', 60_000],
    ['Sun, 01 Mar 2026 09:29:00 GMT', 0],
    ['soon', null],
    ['-5', null],
    [undefined, null],
  ])('Retry-After: %s', (value, ms) => {
    const now = Date.UTC(2026, 2, 1, 9, 30);
    // Some engines read "-5" as a year; whatever it is, it is no wait.
    expect(readRetryAfter(value, now) || null).toBe(ms || null);
  });
});
