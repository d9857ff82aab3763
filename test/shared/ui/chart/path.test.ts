import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areaPath, box, dotsPath, linePath, places, rangeOf, y } from '../../../../shared/ui/chart/path.ts';

test('every value stays in the box, whatever it is', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1e6, max: 1e6 }), { maxLength: 60 }),
      fc.option(fc.integer()),
      (values, target) => {
        const range = rangeOf(values, target ?? undefined);
        expect(range.max).toBeGreaterThan(range.min);
        for (const point of places(values, range)) {
          expect(point.x).toBeGreaterThanOrEqual(0);
          expect(point.x).toBeLessThanOrEqual(box.width);
          expect(point.y).toBeGreaterThanOrEqual(0);
          expect(point.y).toBeLessThanOrEqual(box.height);
        }
        expect(areaPath(places(values, range)) + dotsPath(values, range)).not.toMatch(/NaN|Infinity/);
      },
    ),
  );
});

test('higher is higher, and the target has its room', () => {
  const range = rangeOf([80, 90], 120);
  expect(y(120, range)).toBeLessThan(y(90, range));
  expect(y(90, range)).toBeLessThan(y(80, range));
});

test('small counts start at zero, large ones with little change do not', () => {
  expect(rangeOf([2, 9])).toEqual({ min: 0, max: 9 });
  expect(rangeOf([188, 212])).toEqual({ min: 188, max: 212 });
});

test('no values make no path', () => {
  expect([linePath([]), areaPath([])]).toEqual(['', '']);
});
