import { afterEach, expect, test } from 'vitest';
import { type Demo, startDemo } from '../../../server/demo/demo.ts';
import type { Pace } from '../../../server/demo/director.ts';
import type { Event } from '../../../shared/contract/event.ts';
import { type Cast, Floor, type TestOrganisation } from '../../support/floor.ts';
import type { StaffClient } from '../../support/staff-client.ts';
import { until } from '../../support/wait.ts';

/** The simulator on a real hub with real sockets, many times faster than life. */
const pace: Pace = { live: 4, speed: 40 };
const people: readonly Cast[] = [
  { name: 'Priya', role: 'agent', teams: ['Banking'] },
  { name: 'Omar', role: 'agent', teams: ['Banking'] },
  { name: 'Hana', role: 'agent', teams: ['Banking'] },
  { name: 'Leo', role: 'agent', teams: ['Travel'] },
  { name: 'Nils', role: 'agent', teams: ['Travel'] },
  { name: 'Tomasz', role: 'supervisor', supervises: ['Banking'] },
  { name: 'Mei', role: 'supervisor', supervises: ['Travel'] },
  { name: 'Grace', role: 'owner' },
];

const open: { stop(): Promise<void> }[] = [];
const later = <T extends { stop(): Promise<void> }>(one: T): T => {
  open.unshift(one);
  return one;
};

afterEach(async () => {
  for (const one of open.splice(0)) await one.stop();
});

async function startFloor(beside?: Floor): Promise<Floor> {
  const floor = await Floor.start(beside === undefined ? {} : { beside });
  later({ stop: () => floor.close() });
  return floor;
}

async function play(floor: Floor, given: Partial<Pace> = {}): Promise<Demo> {
  const demo = await startDemo({
    url: floor.url,
    db: floor.db,
    hubId: 'test',
    log: floor.log,
    clock: Date.now,
    random: Math.random,
    pace: { ...pace, ...given },
  });
  return later(demo);
}

const by = (event: Event, organisation: TestOrganisation, name: string): boolean =>
  event.by.kind === 'person' && event.by.id === organisation.person(name);

/** Lines of agents that a screen has heard. */
const answers = (screen: StaffClient): number =>
  screen.heard('message:sent').filter((event) => event.author === 'agent').length;

test('the floor lives: lines both ways, a flag goes up, is answered and comes down, conversations end', async () => {
  const floor = await startFloor();
  const organisation = await floor.organisation(people);
  const grace = await floor.staff(organisation, 'Grace', 'wallboard');
  await play(floor);

  await until('lines of customers and agents', () => grace.heard('message:sent').length > 30 && answers(grace) > 10);
  const flag = await grace.hears('flag:raised');
  await until('the flag to be claimed', () => grace.heard('flag:claimed').some((one) => one.flagId === flag.flag.id));
  await until('a flag to be answered', () => grace.heard('flag:answered').length > 0, 20_000);
  await until(
    'a flag to come down by hand',
    () => grace.heard('flag:lowered').some((one) => one.reason === 'lowered'),
    20_000,
  );
  await until(
    'an agent to close a conversation',
    () => grace.heard('conversation:closed').some((one) => one.side === 'staff'),
    20_000,
  );
  await until(
    'the side chat of an agent and a supervisor',
    () => new Set(grace.heard('side-chat:said').map((one) => one.personId)).size > 1,
    20_000,
  );

  // Some come by Legacy chat (S1.2), and nobody tries for a flag where there is none (S1.3).
  await until('Legacy chats', () =>
    grace.heard('conversation:started').some((one) => one.conversation.channel === 'legacy'),
  );
  const legacy = new Set(
    grace.heard('conversation:started').flatMap(({ conversation: one }) => (one.channel === 'legacy' ? [one.id] : [])),
  );
  expect(grace.heard('flag:raised').filter((one) => legacy.has(one.conversationId))).toEqual([]);
  expect(JSON.stringify(floor.log.lines)).not.toContain('flag_not_enabled');

  // Banking talk stands in Banking's queue, and everything else does not.
  const teams = new Map(
    grace.heard('conversation:started').map((one) => [one.conversation.id, one.conversation.teamId]),
  );
  expect(new Set(teams.values())).toEqual(new Set([organisation.team('Banking'), organisation.team('Travel')]));
  expect(grace.marks.some((mark) => mark.kind === 'typing' && mark.on)).toBe(true);
  // S1.2 messaging: some write through a real connection, are answered, and read it.
  await until('a reply on the messaging channel to be read', () => grace.heard('delivery:read').length > 0, 30_000);
  expect(grace.heard('conversation:started').some((one) => one.conversation.channel === 'messaging')).toBe(true);
  expect(floor.log.lines.filter((line) => line.level === 'error')).toEqual([]);
}, 60_000);

