import { describe, expect, test } from 'vitest';
import type { Organisation } from '../../../shared/contract/organisation.ts';
import type { Person } from '../../../shared/contract/person.ts';
import { organisationDefaults } from '../../../shared/contract/policy.ts';
import { calledBy, calledFrom, isCalled, nextCall, nextStepAt, stepAfter } from '../../../shared/live/call.ts';
import { banking, flag, leo, noon, people, person, priya, travel } from '../../wallboard/floor.ts';

const chain: Organisation['escalation'] = [...organisationDefaults.escalation];
const minute = 60_000;

function named(id: Person['id']): Person {
  const found = people.find((one) => one.id === id);
  if (found === undefined) throw new Error(id);
  return found;
}

const agent = named(priya);
const someone = (rest: Partial<Person>): Person => person({ id: leo, name: 'Someone', ...rest });

describe('whom a flag calls', () => {
  test('S1.19 from which step on', () => {
    const from = (rest: Partial<Person>) => calledFrom(someone(rest), agent);
    expect(from({ role: 'supervisor', supervises: [banking] })).toBe('own');
    expect(from({ role: 'admin', supervises: [banking] })).toBe('own');
    expect(from({ role: 'supervisor', supervises: [travel] })).toBe('supervisors');
    expect(from({ role: 'supervisor', supervises: [] })).toBe('supervisors');
    expect(from({ role: 'admin', supervises: [travel] })).toBe('supervisors');
    expect(from({ role: 'admin' })).toBe('everyone');
    expect(from({ role: 'owner' })).toBe('everyone');
    expect(from({ role: 'agent', teamIds: [banking] })).toBeNull();
    expect(from({ role: 'owner', active: false })).toBeNull();
    expect(calledFrom({ ...agent, role: 'supervisor', supervises: [banking] }, agent), 'never oneself').toBeNull();
  });

  test('each step calls those of the steps before too, in order of name', () => {
    const names = (reach: 'own' | 'supervisors' | 'everyone') => calledBy(reach, agent, people).map((one) => one.name);
    const elsewhere = [...people, someone({ name: 'Mei Lin', role: 'supervisor', supervises: [travel] })];
    expect(names('own')).toEqual(['Ines Okafor', 'Tomasz Wolny']);
    expect(calledBy('supervisors', agent, elsewhere).map((one) => one.name)).toEqual([
      'Ines Okafor',
      'Mei Lin',
      'Tomasz Wolny',
    ]);
    expect(names('everyone')).toEqual(['Ines Okafor', 'Marta Lind', 'Tomasz Wolny']);
    expect(isCalled('everyone', undefined, agent)).toBe(false);
    expect(isCalled('everyone', named(leo), undefined)).toBe(false);
  });
});

describe('the chain', () => {
  test('the waits between the steps count, from when the flag came to a step or was given back', () => {
    expect(nextStepAt(chain, 'own', noon)).toBe(noon + 2 * minute);
    expect(nextStepAt(chain, 'supervisors', noon)).toBe(noon + 3 * minute);
    expect(nextStepAt(chain, 'everyone', noon)).toBeNull();
    const short: Organisation['escalation'] = [
      { reach: 'own', afterMs: 0 },
      { reach: 'everyone', afterMs: minute },
    ];
    expect(stepAfter(short, 'own')?.reach).toBe('everyone');
    // A step that the chain no longer has counts from the one before it.
    expect(nextStepAt(short, 'supervisors', noon)).toBe(noon + minute);
  });

  test('what comes next is nothing once it is claimed, lowered, at the end, or the chain was shortened', () => {
    const up = flag(1, { nextAt: noon + minute });
    expect(nextCall(up, chain)).toEqual({ reach: 'supervisors', at: noon + minute });
    expect(nextCall({ ...up, claim: { personId: leo, at: noon } }, chain)).toBeNull();
    expect(nextCall({ ...up, nextAt: null }, chain)).toBeNull();
    expect(nextCall(up, [{ reach: 'own', afterMs: 0 }])).toBeNull();
    expect(nextCall({ ...up, reach: 'everyone' }, chain)).toBeNull();
  });
});
