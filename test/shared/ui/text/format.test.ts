import { afterEach, describe, expect, test } from 'vitest';
import {
  age,
  ago,
  count,
  day,
  duration,
  isoDuration,
  list,
  percent,
  spokenDuration,
  timeOfDay,
  timeWithSeconds,
} from '../../../../shared/ui/text/format.ts';
import { language } from '../../../../shared/ui/text/language.svelte.ts';

afterEach(() => language.use('en'));

describe('a running time', () => {
  test.each([
    [-400, '0:00'],
    [0, '0:00'],
    [7_999, '0:07'],
    [312_000, '5:12'],
    [3_599_999, '59:59'],
    [3_723_000, '1:02:03'],
    [100 * 3_600_000, '100:00:00'],
  ])('of %d ms reads %s', (ms, text) => expect(duration(ms)).toBe(text));

  test.each([
    [0, 'PT0S'],
    [312_000, 'PT5M12S'],
    [300_000, 'PT5M'],
    [3_603_000, 'PT1H3S'],
  ])('of %d ms is %s to a machine', (ms, text) => expect(isoDuration(ms)).toBe(text));

  test('is said in at most two units', () => {
    expect(spokenDuration(312_000)).toBe('5 minutes, 12 seconds');
    expect(spokenDuration(61_000)).toBe('1 minute, 1 second');
    expect(spokenDuration(7_384_000)).toBe('2 hours, 3 minutes');
    expect(spokenDuration(0)).toBe('0 seconds');
  });
});

describe('an age', () => {
  test.each([
    [-50, '0 s'],
    [420, '0.4 s'],
    [1_900, '1 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [7_200_000, '2 hr'],
  ])('of %d ms reads %s', (ms, text) => expect(age(ms)).toBe(text));

  test('is told in words', () => {
    expect(ago(0)).toBe('now');
    expect(ago(180_000)).toBe('3 minutes ago');
    expect(ago(30 * 3_600_000)).toBe('yesterday');
  });
});

test('times of day have two figures each, and midnight is 00', () => {
  expect(timeOfDay(new Date(2026, 10, 20, 9, 5, 3).getTime())).toBe('09:05');
  expect(timeOfDay(new Date(2026, 10, 20, 0, 0).getTime())).toBe('00:00');
  expect(timeWithSeconds(new Date(2026, 10, 20, 14, 5, 24).getTime())).toBe('14:05:24');
});

test('counts, shares, lists and days follow the language', () => {
  expect(count(1640)).toBe('1,640');
  expect(percent(0.864)).toBe('86');
  expect(list(['Ines', 'Tomasz', 'Mei'])).toBe('Ines, Tomasz, and Mei');
  language.use('de');
  expect(count(1640)).toBe('1.640');
  expect(list(['Ines', 'Tomasz'])).toBe('Ines und Tomasz');
  expect(day(new Date(2026, 10, 20, 12).getTime())).toBe('Freitag, 20. November');
  expect(age(12_000)).toContain('Sek');
});