// The floor is random: a customer may take their leave in the very second of the handing over.
test('whoever is played by a person is left alone, and their customers go on answering', {
  retry: 2,
  timeout: 60_000,
}, async () => {
  const floor = await startFloor();
  const organisation = await floor.organisation(people);
  const grace = await floor.staff(organisation, 'Grace', 'wallboard');
  await play(floor, { speed: 20 });
  // Whoever was given a customer first is played from here on.
  const playedId = await until('somebody to serve', () =>
    [...grace.now.conversations.values()].map((one) => one.assigneeId).find((id) => id !== null),
  );
  const name = grace.now.people.get(playedId)?.name ?? '';
  const played = await floor.staff(organisation, name);
  await until('only the person to be there', async () => {
    const { rows } = await floor.db.system.query<{ n: number }>(
      `select count(*)::int as n from presence where person_id = $1 and gone_since is null`,
      [playedId],
    );
    return rows[0]?.n === 1 && played.ready;
  });
  // The simulator has looked again: from now on nothing is done in that name.
  await until('the simulator to let go', () => played.now.people.get(playedId)?.status === 'available');
  const lookedAt = Date.now();
  await until('the floor to go on', () => answers(grace) > 5 && Date.now() - lookedAt > 2500);
  const handedOver = Math.max(0, ...grace.events.map((event) => event.position));
  const mine = [...played.now.conversations.values()].find((one) => one.assigneeId === playedId);
  const before = grace.events.length;
  await until(
    'the others to go on',
    () => grace.events.slice(before).filter((event) => event.type === 'message:sent').length > 15,
  );
  const inTheirName = grace.events.filter((event) => event.position > handedOver && by(event, organisation, name));
  expect(inTheirName).toEqual([]);

  if (mine === undefined) throw new Error(`${name} was handed over without a conversation`);
  expect(played.now.conversations.get(mine.id)?.assigneeId).toBe(playedId);
  const said = played
    .heard('message:sent')
    .filter((event) => event.author === 'customer' && event.conversationId === mine.id).length;
  await played.does('message:send', { conversationId: mine.id, text: 'A person is answering you now.' });
  await until(
    'the simulated customer to answer the person',
    () =>
      played.heard('message:sent').filter((event) => event.author === 'customer' && event.conversationId === mine.id)
        .length > said,
  );
});

/** Staff sockets of the hub, by its own count. */
async function staffSockets(floor: Floor): Promise<number> {
  const text = await (await fetch(`${floor.url}/metrics`)).text();
  return Number(/^halyard_staff_sockets (\d+)$/m.exec(text)?.[1]);
}

test('a real visitor rings at a person first; alone on the floor, a simulated agent answers, and no flag goes up', async () => {
  const floor = await startFloor();
  const organisation = await floor.organisation(people);
  await play(floor, { live: 0 });
  const grace = await floor.staff(organisation, 'Grace', 'wallboard');
  await until(
    'the agents to be there',
    () => [...grace.now.people.values()].filter((one) => one.status === 'available' && one.reachable).length > 4,
  );

  const alone = await floor.customer(organisation);
  await alone.start('Is anybody there?');
  await until('a simulated agent to answer', () => alone.said.some((line) => line.startsWith('agent: Hello')));
  await alone.says('I have a question about my card.');
  await until('a second answer', () => alone.said.filter((line) => line.startsWith('agent:')).length > 1);

  const before = await staffSockets(floor);
  const priya = await floor.staff(organisation, 'Priya');
  const priyaId = organisation.person('Priya');
  // One came and one went: the simulator has seen that a person plays her.
  await until('the simulator to let go', async () => (await staffSockets(floor)) === before);
  await until('Priya to be available', () => priya.now.people.get(priyaId)?.status === 'available');
  const second = await floor.customer(organisation);
  const id = await second.start('And now?', 'Second Visitor');
  await until('the offer to reach the person', () => priya.now.conversations.get(id)?.offer?.personId === priyaId);
  expect(priya.now.conversations.get(id)?.assigneeId).toBeNull();
  expect(grace.heard('flag:raised')).toEqual([]);
}, 60_000);

test('one simulator per database; another hub takes over when it dies, and goes on with its conversations', async () => {
  const floor = await startFloor();
  const organisation = await floor.organisation(people);
  const first = await play(floor, { speed: 10 });
  await until('the first to play', () => first.playing);
  const beside = await startFloor(floor);
  const second = await play(beside, { speed: 10 });
  const grace = await beside.staff(organisation, 'Grace', 'wallboard');
  await until('conversations', () => grace.now.conversations.size >= 3);
  expect([first.playing, second.playing]).toEqual([true, false]);

  const begun = new Set(grace.now.conversations.keys());
  // As when its hub dies: the connection that holds the lock is gone, and nothing was put in order.
  const cut = await beside.db.system.query<{ pid: number }>(
    `select pid, pg_terminate_backend(pid) from pg_locks
      where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())
        and classid = 1212238937 and objid = 4 and granted`,
  );
  expect(cut.rows.length).toBe(1);
  await first.stop();
  await until('the second to take over', () => second.playing);
  const before = grace.events.length;
  await until('a customer of the first to go on with the second', () =>
    grace.events
      .slice(before)
      .some((event) => event.type === 'message:sent' && event.author === 'customer' && begun.has(event.conversationId)),
  );
}, 60_000);
