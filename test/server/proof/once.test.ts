import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommandName } from '../../../shared/contract/command.ts';
import type { FlagId, SessionId } from '../../../shared/contract/id.ts';
import type { Answer } from '../../../shared/contract/refusal.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import { type Cast, cast, Floor } from '../../support/floor.ts';
import { request } from '../../support/http.ts';
import { type Random, seeded } from '../../support/random.ts';
import { customerFrame, type Scenario, scenarios } from '../../support/scenario.ts';
import { StaffClient } from '../../support/staff-client.ts';
import { Stage } from '../../support/stage.ts';

/** I1, I2 and I5: once, whatever is repeated; one winner, whoever hurries; one order, whatever crosses. */
let floor: Floor;
beforeAll(async () => {
  floor = await Floor.start({ rates: false });
});
afterAll(() => floor.close());

const log = async (id: string): Promise<number> =>
  (await floor.db.system.query<{ n: number }>('select count(*)::int as n from log where command_id = $1', [id])).rows[0]
    ?.n ?? 0;

describe('the same command, one to five times over several sockets and HTTP at once', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open(floor, await floor.organisation(cast.map((one) => ({ ...one, capacity: 50 }))));
  });

  const names = (Object.keys(scenarios) as CommandName[]).filter(
    // Signing out closes the sockets that the repetitions come over; the customer's door is below.
    (name) => name !== 'person:sign-out-everywhere' && scenarios[name].by !== 'customer',
  );
  const spoils = new Set<CommandName>([
    'person:set-role',
    'person:set-teams',
    'person:deactivate',
    'person:reactivate',
  ]);

  test.each(names)('%s happens once and answers the same', async (name) => {
    if (spoils.has(name)) stage = await Stage.open(floor);
    // A name and its scenario belong together by the table's type.
    const scenario = scenarios[name] as Scenario<CommandName>;
    const { input } = await scenario.prepare(stage);
    if (scenario.by === 'customer') throw new Error('not by staff');
    const token = await floor.token(stage.home, scenario.by);
    const other = await StaffClient.connect({ url: floor.url, token, organisationId: stage.home.id });
    const id = newId<'command'>(Date.now());
    const times = 1 + (names.indexOf(name) % 5);
    const body = { id, input };
    const answers = await Promise.all([
      ...Array.from({ length: times }, (_, at) =>
        (at % 2 === 0 ? stage.of(scenario.by as never) : other).send(name, input, id),
      ),
      request(floor.url, 'POST', `/api/command/${name}`, { token, body }).then(({ body: reply }) => reply as Answer),
    ]);
    expect(answers[0]?.ok).toBe(true);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    const facts = await log(id);
    expect(facts).toBeGreaterThan(0);
    const later = await other.send(name, input, id);
    expect(later, 'and later still').toEqual(answers[0]);
    expect(await log(id)).toBe(facts);
    const { rows } = await floor.db.system.query('select from answer where command_id = $1', [id]);
    expect(rows).toHaveLength(1);
    other.close();
    if (spoils.has(name))
      stage = await Stage.open(floor, await floor.organisation(cast.map((one) => ({ ...one, capacity: 50 }))));
  });

  test('by a customer too, from two tabs', async () => {
    const one = await floor.customer(stage.home);
    const two = await floor.customer(stage.home, one.visitor);
    const id = newId(Date.now());
    const [frame, body] = customerFrame('conversation:start', id, { queueId: null, name: 'Rosa', text: 'Hello' });
    const answers = await Promise.all([one, two, one, two, one].map((tab) => tab.frame(frame, body)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]?.ok).toBe(true);
    const { rows } = await floor.db.system.query('select from entry where id = $1', [id]);
    expect(rows).toHaveLength(1);
  });

  test('and two starts at once from two tabs share one conversation', async () => {
    const one = await floor.customer(stage.home);
    const two = await floor.customer(stage.home, one.visitor);
    const given = (): [string, object] =>
      customerFrame('conversation:start', newId(Date.now()), { queueId: null, name: 'Rosa', text: 'Hello' });
    const answers = await Promise.all([one, two, one, two].map((tab) => tab.frame('start', given()[1])));
    const ids = answers.map((answer) => (answer.ok ? answer.value?.conversationId : null));
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toBeTruthy();
  });
});

