import { expect, test } from 'vitest';
import { marksDue } from '../../../wallboard/flag/marks.svelte.ts';
import { flag, ines, noon, tomasz } from '../floor.ts';

const nothing = { delivered: new Set<never>(), seen: new Set<never>() };
const eyes = (...flags: readonly { id: ReturnType<typeof flag>['id'] }[]) => ({
  me: ines,
  here: true,
  inSight: new Set(flags.map((one) => one.id)),
});

test('confirms the arrival of what nobody confirmed, once', () => {
  const flags = [flag(1), flag(2, { deliveredAt: noon })];
  expect(marksDue(flags, nothing, eyes()).delivered).toEqual([flag(1).id]);
  expect(marksDue(flags, { ...nothing, delivered: new Set([flag(1).id]) }, eyes()).delivered).toEqual([]);
});

test('seen is what stands before a person who looks', () => {
  const flags = [flag(1), flag(2)];
  expect(marksDue(flags, nothing, eyes(flag(1))).seen).toEqual([flag(1).id]);
  expect(marksDue(flags, nothing, { ...eyes(flag(1)), here: false }).seen).toEqual([]);
});

test('one’s own mark is said once, another person’s does not stand for it', () => {
  const byTomasz = flag(1, { seenBy: [{ personId: tomasz, at: noon }] });
  const byMe = flag(2, { seenBy: [{ personId: ines, at: noon }] });
  expect(marksDue([byTomasz, byMe], nothing, eyes(byTomasz, byMe)).seen).toEqual([byTomasz.id]);
  expect(marksDue([byTomasz], { ...nothing, seen: new Set([byTomasz.id]) }, eyes(byTomasz)).seen).toEqual([]);
});
