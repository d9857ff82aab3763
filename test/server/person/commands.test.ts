import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readPrincipal } from '../../../server/auth/principal.ts';
import type { Founder } from '../../../server/organisation/create.ts';
import { markReachable } from '../../../server/person/mark-reachable.ts';
import { markUnreachable } from '../../../server/person/mark-unreachable.ts';
import { readPeople } from '../../../server/person/queries.ts';
import type { CommandInput } from '../../../shared/contract/command.ts';
import type { PersonId } from '../../../shared/contract/id.ts';
import type { Person } from '../../../shared/contract/person.ts';
import type { Answer } from '../../../shared/contract/refusal.ts';
import { statuses } from '../../../shared/contract/status.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import { founder, type MadeOrganisation, makeOrganisation } from '../../support/organisation.ts';
import { link, Staff } from '../../support/staff.ts';

let staff: Staff;
let floor: MadeOrganisation;
let other: MadeOrganisation;

const unnamed = (name: string, role: Founder['role'], more: Partial<Founder> = {}): Founder =>
  founder(name, role, { email: null, ...more });

beforeAll(async () => {
  staff = await Staff.start();
});
afterAll(async () => {
  await staff.close();
});
beforeEach(async () => {
  staff.now += 1000;
  floor = await makeOrganisation(staff, {
    teams: ['Boats', 'Trains'],
    people: [
      unnamed('Olga', 'owner'),
      unnamed('Otto', 'owner'),
      unnamed('Ada', 'admin'),
      unnamed('Sara', 'supervisor', { supervises: ['Boats'] }),
      unnamed('Arne', 'agent', { teams: ['Boats'] }),
    ],
  });
  other = await makeOrganisation(staff, {
    name: 'Elsewhere',
    people: [unnamed('Oda', 'owner'), unnamed('Ole', 'agent')],
  });
});

const by = (name: string) => ({
  do: <N extends Parameters<Staff['command']>[2]>(command: N, input: CommandInput<N>): Promise<Answer> =>
    staff.command(floor.id, floor.person(name), command, input),
});

async function readPerson(id: PersonId): Promise<Person> {
  const client = await staff.db.system.connect();
  try {
    const page = await readPeople(client, floor.id);
    const found = page.people.find((person) => person.id === id);
    if (found === undefined) throw new Error('no such person');
    return found;
  } finally {
    client.release();
  }
}

const events = async (): Promise<string[]> =>
  (
    await staff.rows<{ type: string }>('select type from log where organisation_id = $1 order by position', [floor.id])
  ).map((row) => row.type);

const code = (answer: Answer): string => (answer.ok ? 'ok' : answer.refusal.code);

function invitation(more: Partial<CommandInput<'person:invite'>> = {}): CommandInput<'person:invite'> {
  return {
    name: 'Nia',
    email: `nia-${newId(staff.now)}@example.org`,
    role: 'agent',
    teamIds: [],
    supervises: [],
    capacity: 3,
    tokenHash: link().tokenHash,
    ...more,
  };
}

describe('inviting', () => {
  test('makes a person who is not active, and keeps the address out of everything but its table', async () => {
    const input = invitation({
      name: '  Nia Novak ',
      teamIds: [floor.team('Trains'), floor.team('Boats'), floor.team('Boats')],
    });
    const answer = await by('Ada').do('person:invite', input);
    if (!answer.ok) throw new Error(answer.refusal.message);
    const { personId } = answer.value as { personId: PersonId };
    expect(await readPerson(personId)).toMatchObject({
      name: 'Nia Novak',
      role: 'agent',
      teamIds: [floor.team('Boats'), floor.team('Trains')].sort(),
      supervises: [],
      capacity: 3,
      status: 'offline',
      statusSince: staff.now,
      reachable: false,
      active: false,
      email: input.email,
      joined: false,
      invitationExpiresAt: staff.now + 72 * 3_600_000,
      lastSeenAt: null,
    });
    expect((await events()).at(-1)).toBe('person:invited');
  });

  test('refuses an address that somebody has, in any spelling and any organisation', async () => {
    const input = invitation({ email: 'Taken@Example.org' });
    expect(code(await by('Ada').do('person:invite', input))).toBe('ok');
    expect(await by('Ada').do('person:invite', invitation({ email: 'taken@example.ORG' }))).toMatchObject({
      ok: false,
      refusal: { code: 'email_taken', detail: { field: 'email' } },
    });
    const elsewhere = await staff.command(
      other.id,
      other.person('Oda'),
      'person:invite',
      invitation({ email: 'taken@example.org' }),
    );
    expect(code(elsewhere)).toBe('email_taken');
  });

  test('lets one of two through who invite the same address at once', async () => {
    const answers = await Promise.all(
      [1, 2, 3].map(() => by('Ada').do('person:invite', invitation({ email: 'race@example.org' }))),
    );
    expect(answers.map(code).sort()).toEqual(['email_taken', 'email_taken', 'ok']);
  });

  test('refuses teams of others, archived ones, and supervising by an agent', async () => {
    expect(code(await by('Ada').do('person:invite', invitation({ teamIds: [newId(staff.now)] })))).toBe('not_found');
    await by('Ada').do('team:archive', { teamId: floor.team('Trains') });
    expect(code(await by('Ada').do('person:invite', invitation({ teamIds: [floor.team('Trains')] })))).toBe(
      'not_found',
    );
    expect(await by('Ada').do('person:invite', invitation({ supervises: [floor.team('Boats')] }))).toMatchObject({
      ok: false,
      refusal: { code: 'bad_input', detail: { field: 'supervises' } },
    });
  });

  test('of an owner is for owners', async () => {
    expect(code(await by('Ada').do('person:invite', invitation({ role: 'owner' })))).toBe('not_permitted');
    expect(code(await by('Olga').do('person:invite', invitation({ role: 'owner' })))).toBe('ok');
  });
});

