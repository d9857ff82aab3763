import { describe, expect, test } from 'vitest';
import { explain, fieldOf } from '../../../../shared/ui/sign-in/explain.ts';
import { type DemoPerson, groupPeople } from '../../../../shared/ui/sign-in/group.ts';
import { linkAddress, linkSecret } from '../../../../shared/ui/sign-in/link.ts';
import { strengthOf } from '../../../../shared/ui/sign-in/strength.ts';

describe('a link', () => {
  const secret = 'a1'.repeat(32);

  test('is read back as it was written', () => {
    expect(linkSecret(new URL(linkAddress('https://desk.example', secret)).hash)).toBe(secret);
    expect(linkSecret(`#invitation=${secret}`)).toBe(secret);
  });

  test.each([
    '',
    '#',
    '#/inbox',
    '#join=',
    '#join=short',
    `#join=${secret}&x=1`,
    `#join=${'a'.repeat(201)}`,
    `#other=${secret}`,
  ])('is not %s', (hash) => {
    expect(linkSecret(hash)).toBeNull();
  });
});

test.each([
  ['', 'empty', 12],
  ['elevenchars', 'short', 1],
  ['twelve chars', 'enough', 0],
  ['eighteen characters', 'good', 0],
  ['🌊🌊🌊🌊🌊🌊🌊🌊🌊🌊🌊', 'short', 1],
])('the password "%s" is %s, with %i characters missing', (password, step, missing) => {
  expect(strengthOf(password)).toMatchObject({ step, missing });
});

test('the demo door groups people by their teams, small groups last, leaders first', () => {
  const person = (name: string, role: string, ...teams: string[]): DemoPerson => ({
    personId: name,
    name,
    role,
    teams,
  });
  const groups = groupPeople([
    person('Olga', 'owner'),
    person('Arne', 'agent', 'Trains'),
    person('Sara', 'supervisor', 'Trains', 'Boats'),
    person('Tom', 'supervisor', 'Trains'),
    person('Bo', 'agent', 'Boats'),
    person('Ada', 'admin'),
    person('Sven', 'supervisor', 'Boats', 'Trains'),
  ]);
  expect(groups.map(({ teams, people }) => [teams.join(), people.map(({ name }) => name).join()])).toEqual([
    ['Boats', 'Bo'],
    ['Trains', 'Tom,Arne'],
    ['Boats,Trains', 'Sara,Sven'],
    ['', 'Olga,Ada'],
  ]);
});

test('a refusal names its next step, its field, and when it may be tried again', () => {
  const refusal = { code: 'bad_input', message: 'Wrong.', next: 'Mend it.', detail: { field: 'email' } } as const;
  expect(explain(refusal)).toBe('Wrong. Mend it.');
  expect(fieldOf(refusal)).toBe('email');
  const held = {
    code: 'rate_limited',
    message: 'Too often.',
    next: 'Wait.',
    detail: { retryAt: Date.UTC(2026, 0, 5, 9, 0, 30) },
  } as const;
  expect(explain(held)).toMatch(/^Too often\. Try again after \d{1,2}:01/);
  expect(fieldOf(held)).toBeNull();
});
