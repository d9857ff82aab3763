import { expect, test } from 'vitest';
import { chainOf, formOf, msOf, reachedBy, sameChain } from '../../../console/settings/escalation.ts';
import { commands } from '../../../shared/contract/command.ts';
import type { EscalationStep } from '../../../shared/contract/organisation.ts';
import { organisationDefaults } from '../../../shared/contract/policy.ts';
import { leo, people, priya, travel } from '../../wallboard/floor.ts';

const chain: EscalationStep[] = [...organisationDefaults.escalation];

test('a form says the chain that it was made of, and the hub takes what it says', () => {
  expect(formOf(chain)).toEqual({ supervisors: { on: true, after: '2:00' }, everyone: { on: true, after: '5:00' } });
  expect(sameChain([...chainOf(formOf(chain)).steps], chain)).toBe(true);
  const form = { supervisors: { on: false, after: 'x' }, everyone: { on: true, after: '0:10' } };
  const { steps, faults } = chainOf(form);
  expect(faults).toEqual({ supervisors: null, everyone: null });
  expect(commands['organisation:set-escalation'].safeParse({ steps }).success).toBe(true);
});

test('minutes and seconds are read as they are written', () => {
  expect(['2:00', ' 2:05 ', '2', '0:10', '1:02:03', '90:00'].map(msOf)).toEqual([
    120_000, 125_000, 120_000, 10_000, 3_723_000, 5_400_000,
  ]);
  expect(['', 'two', '2:', '2:60', '-1:00', '1:2:3:4', '1.5', '2:00 min'].map(msOf)).toEqual(Array(8).fill(null));
});

test('what the hub would refuse is said at its step: the words, too early, too late', () => {
  const faults = (supervisors: string, everyone: string) =>
    chainOf({ supervisors: { on: true, after: supervisors }, everyone: { on: true, after: everyone } }).faults;
  expect(faults('soon', '5:00')).toEqual({ supervisors: { why: 'form' }, everyone: null });
  expect(faults('0:09', '5:00').supervisors).toEqual({ why: 'early', leastMs: 10_000 });
  expect(faults('2:00', '2:09').everyone).toEqual({ why: 'early', leastMs: 130_000 });
  expect(faults('2:00', '24:00:01').everyone).toEqual({ why: 'late' });
  expect(faults('2:00', '24:00:00').everyone).toBeNull();
});

test('how many people each step reaches and who of them is here, and which agents have no supervisor', () => {
  const some = people.map((one) => (one.role === 'admin' ? { ...one, reachable: false } : one));
  expect(reachedBy(some)).toEqual({
    steps: {
      own: { people: 2, here: 2 },
      supervisors: { people: 2, here: 2 },
      everyone: { people: 3, here: 2 },
    },
    alone: 0,
  });
  const apart = people.filter((one) => one.id === priya || one.id === leo || one.supervises.includes(travel) === false);
  // Ines, who leads Travel, is not there: Leo's flags call nobody at first.
  expect(reachedBy(apart).alone).toBe(1);
});
