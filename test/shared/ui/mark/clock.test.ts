import { expect, test } from 'vitest';
import { clockState } from '../../../../shared/ui/mark/clock.ts';
import { initials } from '../../../../shared/ui/mark/initials.ts';

test.each([
  [0, 'ok'],
  [224_999, 'ok'],
  [225_000, 'warn'],
  [299_999, 'warn'],
  [300_000, 'breach'],
])('%d ms of 5 minutes are %s', (elapsed, state) => expect(clockState(elapsed, 300_000)).toBe(state));

test('without a promise nothing is late', () => {
  expect(clockState(86_400_000, undefined)).toBe('ok');
});

test.each([
  ['Priya Raman', 'PR'],
  ['Liam O’Sullivan', 'LO'],
  ['Cher', 'C'],
  ['  ana   maria  de souza ', 'AS'],
  ['e\u0301tienne', 'E\u0301'],
  ['山田 太郎', '山太'],
  ['👍', '?'],
  ['', '?'],
])('%j is marked %s', (name, mark) => expect(initials(name)).toBe(mark));
