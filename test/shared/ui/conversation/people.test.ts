import { expect, test } from 'vitest';
import { tell } from '../../../../console/specimen/story.ts';
import type { Person } from '../../../../shared/contract/person.ts';
import type { Live } from '../../../../shared/live/apply.ts';
import { firstName, loadOf, loads, mayHelp, watching } from '../../../../shared/ui/conversation/people.ts';

function floor(state: string): Live {
  const { live } = tell(state, 1_800_000_000_000);
  if (live === null) throw new Error('this state has no floor');
  return live;
}

function named(live: Live, name: string): Person {
  const found = [...live.people.values()].find((one) => one.name === name);
  if (found === undefined) throw new Error(name);
  return found;
}

const change = (live: Live, ...people: readonly Person[]): Live => ({
  ...live,
  people: new Map([...live.people, ...people.map((one) => [one.id, one] as const)]),
});

test('those who watch are connected, active supervisors of one of the agent’s teams, by name', () => {
  const live = floor('calm');
  const priya = named(live, 'Priya Raman');
  const who = (floorNow: Live): string[] => watching(floorNow, priya.id).map((one) => one.name);
  expect(who(live)).toEqual(['Ines Okafor', 'Mei Lin', 'Tomasz Wolny']);
  const ines = named(live, 'Ines Okafor');
  expect(who(change(live, { ...ines, reachable: false }))).toEqual(['Mei Lin', 'Tomasz Wolny']);
  expect(who(change(live, { ...ines, active: false }))).toEqual(['Mei Lin', 'Tomasz Wolny']);
  expect(who(change(live, { ...ines, supervises: [] }))).toEqual(['Mei Lin', 'Tomasz Wolny']);
  // An owner who leads no team is called at the last step only.
  const owner = change(live, { ...ines, supervises: [], role: 'owner' });
  expect(who(owner)).toEqual(['Mei Lin', 'Tomasz Wolny']);
  expect(watching(owner, priya.id, 'supervisors')).not.toContainEqual(expect.objectContaining({ name: 'Ines Okafor' }));
  expect(watching(owner, priya.id, 'everyone')).toContainEqual(expect.objectContaining({ name: 'Ines Okafor' }));
  expect(who(floor('nobody'))).toEqual([]);
});

test('an agent watches nobody, and a supervisor not themselves', () => {
  const live = floor('calm');
  const leo = named(live, 'Leo Fontaine');
  expect(watching(live, leo.id)).not.toContainEqual(leo);
  const ines = named(live, 'Ines Okafor');
  expect(watching(live, ines.id).map((one) => one.name)).not.toContain('Ines Okafor');
});

test('who may help: a supervisor of the team, whoever may help anybody, never an agent or oneself', () => {
  const live = floor('calm');
  const [priya, ines] = [named(live, 'Priya Raman'), named(live, 'Ines Okafor')];
  const as = (person: Person, permissions: Live['me']['permissions']): Live => ({
    ...live,
    me: { personId: person.id, permissions },
  });
  expect(mayHelp(live, priya.id)).toBe(false);
  expect(mayHelp(as(ines, new Set(['supervision.own'])), priya.id)).toBe(true);
  expect(mayHelp(as(ines, new Set()), priya.id)).toBe(false);
  expect(mayHelp(as(ines, new Set(['supervision.own'])), ines.id)).toBe(false);
  const elsewhere = { ...priya, teamIds: [] };
  const far = change(as(ines, new Set(['supervision.own'])), elsewhere);
  expect([mayHelp(far, priya.id, 'supervisors'), mayHelp(far, priya.id, 'everyone')]).toEqual([true, true]);
  expect(mayHelp(as(ines, new Set()), priya.id, 'everyone')).toBe(false);
  expect(mayHelp(change(as(ines, new Set(['supervision.own'])), elsewhere), priya.id)).toBe(false);
  expect(mayHelp(change(as(ines, new Set(['supervision.any'])), elsewhere), priya.id)).toBe(true);
});

test('load counts conversations in hand and the open offer', () => {
  const [calm, offered] = [floor('calm'), floor('offer')];
  const priya = named(calm, 'Priya Raman');
  expect(loadOf(calm, priya.id)).toBe(7);
  expect(loadOf(offered, priya.id)).toBe(8);
  expect(loads(offered).get(priya.id)).toBe(8);
});

test('the first name is the first word', () => {
  expect(firstName('Rosa Iglesias')).toBe('Rosa');
  expect(firstName('  Chen Wei ')).toBe('Chen');
  expect(firstName('Anna')).toBe('Anna');
});
