import { describe, expect, test } from 'vitest';
import { found, rowsOf, standingOf } from '../../../console/settings/rows.ts';
import type { PersonId, TeamId } from '../../../shared/contract/id.ts';
import type { PersonDetail } from '../../../shared/contract/read.ts';
import type { Team } from '../../../shared/contract/team.ts';
import { newId } from '../../../shared/contract/uuid.ts';

const now = Date.UTC(2026, 0, 5, 9);
const boats: TeamId = newId(now);
const trains: TeamId = newId(now);
const gone: TeamId = newId(now);
const teams = new Map<TeamId, Team>([
  [boats, { id: boats, name: 'Boats', active: true, legacyFlag: false }],
  [trains, { id: trains, name: 'Trains', active: true, legacyFlag: false }],
  [gone, { id: gone, name: 'Airships', active: false, legacyFlag: false }],
]);

function detail(name: string, more: Partial<PersonDetail> = {}): PersonDetail {
  const id: PersonId = newId(now);
  return {
    id,
    name,
    role: 'agent',
    teamIds: [],
    supervises: [],
    status: 'offline',
    statusSince: now,
    capacity: 4,
    reachable: false,
    active: true,
    email: `${name.toLowerCase()}@example.org`,
    invitationExpiresAt: null,
    joined: true,
    lastSeenAt: null,
    ...more,
  };
}

test.each<[string, Partial<PersonDetail>]>([
  ['active', {}],
  ['deactivated', { active: false }],
  ['invited', { active: false, joined: false, invitationExpiresAt: now + 1 }],
  ['lapsed', { active: false, joined: false, invitationExpiresAt: now }],
  ['withdrawn', { active: false, joined: false }],
])('somebody stands as %s', (standing, more) => {
  expect(standingOf(detail('Nia', more), now)).toBe(standing);
});

test('the live floor knows better than what was read before', () => {
  const nia = detail('Nia', { active: false, joined: false, invitationExpiresAt: now + 1, teamIds: [boats] });
  const { email: _e, invitationExpiresAt: _i, joined: _j, lastSeenAt: _l, ...person } = nia;
  const live = new Map([[nia.id, { ...person, name: 'Nia Novak', active: true, teamIds: [trains, gone, boats] }]]);
  const [row] = rowsOf([nia], live, teams, now);
  expect(row).toMatchObject({
    name: 'Nia Novak',
    email: 'nia@example.org',
    standing: 'active',
    joined: true,
    serves: ['Boats', 'Trains'],
  });
});

describe('the list', () => {
  const rows = rowsOf(
    [
      detail('Žofie', { role: 'supervisor', supervises: [trains] }),
      detail('Arne', { teamIds: [boats] }),
      detail('Nia', { active: false, joined: false, invitationExpiresAt: now + 1 }),
      detail('Dora', { active: false }),
    ],
    new Map(),
    teams,
    now,
  );
  const names = (search: string, filter: Parameters<typeof found>[2] = null): string[] =>
    found(rows, search, filter).map((row) => row.name);

  test('is in the order of names', () => {
    expect(names('')).toEqual(['Arne', 'Dora', 'Nia', 'Žofie']);
  });

  test.each([
    ['zofie', ['Žofie']],
    ['  ARNE ', ['Arne']],
    ['trains', ['Žofie']],
    ['arne@example', ['Arne']],
    ['supervisor example.org', ['Žofie']],
    ['arne trains', []],
  ])('finds "%s"', (search, expected) => {
    expect(names(search)).toEqual(expected);
  });

  test('is cut by how people stand', () => {
    expect(names('', 'active')).toEqual(['Arne', 'Žofie']);
    expect(names('', 'invited')).toEqual(['Nia']);
    expect(names('', 'deactivated')).toEqual(['Dora']);
  });
});
