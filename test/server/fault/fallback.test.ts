import pg from 'pg';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { CommandInput, CommandName } from '../../../shared/contract/command.ts';
import type { SessionId } from '../../../shared/contract/id.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import type { Complete } from '../../../shared/contract/wire.ts';
import { Floor } from '../../support/floor.ts';
import { request } from '../../support/http.ts';
import { startRedis } from '../../support/redis.ts';
import type { StaffClient } from '../../support/staff-client.ts';
import { Stage } from '../../support/stage.ts';
import { until } from '../../support/wait.ts';

vi.setConfig({ testTimeout: 60_000 });

const start = Date.UTC(2026, 0, 5, 9);
let stops: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  stops = [];
});

async function open(options: { redisUrl?: string } = {}): Promise<{ first: Floor; stage: Stage }> {
  const first = await Floor.start({ now: start, rates: false, ...options });
  stops.push(() => first.close());
  const stage = await Stage.open(first);
  stops.push(() => stage.close());
  return { first, stage };
}

async function beside(first: Floor, options: { redisUrl?: string } = {}): Promise<Floor> {
  const second = await Floor.start({ now: start, rates: false, beside: first, ...options });
  stops.push(() => second.close());
  return second;
}

/** Time goes on for all hubs alike, a second at a time. */
async function pass(floors: readonly Floor[], seconds: number): Promise<void> {
  for (let at = 0; at < seconds; at += 1) for (const floor of floors) await floor.pass(1000);
}

interface Ready {
  readonly ready: boolean;
  readonly missing: readonly string[];
  readonly fallback: Complete['fallback'];
}

async function readiness({ url }: Floor): Promise<Ready & { status: number }> {
  const answer = await fetch(`${url}/readyz`);
  return { status: answer.status, ...((await answer.json()) as Ready) };
}

