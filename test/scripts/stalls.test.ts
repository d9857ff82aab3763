import { expect, test } from 'vitest';
import { watchMachine } from '../../scripts/stalls.mjs';

test('a look that comes seconds late is a halt of the machine; one that is a little late is not', () => {
  let now = 0;
  const machine = watchMachine(() => now);
  now = 900;
  expect(machine.stop()).toEqual([]);
  const other = watchMachine(() => now);
  now += 12_200;
  expect(other.stop()).toEqual([12_000]);
});
