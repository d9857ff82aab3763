import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arrange, byUrgency, neighbour, type Place } from '../../../wallboard/flag/order.ts';
import { flag, ines, noon } from '../floor.ts';

const taken = { claim: { personId: ines, at: noon }, claimedAt: noon };
const joined = { ...taken, joinedBy: [ines], joinedAt: noon };
const ids = (places: readonly Place[]): string[] => places.map((place) => place.flag.id);

const anyFlag = fc
  .record({
    number: fc.integer({ min: 1, max: 40 }),
    left: fc.integer({ min: -300, max: 300 }),
    in: fc.constantFrom({}, taken, joined),
  })
  .map(({ number, left, in: rest }) => flag(number, { targetAt: noon + left * 1000, ...rest }));
const anyFlags = fc.uniqueArray(anyFlag, { selector: (one) => one.id, maxLength: 25 });

describe('a free list', () => {
  test('has unclaimed flags first, by time left, then claimed, then joined', () => {
    const late = flag(1, { targetAt: noon - 1000 });
    const soon = flag(2, { targetAt: noon + 1000 });
    const places = arrange([], [flag(3, { ...joined, targetAt: 0 }), soon, flag(4, taken), late], null);
    expect(ids(places)).toEqual([late.id, soon.id, flag(4).id, flag(3).id]);
  });

  test('is in order whatever stood there before', () => {
    fc.assert(
      fc.property(anyFlags, anyFlags, (before, now) => {
        const places = arrange(arrange([], before, null), now, null);
        expect(places.map((place) => place.flag)).toEqual([...now].sort(byUrgency));
        expect(places.every((place) => !place.gone)).toBe(true);
      }),
    );
  });
});

describe('a held list', () => {
  test('moves no card that stood above or at the hand, and shows every flag once', () => {
    fc.assert(
      fc.property(anyFlags, anyFlags, fc.nat(), (before, now, at) => {
        const first = arrange([], before, null);
        const held = first[at % Math.max(1, first.length)]?.flag.id ?? null;
        const places = arrange(first, now, held);
        const stood = first.findIndex((place) => place.flag.id === held);
        expect(ids(places).slice(0, stood + 1)).toEqual(ids(first).slice(0, stood + 1));
        // Those that were there keep their order, also below the hand.
        const known = new Set(ids(first));
        if (held !== null) expect(ids(places).filter((id) => known.has(id))).toEqual(ids(first));
        const up = places.filter((place) => !place.gone).map((place) => place.flag.id);
        expect([...up].sort()).toEqual(now.map((one) => one.id).sort());
      }),
    );
  });

  test('keeps the place of a flag that went down, and puts a new one right below the hand', () => {
    const first = arrange([], [flag(3), flag(2), flag(1)], null);
    const places = arrange(first, [flag(2), flag(1), flag(9)], flag(2).id);
    expect(ids(places)).toEqual([flag(3).id, flag(2).id, flag(9).id, flag(1).id]);
    expect(places[0]?.gone).toBe(true);
  });

  test('keeps the height of a card that is claimed meanwhile', () => {
    const first = arrange([], [flag(2), flag(1)], null);
    const places = arrange(first, [flag(2, taken), flag(1)], flag(1).id);
    expect(places[0]).toMatchObject({ tall: true });
    expect(arrange(places, [flag(2, taken), flag(1)], null).at(-1)).toMatchObject({ tall: false });
  });
});

describe('neighbour', () => {
  const places = arrange([], [flag(3), flag(2), flag(1)], null);
  test('walks to the ends and stays there', () => {
    expect(neighbour(places, null, 1)).toBe(flag(3).id);
    expect(neighbour(places, null, -1)).toBe(flag(1).id);
    expect(neighbour(places, flag(3).id, 1)).toBe(flag(2).id);
    expect(neighbour(places, flag(1).id, 1)).toBe(flag(1).id);
    expect(neighbour([], null, 1)).toBeNull();
  });
  test('passes over places whose flag is down', () => {
    const held = arrange(places, [flag(3), flag(1)], flag(3).id);
    expect(neighbour(held, flag(3).id, 1)).toBe(flag(1).id);
  });
});