async function gauge({ url }: Floor, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

const last = (screen: StaffClient, frame: string): unknown => screen.frames.findLast(([name]) => name === frame)?.[1];

/** Sends a command by HTTP as a person. */
async function byHttp<N extends CommandName>(floor: Floor, stage: Stage, name: N, input: CommandInput<N>) {
  const token = await floor.token(stage.home, 'Priya');
  return () => request(floor.url, 'POST', `/api/command/${name}`, { token, body: { id: newId(Date.now()), input } });
}

describe('S1.6: a hub that hears the log late', () => {
  test('another hub 10 s behind by its lease row: every entrance refuses, flags can be lowered, and it comes back by itself', async () => {
    const { first, stage } = await open();
    const second = await beside(first);
    const floors = [first, second];
    const { flagId, sessionId } = await stage.flagged();
    const tomasz = await second.staff(stage.home, 'Tomasz', 'wallboard');
    await pass(floors, 12);
    expect((await readiness(first)).fallback).toBeNull();

    // The second hub's reads of the log fail from here on; it still hears from the clock how far the log is.
    const { system } = second.db;
    const query = system.query.bind(system);
    const deaf = vi
      .spyOn(system, 'query')
      .mockImplementation(((one: { text?: string }, ...rest: unknown[]) =>
        one.text?.includes('from log l') === true
          ? Promise.reject(new Error('away'))
          : Reflect.apply(query, system, [one, ...rest])) as typeof system.query);
    stops.push(() => deaf.mockRestore());
    const reasonId = stage.reason();
    const priya = stage.of('Priya');
    const asks = {
      raise: { sessionId, reasonId, message: 'Again.', askJoin: false },
      amend: { flagId, reasonId, message: 'Other words.' },
      join: { flagId },
    } as const;
    const http = await byHttp(first, stage, 'flag:raise', asks.raise);
    await priya.does('flag:amend', { ...asks.amend, message: 'Not heard there.' });

    await pass(floors, 10);
    expect((await readiness(first)).fallback).toBeNull();
    await pass(floors, 4);
    expect((await readiness(second)).fallback?.why).toBe('hub_behind');
    const standing = (await readiness(first)).fallback;
    expect(standing?.why).toBe('hub_behind');
    // It serves all the same, and says what is missing.
    expect(await readiness(first)).toMatchObject({
      status: 200,
      ready: true,
      missing: ['a hub hears the log too late for help flags'],
    });
    expect(await gauge(first, 'halyard_fallback')).toBe(1);
    expect(await gauge(second, 'halyard_feed_behind_seconds')).toBeGreaterThan(10);
    expect(await gauge(first, 'halyard_feed_behind_seconds')).toBe(0);

    // Screens of both hear it; those of the hub that is behind by its own frame, as it can call nothing complete.
    await until(
      'the heartbeat to say it',
      () => (last(priya, 'complete') as Complete | undefined)?.fallback?.why === 'hub_behind',
    );
    await until('the other screen to be told', () => last(tomasz, 'fallback') !== undefined);
    expect(last(tomasz, 'fallback')).toEqual((await readiness(second)).fallback);
    const late = await first.staff(stage.home, 'Priya');
    expect(last(late, 'ready')).toMatchObject({ fallback: standing });

    const before = await stage.settle();
    expect(await priya.refused('flag:raise', asks.raise)).toBe('fallback_mode');
    expect(await priya.refused('flag:amend', asks.amend)).toBe('fallback_mode');
    expect(await priya.refused('flag:ask-join', asks.join)).toBe('fallback_mode');
    expect(await http()).toMatchObject({ status: 503, code: 'fallback_mode' });
    expect(await stage.settle()).toBe(before);
    await priya.does('flag:lower', { flagId, outcome: 'answered' });

    deaf.mockRestore();
    await until('the second hub to have caught up', async () => {
      await second.app.hub.poll();
      return [...second.app.hub.feeds()].every((feed) => feed.position > before);
    });
    await pass(floors, 9);
    expect(await priya.refused('flag:raise', asks.raise)).toBe('fallback_mode');
    await pass(floors, 4);
    expect((await readiness(first)).fallback).toBeNull();
    await until('the screens to hear that it ended', () =>
      [priya, tomasz].every((one) => last(one, 'fallback') === null),
    );
    await priya.does('flag:raise', asks.raise);
    for (const { log } of floors)
      expect(log.lines.filter(({ message }) => message.startsWith('automatic fallback'))).toHaveLength(2);
  });

  test('a hub that is gone holds nobody back: its lease is over', async () => {
    const { first } = await open();
    const lease = (behind: number, until: number) =>
      first.db.system.query(
        `insert into hub (id, lease_until, started_at, behind_ms)
          values ('00000000-0000-7000-8000-000000000001', to_timestamp($1::double precision / 1000), now(), $2)
          on conflict (id) do update set lease_until = excluded.lease_until, behind_ms = excluded.behind_ms`,
        [until, behind],
      );
    await lease(60_000, first.now - 1);
    await pass([first], 3);
    expect((await readiness(first)).fallback).toBeNull();
    await lease(60_000, first.now + 3000);
    await pass([first], 1);
    expect((await readiness(first)).fallback?.why).toBe('hub_behind');
    // The lease is over after 3 s more, and 10 s later it is believed.
    await pass([first], 14);
    expect((await readiness(first)).fallback).toBeNull();
  });
});

/** Sets whether new sessions of this database take writes, and ends those that are there. */
async function takesWrites(floor: Floor, yes: boolean): Promise<void> {
  const client = new pg.Client(floor.database.admin);
  await client.connect();
  await client.query('set default_transaction_read_only = off');
  const { rows } = await client.query<{ name: string }>('select quote_ident(current_database()) as name');
  await client.query(`alter database ${rows[0]?.name} set default_transaction_read_only = ${yes ? 'off' : 'on'}`);
  // Back again, those that were made meanwhile stay as they are, and the hub has to find them out.
  if (!yes)
    await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
  await client.end();
}

describe('S1.6: a database that takes no writes', () => {
  test('the floor stays readable, flags are refused at once and by name, the rest is told to try again, and all comes back', async () => {
    const { first, stage } = await open();
    const priya = stage.of('Priya');
    const { flagId, sessionId, customer, conversationId } = await stage.flagged();
    const other = await stage.served();
    const raise = { sessionId: other.sessionId, reasonId: stage.reason(), message: 'Acked.', askJoin: false };
    const id = newId<'command'>(Date.now());
    const acked = await priya.send('flag:raise', raise, id);
    expect(acked.ok).toBe(true);
    await pass([first], 2);
    const before = await stage.settle();
    // It is due to be noted that these sessions are in use, which cannot be then; they stand all the same.
    await first.db.system.query('update login_session set last_seen_at = to_timestamp($1::double precision / 1000)', [
      first.now - 120_000,
    ]);

    await takesWrites(first, false);
    // The very first one finds it out, and is told the truth as well.
    const again = { sessionId, reasonId: stage.reason(), message: 'Nobody can hear this.', askJoin: false };
    // A connection that was cut under it leaves the outcome open, and a screen repeats the same id until it is told.
    const asked = newId<'command'>(Date.now());
    const told = await until('the truth', async () => {
      const answer = await priya.send('flag:raise', again, asked);
      if (answer.ok) throw new Error('a flag went up that nobody can hear');
      return answer.refusal.code === 'outcome_unknown' ? null : answer.refusal.code;
    });
    expect(told).toBe('fallback_mode');
    expect(await readiness(first)).toMatchObject({
      status: 200,
      ready: true,
      missing: ['the database takes no changes'],
      fallback: { why: 'read_only' },
    });
    expect(await gauge(first, 'halyard_database_read_only')).toBe(1);
    await until('the screens to be told', () => stage.of('Ines').frames.some(([name]) => name === 'fallback'));

    // Beats, looks and jobs of a whole minute do no harm.
    await pass([first], 60);
    expect(await priya.refused('flag:amend', { flagId, reasonId: stage.reason(), message: 'New.' })).toBe(
      'fallback_mode',
    );
    expect(await priya.refused('flag:ask-join', { flagId })).toBe('fallback_mode');
    const http = await byHttpWith(first, await tokenOf(priya), 'flag:raise', again);
    expect(http).toMatchObject({ status: 503, code: 'fallback_mode' });
    // What happened before keeps its first answer (I5).
    expect(await priya.send('flag:raise', raise, id)).toEqual(acked);
    expect(await priya.send('flag:raise', { ...raise, message: 'Another.' }, id)).toMatchObject({
      refusal: { code: 'id_reused' },
    });
    // The rest may try: nothing is promised, and nothing happens.
    expect(await priya.refused('flag:lower', { flagId, outcome: 'answered' })).toBe('try_again');
    expect(await stage.of('Ines').refused('flag:claim', { flagId })).toBe('try_again');
    expect(await priya.refused('message:send', { conversationId, text: 'Still here.' })).toBe('try_again');

    // Reading goes on: a heartbeat, a screen that comes in, a list by HTTP, a customer's page that comes back.
    const heartbeat = priya.frames.length;
    await until('a heartbeat', () => priya.frames.slice(heartbeat).some(([name]) => name === 'complete'));
    const here = priya.frames.length;
    priya.cut();
    await until('the screen to be live again', () => priya.frames.slice(here).some(([name]) => name === 'ready'));
    expect(priya.now.flags.get(flagId)?.message).toBe('The refund is above my limit.');
    const list = await request(first.url, 'GET', '/api/conversation', { token: await tokenOf(priya) });
    expect(list.status).toBe(200);
    expect(priya.ended).toBe(false);
    expect(customer.conversation?.id).toBe(conversationId);
    // Signing in is a write: it is refused, and not by a fault of the hub.
    const door = await request(first.url, 'POST', '/auth/demo', { body: { personId: stage.home.person('Leo') } });
    expect(door).toMatchObject({ status: 503, code: 'try_again' });

    await takesWrites(first, true);
    await until('a write to be taken', async () => {
      await pass([first], 1);
      return (await readiness(first)).fallback === null;
    });
    expect(await stage.settle()).toBe(before);
    // Sessions with the database from those minutes are found out one by one, and nobody notices.
    await priya.does('flag:raise', again);
    await priya.does('flag:lower', { flagId, outcome: 'answered' });
    await stage.settle();
    expect([...stage.of('Grace').now.people.values()].every((one) => one.reachable)).toBe(true);
    expect(first.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
    const words = first.log.lines.filter(({ message }) => message.startsWith('automatic fallback'));
    expect(words.map(({ level }) => level)).toEqual(['warn', 'info']);
  });
});

/** The token a screen signed in with: making one is a write. */
const tokenOf = async (screen: StaffClient): Promise<string> => (screen.socket.auth as { token: string }).token;

function byHttpWith<N extends CommandName>(floor: Floor, token: string, name: N, input: CommandInput<N>) {
  return request(floor.url, 'POST', `/api/command/${name}`, { token, body: { id: newId(Date.now()), input } });
}

test('S1.6: Redis lost is no fallback: the log carries the floor within a second, and screens hear that it is slower', async () => {
  const redis = await startRedis();
  stops.push(() => redis.stop());
  const { first, stage } = await open({ redisUrl: redis.url });
  const second = await beside(first, { redisUrl: redis.url });
  const tomasz = await second.staff(stage.home, 'Tomasz', 'wallboard');
  const { sessionId } = await stage.served();
  await redis.kill();
  const priya = stage.of('Priya');
  await until('both to say slower', () =>
    [priya, tomasz].every((screen) => (last(screen, 'complete') as Complete | undefined)?.fast === false),
  );
  for (let round = 0; round < 3; round += 1) {
    const input = {
      sessionId: sessionId as SessionId,
      reasonId: stage.reason(),
      message: `Round ${round}`,
      askJoin: false,
    };
    await priya.does('flag:raise', input);
    await second.app.hub.poll();
    await tomasz.sees('the flag', (live) => [...live.flags.values()].some((flag) => flag.message === `Round ${round}`));
    await pass([first, second], 8);
  }
  for (const floor of [first, second]) expect((await readiness(floor)).fallback).toBeNull();
  expect((last(priya, 'complete') as Complete).fallback).toBeNull();
});
