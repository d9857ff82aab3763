import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { byUrgency, standing } from '../../../wallboard/flag/order.ts';
import { fitFlags } from '../../../wallboard/kiosk/fit.ts';
import { Keeper, type KeeperEnvironment, versionOf } from '../../../wallboard/kiosk/keeper.ts';
import { shiftAt } from '../../../wallboard/kiosk/shift.ts';
import { flag, ines, noon } from '../floor.ts';

describe('fitting flags on a wall', () => {
  const taken = { claim: { personId: ines, at: noon } };
  const flags = fc
    .tuple(fc.nat(15), fc.nat(15))
    .map(([open, hand]) => [
      ...Array.from({ length: open }, (_, at) => flag(at + 1)),
      ...Array.from({ length: hand }, (_, at) => flag(at + 100, taken)),
    ]);

  test('shows the most urgent, counts the rest, and never more than there is room for', () => {
    fc.assert(
      fc.property(flags, fc.integer({ min: 200, max: 1200 }), (list, room) => {
        const { shown, more } = fitFlags(list, room);
        expect(shown.length + more).toBe(list.length);
        expect(shown).toEqual([...list].sort(byUrgency).slice(0, shown.length));
        const height = shown.reduce((sum, one) => sum + (standing(one) === 'unclaimed' ? 174 : 98), 0);
        if (shown.length > 1) expect(height + (more > 0 ? 52 : 0)).toBeLessThanOrEqual(room);
        if (list.length > 0) expect(shown.length).toBeGreaterThan(0);
      }),
    );
  });
});

test('the picture moves by at most 8 px, and stands in every place equally often', () => {
  const places = Array.from({ length: 900 }, (_, step) => shiftAt(noon + step * 180_000));
  const counts = new Map<string, number>();
  for (const { x, y } of places) {
    expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThanOrEqual(8);
    counts.set(`${x} ${y}`, (counts.get(`${x} ${y}`) ?? 0) + 1);
  }
  expect(counts.size).toBe(9);
  expect(new Set(counts.values()).size).toBe(1);
  expect(shiftAt(noon)).toEqual(shiftAt(noon + 1));
});

describe('Keeper', () => {
  const page = (script: string): string => `<html><script type="module" crossorigin src="${script}"></script></html>`;

  function setUp(served: string | null, idle = true) {
    const state = { served, idle };
    const environment = {
      page: vi.fn(async () => state.served),
      running: '/assets/wallboard-1.js',
      reload: vi.fn(),
      awake: vi.fn(async () => () => undefined),
      visibility: { visibilityState: 'visible', addEventListener: vi.fn(), removeEventListener: vi.fn() },
      setInterval: vi.fn(() => 1),
      clearInterval: vi.fn(),
    } as const satisfies KeeperEnvironment;
    return { state, environment, keeper: new Keeper(() => state.idle, environment) };
  }

  test('reads the version off a page', () => {
    expect(versionOf(page('/assets/wallboard-2.js'))).toBe('/assets/wallboard-2.js');
    expect(versionOf('<html></html>')).toBeNull();
  });

  test('loads a newer page', async () => {
    const { environment, keeper } = setUp(page('/assets/wallboard-2.js'));
    await keeper.look();
    expect(environment.reload).toHaveBeenCalledTimes(1);
  });

  test('leaves the same one, and one that cannot be read', async () => {
    for (const served of [page('/assets/wallboard-1.js'), null, 'Bad gateway']) {
      const { environment, keeper } = setUp(served);
      await keeper.look();
      expect(environment.reload).not.toHaveBeenCalled();
    }
  });

  test('waits while a flag waits', async () => {
    const { state, environment, keeper } = setUp(page('/assets/wallboard-2.js'), false);
    await keeper.look();
    expect(environment.reload).not.toHaveBeenCalled();
    state.idle = true;
    keeper.settle();
    expect(environment.reload).toHaveBeenCalledTimes(1);
  });

  test('keeps the screen awake, and does without where that is refused', () => {
    const { environment, keeper } = setUp(null);
    environment.awake.mockRejectedValueOnce(new Error('refused'));
    const stop = keeper.start();
    expect(environment.awake).toHaveBeenCalledTimes(1);
    stop();
    expect(environment.clearInterval).toHaveBeenCalledWith(1);
  });
});
