import { describe, expect, test } from 'vitest';
import type { CustomerLine } from '../../../shared/contract/customer.ts';
import { drawn, lastPosition, linesAfterEnd, supervisorHere, withLines } from '../../../widget/chat/lines.ts';

const said = (position: number, from: 'customer' | 'agent' = 'agent', at = position * 1000): CustomerLine => ({
  id: `line-${position}`,
  position,
  at,
  from,
  name: from === 'agent' ? 'Priya Raman' : 'Rosa Diaz',
  text: `text ${position}`,
});
const notice = (position: number, kind: 'serving' | 'closed'): CustomerLine => ({
  id: `notice-${position}`,
  position,
  at: position * 1000,
  from: 'notice',
  notice: kind,
  name: 'Priya Raman',
  helps: '',
});
const ids = (lines: readonly CustomerLine[]) => lines.map((line) => line.position);

describe('the lines of a chat', () => {
  test('stand in the order of the log, whatever order they come in', () => {
    expect(ids(withLines(withLines([], [said(3), said(1)]), [said(2)]))).toEqual([1, 2, 3]);
  });

  test('stand once, also when a snapshot repeats what came live', () => {
    const lines = withLines([], [said(1), said(2)]);
    expect(ids(withLines(lines, [said(2), said(3), said(3)]))).toEqual([1, 2, 3]);
    expect(withLines(lines, [said(1)])).toBe(lines);
  });

  test('tell the position that a returning widget has', () => {
    expect(lastPosition([])).toBe(0);
    expect(lastPosition([said(4), said(9)])).toBe(9);
  });

  test('of a new chat begin after the end of the old one', () => {
    expect(ids(linesAfterEnd([said(1), notice(2, 'closed'), said(4, 'customer')], 3))).toEqual([4]);
  });

  test('of a new chat begin where it took the place of one whose end was not seen', () => {
    expect(ids(linesAfterEnd([said(1), said(2), said(5, 'customer')], 4))).toEqual([5]);
  });
});

describe('drawn lines', () => {
  const day = (instant: number) => String(Math.floor(instant / 86_400_000));

  test('of one voice stand together, until another speaks or time passes', () => {
    const lines = [said(1), said(2), said(3, 'customer'), said(4), said(5, 'agent', 10 * 60_000)];
    expect(drawn(lines, day).map((row) => row.continued)).toEqual([false, true, false, false, false]);
  });

  test('do not continue a notice', () => {
    expect(drawn([said(1), notice(2, 'serving'), said(3)], day).map((row) => row.continued)).toEqual([
      false,
      false,
      false,
    ]);
  });

  test('name the day when it changes, and not for the first line', () => {
    const lines = [said(1), said(2, 'agent', 86_400_000), said(3, 'agent', 86_400_500)];
    expect(drawn(lines, day).map((row) => row.newDay)).toEqual([false, true, false]);
  });
});

test('the supervisor who is here is the one who joined last', () => {
  const helpers = [
    { id: '1', name: 'Priya Raman', role: 'agent' },
    { id: '2', name: 'Ines Okafor', role: 'supervisor' },
    { id: '3', name: 'Tomasz Nowak', role: 'supervisor' },
  ] as const;
  expect(supervisorHere({ id: 'c', state: 'active', helpers, endsWithCustomer: false })).toBe('Tomasz Nowak');
  expect(
    supervisorHere({ id: 'c', state: 'active', helpers: helpers.slice(0, 1), endsWithCustomer: false }),
  ).toBeNull();
  expect(supervisorHere(null)).toBeNull();
});