test.each(['Sara', 'Arne'])('%s manages nobody', async (name) => {
  const personId = floor.person('Arne');
  const before = await events();
  const answers = [
    await by(name).do('person:invite', invitation()),
    await by(name).do('person:renew-invitation', { personId, tokenHash: link().tokenHash }),
    await by(name).do('person:rename', { personId, name: 'Nobody' }),
    await by(name).do('person:set-role', { personId, role: 'owner' }),
    await by(name).do('person:set-teams', { personId, teamIds: [], supervises: [] }),
    await by(name).do('person:set-capacity', { personId, capacity: 50 }),
    await by(name).do('person:deactivate', { personId: floor.person('Sara') }),
    await by(name).do('person:reactivate', { personId }),
    await by(name).do('person:sign-out-everywhere', { personId: floor.person('Olga') }),
    await by(name).do('person:set-status', { personId: floor.person('Olga'), status: 'busy' }),
    await by(name).do('team:create', { name: 'Planes' }),
  ];
  expect(answers.map(code)).toEqual(answers.map(() => 'not_permitted'));
  expect(await events()).toEqual(before);
});

test('an admin does not touch an owner', async () => {
  const personId = floor.person('Otto');
  const answers = [
    await by('Ada').do('person:renew-invitation', { personId, tokenHash: link().tokenHash }),
    await by('Ada').do('person:rename', { personId, name: 'Nobody' }),
    await by('Ada').do('person:set-role', { personId, role: 'agent' }),
    await by('Ada').do('person:set-role', { personId: floor.person('Arne'), role: 'owner' }),
    await by('Ada').do('person:set-teams', { personId, teamIds: [], supervises: [floor.team('Boats')] }),
    await by('Ada').do('person:set-capacity', { personId, capacity: 1 }),
    await by('Ada').do('person:deactivate', { personId }),
    await by('Ada').do('person:sign-out-everywhere', { personId }),
  ];
  expect(answers.map(code)).toEqual(answers.map(() => 'not_permitted'));
});

test('nobody of another organisation is found', async () => {
  const personId = other.person('Ole');
  const answers = [
    await by('Olga').do('person:renew-invitation', { personId, tokenHash: link().tokenHash }),
    await by('Olga').do('person:rename', { personId, name: 'Nobody' }),
    await by('Olga').do('person:set-role', { personId, role: 'admin' }),
    await by('Olga').do('person:set-teams', { personId, teamIds: [], supervises: [] }),
    await by('Olga').do('person:set-capacity', { personId, capacity: 1 }),
    await by('Olga').do('person:deactivate', { personId }),
    await by('Olga').do('person:reactivate', { personId }),
    await by('Olga').do('person:set-status', { personId, status: 'busy' }),
    await by('Olga').do('person:sign-out-everywhere', { personId }),
  ];
  expect(answers.map(code)).toEqual(answers.map(() => 'not_found'));
});

