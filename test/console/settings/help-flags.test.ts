import { describe, expect, test } from 'vitest';
import { choosable } from '../../../console/reasons.ts';
import { inOrder, moved, reasonLists } from '../../../console/settings/reason-order.ts';
import { readTarget, targetFault, targetWords } from '../../../console/settings/target-time.ts';
import type { ReasonId } from '../../../shared/contract/id.ts';
import { organisationCommands, type Reason } from '../../../shared/contract/organisation.ts';
import { newId } from '../../../shared/contract/uuid.ts';

const reason = (name: string, order: number, active = true): Reason => ({
  id: newId<'reason'>(order),
  name,
  order,
  targetMs: 60_000,
  active,
});
const [a, b, c, old] = [reason('a', 2), reason('b', 1), reason('c', 3), reason('old', 1, false)];
const names = (all: readonly Reason[]) => all.map((one) => one.name).join('');

describe('S1.11: reasons on screens', () => {
  test('the dialog shows the active ones in order, and the flag’s own though it was archived', () => {
    expect(names(choosable([a, old, b, c], null))).toBe('bac');
    expect(names(choosable([a, old, b, c], old.id))).toBe('bacold');
  });

  test('settings list the active in order and the archived by name', () => {
    const lists = reasonLists([a, old, c, b, reason('older', 1, false)]);
    expect([names(lists.active), names(lists.archived)]).toEqual(['bac', 'oldolder']);
  });

  test('one is moved to a place, and past the ends it stays at the end', () => {
    const order: ReasonId[] = [b.id, a.id, c.id];
    expect(moved(order, c.id, 0)).toEqual([c.id, b.id, a.id]);
    expect(moved(order, b.id, 99)).toEqual([a.id, c.id, b.id]);
    expect(moved(order, a.id, -1)).toEqual([a.id, b.id, c.id]);
    expect(moved(order, old.id, 0)).toBe(order);
  });

  test('a hand’s order holds while the reasons are the same ones, and then the hub’s does', () => {
    expect(names(inOrder([b, a, c], [c.id, a.id, b.id]))).toBe('cab');
    expect(names(inOrder([b, a], [c.id, a.id, b.id]))).toBe('ba');
    expect(names(inOrder([b, a, old], [c.id, a.id, b.id]))).toBe('baold');
    expect(names(inOrder([b, a, c], null))).toBe('bac');
  });
});

describe('a target as it is typed', () => {
  test.each([
    ['4:00', 240_000],
    [' 0:10 ', 10_000],
    ['90:00', 5_400_000],
    ['1:30:00', 5_400_000],
    ['24:00:00', 86_400_000],
  ])('%s', (typed, ms) => {
    expect(readTarget(typed)).toBe(ms);
    expect(targetFault(typed)).toBeNull();
    expect(readTarget(targetWords(ms))).toBe(ms);
  });

  test.each(['', '4', 'soon', '4:0', '4:60', '1:60:00', '-1:00', '4.00', '4:00:00:00'])('%s is none', (typed) => {
    expect(targetFault(typed)).toBe('reason.target.wrong');
  });

  test.each(['0:09', '24:00:01', '99:59:59'])('%s is out of bounds, here as at the hub', (typed) => {
    expect(targetFault(typed)).toBe('reason.target.range');
    const input = { reasonId: a.id, targetMs: readTarget(typed) };
    expect(organisationCommands['reason:set-target'].safeParse(input).success).toBe(false);
  });
});
