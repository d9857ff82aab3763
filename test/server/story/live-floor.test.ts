import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CustomerClient } from '../../support/customer-client.ts';
import { Floor, type TestOrganisation } from '../../support/floor.ts';
import type { StaffClient } from '../../support/staff-client.ts';
import { until } from '../../support/wait.ts';

let floor: Floor;
let home: TestOrganisation;
let rosa: CustomerClient;
let priya: StaffClient;
let leo: StaffClient;
let ines: StaffClient;
let tomasz: StaffClient;
let mei: StaffClient;

beforeAll(async () => {
  floor = await Floor.start();
  home = await floor.organisation();
  [priya, leo, ines, tomasz, mei] = await Promise.all([
    floor.staff(home, 'Priya'),
    floor.staff(home, 'Leo'),
    floor.staff(home, 'Ines', 'wallboard'),
    floor.staff(home, 'Tomasz', 'wallboard'),
    floor.staff(home, 'Mei', 'wallboard'),
  ]);
  await priya.does('person:set-status', { personId: home.person('Priya'), status: 'available' });
  rosa = await floor.customer(home);
});
afterAll(() => floor.close());

test('S1.1 to S1.15: a customer writes, an agent answers and raises, a supervisor helps, joins and lowers', async () => {
  // The customer writes, and the agent's console rings.
  const conversationId = await rosa.start('Please transfer 1,640 dollars to Philip.');
  const offer = await priya.sees('an offer', (live) => live.conversations.get(conversationId)?.offer);
  expect(offer.personId).toBe(home.person('Priya'));
  const { sessionId } = (await priya.does('offer:accept', { conversationId, offerId: offer.id })) as {
    sessionId: never;
  };
  await rosa.sees('who helps', ({ conversation }) => conversation?.helpers[0]?.name === 'Priya');
  await priya.does('message:send', { conversationId, text: 'From which account?' });
  await rosa.says('Savings.');
  await rosa.sees('three lines', ({ said }) => said.filter((line) => !line.startsWith('notice')).length === 3);

  // Raise: every supervisor of that agent sees it, and nobody else.
  const [reason] = [...priya.now.reasons.values()];
  if (reason === undefined) throw new Error('there are no reasons');
  const raised = await priya.does('flag:raise', {
    sessionId,
    reasonId: reason.id,
    message: 'Above my limit.',
    askJoin: true,
  });
  expect(raised.watching).toBe(2);
  const flagId = raised.flagId as never;
  for (const supervisor of [ines, tomasz]) {
    const flag = await supervisor.sees('the flag', (live) => live.flags.get(flagId));
    expect(flag.message).toBe('Above my limit.');
    expect(flag.join?.state).toBe('asked');
  }
  await ines.does('flag:mark-delivered', { flagId });
  await ines.does('flag:mark-seen', { flagId });

  // One wins, the other learns who.
  const claims = await Promise.all([ines.send('flag:claim', { flagId }), tomasz.send('flag:claim', { flagId })]);
  const lost = claims.find((answer) => !answer.ok);
  expect(claims.filter((answer) => answer.ok)).toHaveLength(1);
  expect(lost?.ok === false && lost.refusal.code).toBe('flag_claimed');
  const [winner, loser] = claims[0]?.ok === true ? [ines, tomasz] : [tomasz, ines];
  expect(lost?.ok === false && lost.refusal.detail?.personId).toBe(winner.now.me.personId);
  await until(
    'the loser to see the claim',
    () => loser.now.flags.get(flagId)?.claim?.personId === winner.now.me.personId,
  );

  // A private word, then watching, then joining.
  await winner.does('side-chat:say', { sessionId, text: 'Read the payee back to her first.' });
  await priya.sees('the private line', (live) => live.sessions.get(sessionId)?.sideLines === 1);
  await winner.does('supervision:monitor', { sessionId });
  await priya.sees(
    'that somebody watches',
    (live) => live.sessions.get(sessionId)?.supervisors[0]?.mode === 'monitoring',
  );
  expect(await winner.refused('message:send', { conversationId, text: 'Hello' })).toBe('not_joined');
  await winner.does('supervision:join', { sessionId });
  await rosa.sees('the notice', ({ said }) => said.some((line) => line.startsWith('notice: joined')));
  await winner.does('message:send', { conversationId, text: 'I have started your transfer.' });
  await rosa.sees('the new voice', ({ said }) => said.includes('supervisor: I have started your transfer.'));
  const flag = await priya.sees('the answered flag', (live) => {
    const one = live.flags.get(flagId);
    return one?.joinedAt === null ? null : one;
  });
  expect(flag.join?.state).toBe('accepted');
  expect(flag.answeredAt).not.toBeNull();
  await winner.does('supervision:leave', { sessionId });
  await rosa.sees('that she left', ({ said }) => said.some((line) => line.startsWith('notice: left')));

  // Down, with an outcome; nothing is deleted.
  await priya.does('flag:lower', { flagId, outcome: 'joined' });
  await ines.sees('no flag', (live) => live.flags.size === 0);
  expect([...ines.now.recentFlags.keys()]).toContain(flagId);
  await priya.does('conversation:close', { conversationId });
  await rosa.sees('the end', ({ conversation }) => conversation?.state === 'closed');

  // Who must not see it has seen nothing.
  for (const stranger of [leo, mei]) expect(JSON.stringify(stranger.frames)).not.toContain('Above my limit.');
  for (const words of ['Above my limit.', 'Read the payee back', 'flag', 'side-chat', 'monitor'])
    expect(JSON.stringify(rosa.frames)).not.toContain(words);
  expect(floor.log.lines.filter((line) => line.level === 'error')).toEqual([]);
});

test('S1.20: flag and side chat are there after a reload', async () => {
  const again = await floor.staff(home, 'Ines', 'wallboard');
  expect(again.now.position).toBeGreaterThanOrEqual(ines.now.position);
  expect([...again.now.recentFlags.values()]).toEqual([...ines.now.recentFlags.values()]);
});
