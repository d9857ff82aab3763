import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Arrangement } from '../../../wallboard/arrange/arrangement.svelte.ts';
import {
  freshLayout,
  hideTile,
  type Layout,
  moveTile,
  readLayout,
  showTile,
} from '../../../wallboard/arrange/layout.ts';

const known = ['a', 'b', 'c', 'd'];
const whole = (layout: Layout): string[] => [...layout.tiles, ...layout.hidden].sort();

test('no step loses or doubles a tile', () => {
  const id = fc.constantFrom(...known);
  const step = fc.oneof(
    fc.record({ id, to: fc.integer({ min: -3, max: 9 }) }).map(
      ({ id: tile, to }) =>
        (one: Layout) =>
          moveTile(one, tile, to),
    ),
    id.map((tile) => (one: Layout) => hideTile(one, tile)),
    id.map((tile) => (one: Layout) => showTile(one, tile)),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const end = steps.reduce((layout, one) => one(layout), freshLayout(known));
      expect(whole(end)).toEqual(known);
      expect(readLayout(JSON.stringify(end), known)).toEqual(end);
    }),
  );
});

test('moves to a place, kept inside the list', () => {
  expect(moveTile(freshLayout(known), 'a', 2).tiles).toEqual(['b', 'c', 'a', 'd']);
  expect(moveTile(freshLayout(known), 'd', -5).tiles).toEqual(['d', 'a', 'b', 'c']);
  expect(moveTile(freshLayout(known), 'a', 99).tiles).toEqual(['b', 'c', 'd', 'a']);
});

test('a kept layout survives tiles that came and went', () => {
  const kept = JSON.stringify({ tiles: ['c', 'gone', 'a', 'a'], hidden: ['b'], agents: false });
  expect(readLayout(kept, known)).toEqual({ tiles: ['c', 'a', 'd'], hidden: ['b'], agents: false, swapped: false });
});

test('anything else that was stored is the first layout', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (kept) => {
      expect(whole(readLayout(kept, known))).toEqual(known);
    }),
  );
  expect(readLayout(null, known)).toEqual(freshLayout(known));
});

test('steps are undone one by one, also a reset, and kept per person', () => {
  const stored = new Map<string, string>();
  const storage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
  };
  const mine = new Arrangement(known, storage);
  mine.recall('ines');
  mine.change((layout) => hideTile(layout, 'a'));
  mine.reset();
  expect(mine.layout).toEqual(freshLayout(known));
  mine.undo();
  expect(mine.layout.hidden).toEqual(['a']);
  const again = new Arrangement(known, storage);
  again.recall('ines');
  expect(again.layout.hidden).toEqual(['a']);
  again.recall('tomasz');
  expect(again.layout).toEqual(freshLayout(known));
  mine.undo();
  expect(mine.canUndo).toBe(false);
});
