import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ConversationId, FlagId, SessionId } from '../../../shared/contract/id.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import type { CustomerClient } from '../../support/customer-client.ts';
import { Floor } from '../../support/floor.ts';
import { request } from '../../support/http.ts';
import type { StaffClient } from '../../support/staff-client.ts';
import { Stage, type Viewer, viewers } from '../../support/stage.ts';
import { until } from '../../support/wait.ts';

let floor: Floor;
/** Another hub on the same database; it hears of things by the log alone. */
let second: Floor;
let stage: Stage;

beforeAll(async () => {
  floor = await Floor.start({ rates: false });
  second = await Floor.start({ rates: false, beside: floor });
});
afterAll(async () => {
  await second.close();
  await floor.close();
});
beforeEach(async () => {
  stage = await Stage.open(floor);
  return () => stage.close();
});

interface LegacyChat {
  readonly customer: CustomerClient;
  readonly conversationId: ConversationId;
  readonly sessionId: SessionId;
}

/** An agent serves a Legacy chat. */
async function legacyChat(agent: StaffClient): Promise<LegacyChat> {
  const customer = await floor.customer(stage.home);
  const conversationId = await customer.start('My card was swallowed.', 'Rosa Iglesias', 'legacy');
  const { sessionId } = await agent.does('conversation:take', { conversationId });
  return { customer, conversationId, sessionId: sessionId as SessionId };
}

const raise = (sessionId: SessionId) => ({
  sessionId,
  reasonId: stage.reason(),
  message: 'Above my limit.',
  askJoin: false,
});
const set = (on: boolean, team = 'Banking') => ({ teamId: stage.home.team(team), on });
const switches = (): Promise<{ person_id: string; on: boolean }[]> =>
  floor.db.system
    .query<{ person_id: string; on: boolean }>(
      `select actor ->> 'id' as person_id, (payload ->> 'on')::boolean as on from log where organisation_id = $1 and type = 'team:legacy-flag-set' order by position`,
      [stage.home.id],
    )
    .then(({ rows }) => rows);

test('S1.3: on Legacy chat a flag is refused until the team has it switched on, and again afterwards, without reload', async () => {
  const priya = stage.of('Priya');
  const { sessionId } = await legacyChat(priya);
  expect(priya.now.teams.get(stage.home.team('Banking'))?.legacyFlag).toBe(false);
  expect(await priya.refused('flag:raise', raise(sessionId))).toBe('flag_not_enabled');

  const snapshots = priya.snapshots;
  await stage.does('Marta', 'team:set-legacy-flag', set(true));
  await priya.sees('the switch', (live) => live.teams.get(stage.home.team('Banking'))?.legacyFlag);
  const { flagId } = await priya.does('flag:raise', raise(sessionId));
  await stage.of('Ines').sees('the flag', (live) => live.flags.get(flagId as FlagId));

  await stage.does('Marta', 'team:set-legacy-flag', set(false));
  await priya.sees('the switch', (live) => live.teams.get(stage.home.team('Banking'))?.legacyFlag === false);
  expect(priya.snapshots).toBe(snapshots);
  expect(await priya.refused('flag:raise', raise(sessionId))).toBe('flag_not_enabled');
  // What is up already is not torn down: help may be on its way.
  await stage.does('Ines', 'flag:claim', { flagId: flagId as FlagId });
  await stage.does('Ines', 'flag:lower', { flagId: flagId as FlagId, outcome: 'answered' });
  expect(await priya.refused('flag:raise', raise(sessionId))).toBe('flag_not_enabled');
});

test('S1.3: the switch reaches an agent who is connected to another hub', async () => {
  const far = await second.staff(stage.home, 'Priya');
  const { sessionId } = await legacyChat(far);
  expect(await far.refused('flag:raise', raise(sessionId))).toBe('flag_not_enabled');
  await stage.does('Marta', 'team:set-legacy-flag', set(true));
  // The other hub takes it by the log's word at once, though its screens hear of it within a second.
  const { flagId } = await far.does('flag:raise', raise(sessionId));
  await far.sees('the switch', (live) => live.teams.get(stage.home.team('Banking'))?.legacyFlag);
  await stage.of('Tomasz').sees('the flag', (live) => live.flags.get(flagId as FlagId));
  expect(far.snapshots).toBe(1);
});

