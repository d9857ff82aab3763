import { expect, test } from 'vitest';
import { deniedWords } from '../../wallboard/denied.ts';
import { flagsOf, teamsOf, viewOf } from '../../wallboard/view.ts';
import { banking, flag, ines, leo, live, marta, people, priya, session, tomasz, travel } from './floor.ts';

const numbers = (flags: readonly { id: string }[]): number[] => flags.map((one) => Number(one.id.slice(-12)));
const two = { flags: [flag(1), flag(2, { agentId: leo, teamId: travel })] };

test('a supervisor sees the flags of supervised agents, an admin all, an agent none', () => {
  expect(numbers(flagsOf(live(two, ines), null))).toEqual([1, 2]);
  expect(numbers(flagsOf(live(two, tomasz), null))).toEqual([1]);
  expect(numbers(flagsOf(live(two, marta, 'admin'), null))).toEqual([1, 2]);
  expect(numbers(flagsOf(live(two, priya, 'agent'), null))).toEqual([]);
});

test('the team filter finds a flag by its queue’s team and by its agent’s teams', () => {
  const lent = live({ flags: [flag(1, { agentId: priya, teamId: travel })] });
  expect(numbers(flagsOf(lent, travel))).toEqual([1]);
  expect(numbers(flagsOf(lent, banking))).toEqual([1]);
  expect(numbers(flagsOf(live(two), banking))).toEqual([1]);
});

test('S1.19 a flag that called further to a supervisor is on their board, whatever team they chose', () => {
  const far = (reach: 'own' | 'supervisors') =>
    live({ flags: [flag(1, { agentId: leo, teamId: travel, reach })] }, tomasz);
  expect(numbers(flagsOf(far('own'), null))).toEqual([]);
  expect(numbers(flagsOf(far('supervisors'), null))).toEqual([1]);
  expect(numbers(flagsOf(far('supervisors'), banking))).toEqual([1]);
  // Whom it called from the start chose not to see this team's.
  const near = live({ flags: [flag(1, { agentId: leo, teamId: travel, reach: 'supervisors' })] }, ines);
  expect(numbers(flagsOf(near, banking))).toEqual([]);
});

test('a board has the teams its person supervises, and their agents', () => {
  expect(teamsOf(live({}, tomasz)).map((team) => team.name)).toEqual(['Banking']);
  expect(viewOf(live({}, tomasz), null).agents.map((one) => one.name)).toEqual(['Priya Raman']);
  expect(viewOf(live({}, marta, 'admin'), null).agents).toHaveLength(2);
  expect(viewOf(live({}, ines), travel).agents.map((one) => one.name)).toEqual(['Leo Fontaine']);
});

test('a filter for a team that is gone is no filter', () => {
  expect(viewOf(live({}, tomasz), travel).teamId).toBeNull();
});

test('an agent is told who can grant the wallboard, a supervisor of nobody as well', () => {
  expect(deniedWords(live({}, priya, 'agent'))?.who).toContain('Marta Lind');
  const bare = live({ people: people.map((one) => (one.id === ines ? { ...one, supervises: [] } : one)) });
  expect(deniedWords(bare)?.who).toContain('Marta Lind');
  const helped = [session(1, { reach: 'supervisors' })];
  const reached = live({ sessions: helped, people: people.map((one) => ({ ...one, supervises: [] })) });
  expect(deniedWords(reached), 'a flag has reached them').toBeNull();
  expect(deniedWords(live())).toBeNull();
  expect(deniedWords(live({}, marta, 'admin'))).toBeNull();
});
