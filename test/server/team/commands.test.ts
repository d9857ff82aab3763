import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { CommandInput } from '../../../shared/contract/command.ts';
import type { TeamId } from '../../../shared/contract/id.ts';
import type { Answer } from '../../../shared/contract/refusal.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import { founder, type MadeOrganisation, makeOrganisation } from '../../support/organisation.ts';
import { Staff } from '../../support/staff.ts';

let staff: Staff;
let floor: MadeOrganisation;

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
      founder('Ada', 'admin', { email: null }),
      founder('Sara', 'supervisor', { email: null, supervises: ['Boats'] }),
      founder('Arne', 'agent', { email: null, teams: ['Boats'] }),
    ],
  });
});

const ada = <N extends 'team:create' | 'team:rename' | 'team:archive' | 'person:set-teams'>(
  name: N,
  input: CommandInput<N>,
): Promise<Answer> => staff.command(floor.id, floor.person('Ada'), name, input);

const code = (answer: Answer): string => (answer.ok ? 'ok' : answer.refusal.code);

const stand = async (): Promise<object[]> =>
  staff.rows(
    `select t.name as team, t.active, q.name as queue, q.active as open from team t join queue q on q.team_id = t.id
      where t.organisation_id = $1 order by t.name`,
    [floor.id],
  );

test('a team comes with a queue of its name', async () => {
  expect(code(await ada('team:create', { name: ' Planes ' }))).toBe('ok');
  expect(await stand()).toContainEqual({ team: 'Planes', active: true, queue: 'Planes', open: true });
});

test('a name is one, however it is written; an archived team gives it back', async () => {
  const taken = { ok: false, refusal: { code: 'name_taken', detail: { field: 'name' } } };
  expect(await ada('team:create', { name: 'boats' })).toMatchObject(taken);
  expect(await ada('team:rename', { teamId: floor.team('Trains'), name: 'BOATS ' })).toMatchObject(taken);
  expect(code(await ada('team:rename', { teamId: floor.team('Boats'), name: 'BOATS' }))).toBe('ok');
  expect(code(await ada('team:archive', { teamId: floor.team('Trains') }))).toBe('ok');
  expect(code(await ada('team:create', { name: 'Trains' }))).toBe('ok');
  const answers = await Promise.all([1, 2].map(() => ada('team:create', { name: 'Planes' })));
  expect(answers.map(code).sort()).toEqual(['name_taken', 'ok']);
});

test('renaming takes the queue along, and no team that is gone or foreign', async () => {
  expect(code(await ada('team:rename', { teamId: floor.team('Trains'), name: 'Rails' }))).toBe('ok');
  expect(await stand()).toContainEqual({ team: 'Rails', active: true, queue: 'Rails', open: true });
  const before = await staff.rows('select 1 from log where organisation_id = $1', [floor.id]);
  expect(code(await ada('team:rename', { teamId: floor.team('Trains'), name: 'Rails' }))).toBe('ok');
  expect(await staff.rows('select 1 from log where organisation_id = $1', [floor.id])).toHaveLength(before.length);
  await ada('team:archive', { teamId: floor.team('Trains') });
  expect(code(await ada('team:rename', { teamId: floor.team('Trains'), name: 'Tracks' }))).toBe('not_found');
  const unknown: TeamId = newId(staff.now);
  expect(code(await ada('team:rename', { teamId: unknown, name: 'Tracks' }))).toBe('not_found');
  expect(code(await ada('team:archive', { teamId: unknown }))).toBe('not_found');
});

test('a team with people or open conversations is not archived, and the refusal counts them', async () => {
  const teamId = floor.team('Boats');
  await staff.rows(
    `insert into conversation (id, organisation_id, channel, queue_id, team_id, customer_id, customer_name, lifecycle, passed_by, started_at, unread)
      select $1, $2, 'chat', q.id, $3, $1, 'Rosa', 'open', '{}', now(), 0 from queue q where q.team_id = $3`,
    [newId(staff.now), floor.id, teamId],
  );
  const answer = await ada('team:archive', { teamId });
  expect(answer).toEqual({
    ok: false,
    refusal: {
      code: 'team_in_use',
      message: 'Boats still has 2 people and 1 open conversation.',
      next: 'Move its people to other teams and wait until its conversations are closed, then archive it.',
      detail: { people: 2, conversations: 1, connections: 0 },
    },
  });
  for (const name of ['Sara', 'Arne']) {
    await ada('person:set-teams', { personId: floor.person(name), teamIds: [], supervises: [] });
  }
  expect(await ada('team:archive', { teamId })).toMatchObject({ refusal: { detail: { people: 0, conversations: 1 } } });
  await staff.rows(`update conversation set lifecycle = 'closed' where team_id = $1`, [teamId]);
  expect(code(await ada('team:archive', { teamId }))).toBe('ok');
  expect(await stand()).toContainEqual({ team: 'Boats', active: false, queue: 'Boats', open: false });
  expect(code(await ada('team:archive', { teamId }))).toBe('ok');
});