test('S1.3: it counts by the agent’s teams, and only for Legacy chat', async () => {
  const priya = stage.of('Priya');
  const { sessionId } = await legacyChat(priya);
  const chat = await stage.served();
  await stage.does('Marta', 'team:set-legacy-flag', set(true, 'Travel'));
  expect(await priya.refused('flag:raise', raise(sessionId))).toBe('flag_not_enabled');
  await priya.does('flag:raise', raise(chat.sessionId));
  // Leo of Travel may, in the same queue's conversation, since the switch is his team's.
  const leo = stage.of('Leo');
  const handed = await legacyChat(priya);
  await leo.does('person:set-status', { personId: stage.home.person('Leo'), status: 'available' });
  await priya.does('conversation:transfer', {
    conversationId: handed.conversationId,
    to: { kind: 'person', personId: stage.home.person('Leo') },
  });
  const session = await leo.sees('the session', (live) => live.conversations.get(handed.conversationId)?.sessionId);
  await leo.does('flag:raise', raise(session));
  // Somebody of two teams needs it in one of them.
  const { teamIds } = priya.now.people.get(stage.home.person('Priya')) ?? { teamIds: [] };
  await stage.does('Marta', 'person:set-teams', {
    personId: stage.home.person('Priya'),
    teamIds: [...teamIds, stage.home.team('Travel')],
    supervises: [],
  });
  await priya.does('flag:raise', raise(sessionId));
});

test('S1.3: the API refuses as the screens do, and takes it once it is on', async () => {
  const { sessionId } = await legacyChat(stage.of('Priya'));
  const token = await floor.token(stage.home, 'Priya');
  const post = () =>
    request(floor.url, 'POST', '/api/command/flag:raise', {
      token,
      body: { id: newId(Date.now()), input: raise(sessionId) },
    });
  const refused = await post();
  expect([refused.code, refused.body?.ok]).toEqual(['flag_not_enabled', false]);
  expect(refused.body?.refusal?.message).toBe('Help flags on Legacy chat are not switched on for your team.');
  const marta = await floor.token(stage.home, 'Marta');
  const on = await request(floor.url, 'POST', '/api/command/team:set-legacy-flag', {
    token: marta,
    body: { id: newId(Date.now()), input: set(true) },
  });
  expect(on.body?.ok).toBe(true);
  expect((await post()).body?.ok).toBe(true);
});

test('S1.3: only who sets up channels may switch it; it is audited, and the same again changes nothing', async () => {
  for (const name of viewers.filter((one): one is Exclude<Viewer, 'Marta' | 'Grace'> => !/Marta|Grace/.test(one)))
    expect(await stage.of(name).refused('team:set-legacy-flag', set(true)), name).toBe('not_permitted');
  expect(await switches()).toEqual([]);
  await stage.does('Marta', 'team:set-legacy-flag', set(true));
  await stage.does('Grace', 'team:set-legacy-flag', set(true));
  await stage.does('Grace', 'team:set-legacy-flag', set(false));
  expect(await switches()).toEqual([
    { person_id: stage.home.person('Marta'), on: true },
    { person_id: stage.home.person('Grace'), on: false },
  ]);
});

test('S1.3: a team that is gone or of another organisation has no switch', async () => {
  const away = await floor.organisation();
  const foreign = { teamId: away.team('Banking'), on: true };
  expect(await stage.of('Marta').refused('team:set-legacy-flag', foreign)).toBe('not_found');
  const { teamId } = (await stage.does('Marta', 'team:create', { name: 'Loans' })) as { teamId: never };
  await stage.does('Marta', 'team:archive', { teamId });
  expect(await stage.of('Marta').refused('team:set-legacy-flag', { teamId, on: true })).toBe('not_found');
  const { rows } = await floor.db.system.query<{ on: boolean }>(
    'select bool_or(legacy_flag) as on from team where organisation_id = $1',
    [away.id],
  );
  expect(rows).toEqual([{ on: false }]);
});

test('S1.16, S1.9: the side chat of a Legacy chat goes both ways, and nothing of it reaches the customer', async () => {
  const priya = stage.of('Priya');
  const ines = stage.of('Ines');
  const { customer, conversationId, sessionId } = await legacyChat(priya);
  const said = () => ines.heard('side-chat:said').map((event) => event.text);
  // Also without a flag: the side chat is the channel's, whatever the switch says.
  await priya.does('side-chat:say', { sessionId, text: 'canary from the agent' });
  await ines.does('side-chat:say', { sessionId, text: 'canary from the supervisor' });
  await until('both to have both', () => said().length === 2 && priya.heard('side-chat:said').length === 2);
  await stage.does('Marta', 'team:set-legacy-flag', set(true));
  await priya.does('flag:raise', { ...raise(sessionId), message: 'canary of the flag' });
  await ines.does('supervision:join', { sessionId });
  await ines.does('message:send', { conversationId, text: 'I am here too.' });
  await customer.sees('her line', ({ said: lines }) => lines.includes('supervisor: I am here too.'));
  const late = await floor.customer(stage.home, customer.visitor);
  expect(JSON.stringify([customer.frames, late.frames])).not.toContain('canary');
  expect(JSON.stringify(customer.frames)).not.toMatch(/flag/i);
});