describe('the last owner', () => {
  test('cannot be unmade or deactivated, and somebody can always be made one', async () => {
    expect(code(await by('Olga').do('person:set-role', { personId: floor.person('Otto'), role: 'agent' }))).toBe('ok');
    const olga = floor.person('Olga');
    expect(code(await by('Olga').do('person:set-role', { personId: olga, role: 'admin' }))).toBe('last_owner');
    expect(code(await by('Olga').do('person:deactivate', { personId: olga }))).toBe('last_owner');
    // An owner who has not joined yet is none that could act.
    await by('Olga').do('person:invite', invitation({ role: 'owner' }));
    expect(code(await by('Olga').do('person:set-role', { personId: olga, role: 'admin' }))).toBe('last_owner');
    expect(code(await by('Olga').do('person:set-role', { personId: floor.person('Ada'), role: 'owner' }))).toBe('ok');
    expect(code(await by('Olga').do('person:set-role', { personId: olga, role: 'admin' }))).toBe('ok');
  });

  test('stays when two owners unmake each other at once', async () => {
    const answers = await Promise.all([
      by('Olga').do('person:set-role', { personId: floor.person('Otto'), role: 'agent' }),
      by('Otto').do('person:set-role', { personId: floor.person('Olga'), role: 'agent' }),
    ]);
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
    const owners = await staff.rows(`select 1 from person where organisation_id = $1 and role = 'owner' and active`, [
      floor.id,
    ]);
    expect(owners).toHaveLength(1);
  });
});

describe('a change', () => {
  test('of name, teams, capacity and role is stored and told; the same again is no event', async () => {
    const personId = floor.person('Arne');
    const steps = [
      () => by('Ada').do('person:rename', { personId, name: ' Arne Aas ' }),
      () =>
        by('Ada').do('person:set-teams', {
          personId,
          teamIds: [floor.team('Trains'), floor.team('Boats')],
          supervises: [],
        }),
      () => by('Ada').do('person:set-capacity', { personId, capacity: 7 }),
      () => by('Ada').do('person:set-role', { personId, role: 'supervisor' }),
    ];
    for (const step of steps) expect(code(await step())).toBe('ok');
    const told = await events();
    expect(told.slice(-4)).toEqual(['person:renamed', 'person:teams-set', 'person:capacity-set', 'person:role-set']);
    for (const step of steps) expect(code(await step())).toBe('ok');
    expect(await events()).toEqual(told);
    expect(await readPerson(personId)).toMatchObject({ name: 'Arne Aas', capacity: 7, role: 'supervisor' });
  });

  test('to a role that helps nobody takes the supervised teams away, and the sight of them', async () => {
    const personId = floor.person('Sara');
    expect((await readPrincipal(staff.db.system, personId))?.rooms).toContain(`supervisors:${floor.team('Boats')}`);
    await by('Ada').do('person:set-role', { personId, role: 'agent' });
    expect((await events()).slice(-2)).toEqual(['person:role-set', 'person:teams-set']);
    expect((await readPerson(personId)).supervises).toEqual([]);
    expect((await readPrincipal(staff.db.system, personId))?.rooms).toEqual([
      'everyone',
      `person:${personId}`,
      'right:conversation.serve',
      'right:flag.raise',
    ]);
  });

  test('keeps an archived team that somebody was in, and adds none', async () => {
    const personId = floor.person('Ada');
    await by('Olga').do('team:archive', { teamId: floor.team('Trains') });
    expect(
      code(await by('Olga').do('person:set-teams', { personId, teamIds: [floor.team('Trains')], supervises: [] })),
    ).toBe('not_found');
  });
});

