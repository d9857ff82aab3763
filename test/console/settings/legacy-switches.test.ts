import { expect, test } from 'vitest';
import { LegacySwitches } from '../../../console/settings/legacy-switches.svelte.ts';
import type { TeamId } from '../../../shared/contract/id.ts';
import { type Answer, type RefusalCode, refusal } from '../../../shared/contract/refusal.ts';
import { newId } from '../../../shared/contract/uuid.ts';

const id: TeamId = newId(1);
const off = { id, legacyFlag: false };
const on = { id, legacyFlag: true };

/** Switches whose answers are in the test's hands. */
function made() {
  const asked: { readonly on: unknown; readonly answer: (given: number | RefusalCode) => Promise<void> }[] = [];
  const ask = (input: { readonly on: boolean }): Promise<Answer<null>> =>
    new Promise((resolve) => {
      asked.push({
        on: input.on,
        answer: async (given) => {
          resolve(
            typeof given === 'number'
              ? { ok: true, position: given, value: null }
              : { ok: false, refusal: refusal(given, 'No.', 'Ask.') },
          );
          await Promise.resolve();
          await Promise.resolve();
        },
      });
    });
  return { switches: new LegacySwitches(ask), asked };
}

test('S1.3: a switch shows at once what was asked for, and follows the floor from the answer on', async () => {
  const { switches, asked } = made();
  expect(switches.shown(off, 10)).toBe(false);
  const done = switches.set(id, true);
  expect(switches.shown(off, 10)).toBe(true);
  await asked[0]?.answer(12);
  expect(await done).toBeNull();
  // The answer may come before the event: it must not fall back in between.
  expect(switches.shown(off, 11)).toBe(true);
  expect(switches.shown(on, 12)).toBe(true);
  // Another admin switched it back.
  expect(switches.shown(off, 13)).toBe(false);
});

test('S1.3: a refusal puts the switch back and says why', async () => {
  const { switches, asked } = made();
  const done = switches.set(id, true);
  await asked[0]?.answer('not_permitted');
  expect((await done)?.code).toBe('not_permitted');
  expect(switches.shown(off, 10)).toBe(false);
});

test('S1.3: of several presses the last one stands, whatever the earlier ones are answered', async () => {
  const { switches, asked } = made();
  void switches.set(id, true);
  void switches.set(id, false);
  expect(asked.map((one) => one.on)).toEqual([true, false]);
  await asked[0]?.answer(12);
  expect(switches.shown(on, 12)).toBe(false);
  await asked[1]?.answer(13);
  expect(switches.shown(off, 13)).toBe(false);
});