describe('an id that was used before', () => {
  test('is refused for anything else, and both facts stay as they were', async () => {
    const stage = await Stage.open(floor);
    const { conversationId, sessionId } = await stage.served();
    const priya = stage.of('Priya');
    const id = newId<'command'>(Date.now());
    const first = await priya.send('message:send', { conversationId, text: 'Yes.' }, id);
    expect(first.ok).toBe(true);
    const others = [
      await priya.send('message:send', { conversationId, text: 'No.' }, id),
      await priya.send('side-chat:say', { sessionId, text: 'Yes.' }, id),
      await priya.send('conversation:close', { conversationId }, id),
    ];
    for (const answer of others) expect(answer.ok === false && answer.refusal.code).toBe('id_reused');
    expect(await priya.send('message:send', { conversationId, text: 'Yes.' }, id)).toEqual(first);
    expect(await log(id)).toBe(1);
  });

  test('is refused within one batch as well', async () => {
    const stage = await Stage.open(floor);
    const { conversationId } = await stage.served();
    const id = newId<'command'>(Date.now());
    const answers = await Promise.all(
      ['One.', 'Two.', 'Three.'].map((text) => stage.of('Priya').send('message:send', { conversationId, text }, id)),
    );
    expect(answers.map((answer) => (answer.ok ? 'ok' : answer.refusal.code))).toEqual(['ok', 'id_reused', 'id_reused']);
  });

  test('of somebody else’s line cannot be taken by another, and is no mistake of the hub', async () => {
    const stage = await Stage.open(floor);
    const { conversationId, sessionId, customer } = await stage.served();
    const priya = stage.of('Priya');
    const id = newId<'command'>(Date.now());
    expect((await priya.send('message:send', { conversationId, text: 'Yes.' }, id)).ok).toBe(true);
    // The customer has seen the line, and with it its id.
    const [frame, body] = customerFrame('message:send', id, { conversationId, text: 'Mine.' });
    const refusals = [await customer.frame(frame, body)];
    await stage.does('Tomasz', 'supervision:join', { sessionId });
    refusals.push(await stage.of('Tomasz').send('message:send', { conversationId, text: 'Mine.' }, id));
    // Another organisation's customer too, although there is no way of knowing the id there.
    const foreign = await floor.customer(await floor.organisation());
    refusals.push(await foreign.frame('start', { id, name: 'Rosa', text: 'Mine.' }));
    expect(refusals.map((answer) => (answer.ok ? 'ok' : answer.refusal.code))).toEqual([
      'id_reused',
      'id_reused',
      'id_reused',
    ]);
    const inside = newId<'command'>(Date.now());
    expect((await priya.send('side-chat:say', { sessionId, text: 'Between us.' }, inside)).ok).toBe(true);
    const taken = await stage.of('Tomasz').send('side-chat:say', { sessionId, text: 'Mine.' }, inside);
    expect(taken.ok === false && taken.refusal.code).toBe('id_reused');
    // Whoever shares a batch with such a command is carried out.
    const answers = await Promise.all([
      priya.send('message:send', { conversationId, text: 'Before.' }),
      stage.of('Tomasz').send('message:send', { conversationId, text: 'Mine.' }, id),
      priya.send('message:send', { conversationId, text: 'After.' }),
    ]);
    expect(answers.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(floor.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

/** An organisation of many agents in one team who each serve a customer, and supervisors; then all come to their screens. */
async function crowd(agents: number, supervisors: number) {
  const people: Cast[] = [
    ...Array.from({ length: agents }, (_, at): Cast => ({ name: `Agent${at}`, role: 'agent', teams: ['Banking'] })),
    ...Array.from(
      { length: supervisors },
      (_, at): Cast => ({ name: `Lead${at}`, role: 'supervisor', supervises: ['Banking'] }),
    ),
    { name: 'Grace', role: 'owner' },
  ];
  const home = await floor.organisation(people);
  const join = async (name: string): Promise<StaffClient> =>
    StaffClient.connect({ url: floor.url, token: await floor.token(home, name), organisationId: home.id });
  const inTwenties = async <T>(count: number, make: (at: number) => Promise<T>): Promise<T[]> => {
    const all: T[] = [];
    // It is not the handshakes that are tried here.
    for (let at = 0; at < count; at += 20)
      all.push(...(await Promise.all(Array.from({ length: Math.min(20, count - at) }, (_, n) => make(at + n)))));
    return all;
  };
  // Before the others are there: every screen would be told of each of these, and it is not those that are counted.
  const sessions = await inTwenties(agents, async (at) => {
    const [agent, customer] = await Promise.all([join(`Agent${at}`), floor.customer(home)]);
    const conversationId = await customer.start('Hello');
    const { sessionId } = await agent.does('conversation:take', { conversationId });
    customer.close();
    agent.close();
    return sessionId as SessionId;
  });
  const screens = await inTwenties(agents, (at) => join(`Agent${at}`));
  return { home, sessions, screens, leads: await inTwenties(supervisors, (at) => join(`Lead${at}`)) };
}

test('200 agents raise in one instant: 200 flags, each once', async () => {
  const { home, sessions, screens, leads } = await crowd(200, 2);
  const [reason] = [...(screens[0]?.now.reasons.keys() ?? [])];
  if (reason === undefined) throw new Error('there are no reasons');
  const answers = await Promise.all(
    screens.map((agent, at) =>
      agent.send('flag:raise', {
        sessionId: sessions[at] as SessionId,
        reasonId: reason,
        message: `Help ${at}`,
        askJoin: false,
      }),
    ),
  );
  expect(answers.filter(({ ok }) => ok)).toHaveLength(200);
  expect(new Set(answers.map((answer) => (answer.ok ? answer.value.flagId : null))).size).toBe(200);
  for (const lead of leads) await lead.sees('200 flags', (live) => live.flags.size === 200);
  const { rows } = await floor.db.system.query<{ n: number; messages: number }>(
    'select count(*)::int as n, count(distinct message)::int as messages from flag where organisation_id = $1 and lowered is null',
    [home.id],
  );
  expect(rows[0]).toEqual({ n: 200, messages: 200 });
  for (const one of [...screens, ...leads]) one.close();
}, 60_000);

test('50 supervisors claim one flag: one wins, 49 learn who', async () => {
  const { home, sessions, screens, leads } = await crowd(1, 50);
  const [agent] = screens;
  const [sessionId] = sessions;
  if (agent === undefined || sessionId === undefined) throw new Error('there is no agent');
  const [reason] = [...agent.now.reasons.keys()];
  if (reason === undefined) throw new Error('there are no reasons');
  const { flagId: raised } = await agent.does('flag:raise', {
    sessionId,
    reasonId: reason,
    message: 'Help',
    askJoin: false,
  });
  const flagId = raised as FlagId;
  const answers = await Promise.all(leads.map((lead) => lead.send('flag:claim', { flagId })));
  const winners = leads.filter((_lead, at) => answers[at]?.ok === true);
  expect(winners).toHaveLength(1);
  const winner = winners[0]?.now.me.personId;
  const name = agent.now.people.get(winner as never)?.name;
  for (const answer of answers)
    if (!answer.ok) expect(answer.refusal).toMatchObject({ code: 'flag_claimed', detail: { personId: winner, name } });
  for (const lead of leads) await lead.sees('the claim', (live) => live.flags.get(flagId)?.claim?.personId === winner);
  const { rows } = await floor.db.system.query(`select from log where organisation_id = $1 and type = 'flag:claimed'`, [
    home.id,
  ]);
  expect(rows).toHaveLength(1);
  for (const one of [...screens, ...leads]) one.close();
}, 30_000);

describe('what crosses has one order', () => {
  /** What is raced against what, each given by whoever may. */
  async function race(stage: Stage, random: Random): Promise<void> {
    const { conversationId, sessionId, customer } = await stage.served();
    const priya = stage.of('Priya');
    const reasonId = stage.reason();
    const raise = () => priya.send('flag:raise', { sessionId, reasonId, message: 'Help', askJoin: random.chance(0.5) });
    const up = await raise();
    const flagId = (up.ok ? up.value.flagId : '') as FlagId;
    const moves: (() => Promise<{ ok: boolean }>)[] = [
      raise,
      raise,
      () => priya.send('flag:lower', { flagId, outcome: 'answered' }),
      () => stage.of('Tomasz').send('flag:lower', { flagId, outcome: 'joined' }),
      () => stage.of('Tomasz').send('flag:claim', { flagId }),
      () => stage.of('Ines').send('flag:claim', { flagId }),
      () => stage.of('Ines').send('flag:release', { flagId }),
      () => stage.of('Ines').send('supervision:join', { sessionId }),
      () => stage.of('Ines').send('supervision:leave', { sessionId }),
      () => priya.send('conversation:close', { conversationId }),
      () => customer.frame('close', { id: newId(Date.now()), conversationId }),
      () => stage.of('Tomasz').send('supervision:take-over', { sessionId }),
      () =>
        priya.send('conversation:transfer', { conversationId, to: { kind: 'queue', queueId: stage.queue('Travel') } }),
      () => stage.of('Ines').send('side-chat:say', { sessionId, text: 'Hm.' }),
    ];
    await Promise.all(
      random
        .shuffle(moves)
        .slice(0, random.between(3, moves.length))
        .map((move) => move()),
    );
    await stage.settle();
    await orderHolds(stage, conversationId);
    const left = stage.of('Grace').now.conversations.get(conversationId);
    if (left !== undefined) await stage.does('Grace', 'conversation:close', { conversationId });
  }

  /** The facts of a conversation, in their order, could have come one after the other; and nothing is left hanging. */
  async function orderHolds(stage: Stage, conversationId: string): Promise<void> {
    const { rows } = await floor.db.system.query<{
      type: string;
      payload: { flagId?: string; flag?: { id: string }; personId?: string };
    }>('select type, payload from log where conversation_id = $1 order by position', [conversationId]);
    const open = new Set<string>();
    const claims = new Map<string, string | undefined>();
    let ended = false;
    for (const { type, payload } of rows) {
      const id = payload.flag?.id ?? payload.flagId;
      if (type === 'session:started') ended = false;
      if (type === 'flag:raised' && id !== undefined) {
        expect(ended, 'no flag goes up after its session').toBe(false);
        expect(open.size, 'one flag a session').toBe(0);
        open.add(id);
      } else if (type.startsWith('flag:') && id !== undefined)
        expect(open.has(id), `${type} of a flag that is up`).toBe(true);
      if (type === 'flag:claimed' && id !== undefined) {
        expect(claims.get(id), 'a claim of what nobody has').toBeUndefined();
        claims.set(id, payload.personId);
      }
      if (type === 'flag:released' && id !== undefined) claims.delete(id);
      if (type === 'flag:lowered' && id !== undefined) open.delete(id);
      if (type === 'session:ended') ended = true;
    }
    const { rows: orphans } = await floor.db.system.query(
      `select f.id from flag f join session s on s.id = f.session_id
        where f.organisation_id = $1 and f.lowered is null and (s.ended_at is not null or s.flag_id is distinct from f.id)`,
      [stage.home.id],
    );
    expect(orphans, 'no flag is up without its session').toEqual([]);
  }

  const seeds =
    process.env.HALYARD_PROOF === '1'
      ? Array.from({ length: 1000 }, (_, at) => at + 1)
      : [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
  test(
    `raise, claim, join, lower, take over, transfer and close in ${seeds.length} random orders`,
    async () => {
      const stage = await Stage.open(floor);
      for (const seed of seeds)
        await race(stage, seeded(seed)).catch((error: Error) => {
          throw new Error(`seed ${seed}: ${error.message}`, { cause: error });
        });
    },
    seeds.length * 5000,
  );
});