describe('deactivating', () => {
  test('puts somebody offline, and what they do next is refused; reactivating lets them in again', async () => {
    const personId = floor.person('Arne');
    await by('Arne').do('person:set-status', { personId, status: 'available' });
    await staff.run(floor.id, 'person:mark-reachable', markReachable, { subject: personId });
    expect(code(await by('Ada').do('person:deactivate', { personId }))).toBe('ok');
    expect(await readPerson(personId)).toMatchObject({
      active: false,
      status: 'offline',
      reachable: false,
      joined: true,
    });
    expect(await readPrincipal(staff.db.system, personId)).toBeNull();
    expect(code(await by('Arne').do('person:set-status', { personId, status: 'available' }))).toBe('not_signed_in');
    expect(code(await by('Ada').do('person:set-status', { personId, status: 'available' }))).toBe('person_inactive');
    expect(code(await by('Ada').do('person:renew-invitation', { personId, tokenHash: link().tokenHash }))).toBe(
      'person_inactive',
    );
    const told = await events();
    expect(code(await by('Ada').do('person:deactivate', { personId }))).toBe('ok');
    expect(await events()).toEqual(told);
    // A team that went meanwhile falls off.
    expect(code(await by('Ada').do('team:archive', { teamId: floor.team('Boats') }))).toBe('team_in_use');
    await by('Ada').do('person:set-teams', { personId: floor.person('Sara'), teamIds: [], supervises: [] });
    expect(code(await by('Ada').do('team:archive', { teamId: floor.team('Boats') }))).toBe('ok');
    expect(code(await by('Ada').do('person:reactivate', { personId }))).toBe('ok');
    expect(await readPerson(personId)).toMatchObject({ active: true, teamIds: [] });
    expect(code(await by('Arne').do('person:set-status', { personId, status: 'available' }))).toBe('ok');
  });

  test('oneself is refused', async () => {
    expect(code(await by('Ada').do('person:deactivate', { personId: floor.person('Ada') }))).toBe('not_permitted');
    expect(code(await by('Olga').do('person:deactivate', { personId: floor.person('Olga') }))).toBe('not_permitted');
  });

  test('withdraws an invitation; a new link brings it back, but reactivating does not', async () => {
    const answer = await by('Ada').do('person:invite', invitation());
    const { personId } = (answer.ok ? answer.value : null) as { personId: PersonId };
    expect(code(await by('Ada').do('person:deactivate', { personId }))).toBe('ok');
    expect(await readPerson(personId)).toMatchObject({ active: false, joined: false, invitationExpiresAt: null });
    expect(code(await by('Ada').do('person:reactivate', { personId }))).toBe('person_inactive');
    expect(code(await by('Ada').do('person:renew-invitation', { personId, tokenHash: link().tokenHash }))).toBe('ok');
    expect((await readPerson(personId)) as object).toMatchObject({ invitationExpiresAt: staff.now + 72 * 3_600_000 });
  });
});

describe('a status', () => {
  test.each(statuses.filter((status) => status !== 'offline'))('of one’s own can be %s', async (status) => {
    const personId = floor.person('Arne');
    expect(code(await by('Arne').do('person:set-status', { personId, status }))).toBe('ok');
    expect(await readPerson(personId)).toMatchObject({ status, statusSince: staff.now });
  });

  test('of another is for whoever manages people', async () => {
    const personId = floor.person('Arne');
    expect(code(await by('Sara').do('person:set-status', { personId, status: 'break' }))).toBe('not_permitted');
    expect(code(await by('Ada').do('person:set-status', { personId, status: 'break' }))).toBe('ok');
  });
});

test('being reachable is told once, and so is being unreachable', async () => {
  const subject = floor.person('Arne');
  const before = (await events()).length;
  for (let at = 0; at < 2; at += 1) await staff.run(floor.id, 'person:mark-reachable', markReachable, { subject });
  for (let at = 0; at < 2; at += 1) await staff.run(floor.id, 'person:mark-unreachable', markUnreachable, { subject });
  expect((await events()).slice(before)).toEqual(['person:reachable', 'person:unreachable']);
  const refused = await staff.run(
    floor.id,
    'person:mark-reachable',
    markReachable,
    { subject },
    { kind: 'person', id: subject },
  );
  expect(code(refused)).toBe('not_permitted');
});

test('the audiences of a person follow from role, teams and supervised teams', async () => {
  const rooms = async (name: string): Promise<readonly string[] | undefined> =>
    (await readPrincipal(staff.db.system, floor.person(name)))?.rooms;
  expect(await rooms('Arne')).toEqual([
    'everyone',
    `person:${floor.person('Arne')}`,
    `team:${floor.team('Boats')}`,
    'right:conversation.serve',
    'right:flag.raise',
  ]);
  expect(await rooms('Sara')).toEqual([
    'everyone',
    `person:${floor.person('Sara')}`,
    `supervisors:${floor.team('Boats')}`,
    'right:conversation.serve',
    'right:flag.raise',
    'right:supervision.own',
    'right:floor.view',
  ]);
  expect(await rooms('Olga')).toContain('right:owner.manage');
  expect(await rooms('Ada')).not.toContain('right:owner.manage');
  expect(await readPrincipal(staff.db.system, 'nonsense')).toBeNull();
});

test('the list of people holds one organisation, by name, behind its wall', async () => {
  const client = await staff.db.app.connect();
  try {
    await client.query('begin');
    await client.query(`select set_config('halyard.organisation', $1, true)`, [floor.id]);
    const page = await readPeople(client, floor.id);
    expect(page.people.map((person) => person.name)).toEqual(['Ada', 'Arne', 'Olga', 'Otto', 'Sara']);
    expect(page.position).toBe((await events()).length);
    // Row-level security, not the condition alone: another organisation's people are not there to be found.
    expect((await readPeople(client, other.id)).people).toEqual([]);
    await client.query('rollback');
  } finally {
    client.release();
  }
});
