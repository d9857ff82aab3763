import fc from 'fast-check';
import { expect, test } from 'vitest';
import { settle } from '../../console/order.ts';

const list = fc.uniqueArray(fc.integer({ min: 0, max: 30 }));

test('free, the list stands as it is sorted', () => {
  fc.assert(
    fc.property(list, list, (before, wanted) => {
      expect(settle(before, wanted, false)).toEqual(wanted);
    }),
  );
});

test('under a pointer nothing that stands moves, new ones come last in their order', () => {
  fc.assert(
    fc.property(list, list, (before, wanted) => {
      const after = settle(before, wanted, true);
      expect(after.slice(0, before.length)).toEqual(before);
      expect(after.slice(before.length)).toEqual(wanted.filter((one) => !before.includes(one)));
    }),
  );
});

test('an order that does not change is the same object', () => {
  const before = [1, 2, 3];
  expect(settle(before, [1, 2, 3], false)).toBe(before);
  expect(settle(before, [3, 1], true)).toBe(before);
});
