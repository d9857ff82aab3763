import { afterEach, expect, test, vi } from 'vitest';
import type { FlagId } from '../../../shared/contract/id.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { type HubProcess, isReady, startHub } from '../../support/hub-process.ts';
import { until } from '../../support/wait.ts';
import { within } from './support/bound.ts';
import { agents, House, insist } from './support/house.ts';
import { type Relay, startRelay } from './support/relay.ts';

// Real processes start and die here; on a machine that is busy with other tests that takes its time.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 });

/** Two hubs without Redis; the first reaches PostgreSQL over a wire that can be harmed. */
let database: TestDatabase;
let house: House;
let wire: Relay;
let hubs: [HubProcess, HubProcess];

async function build(people: number): Promise<void> {
  database = await createTestDatabase();
  house = await House.build(database.options, agents(people));
  const { host, port, user, name } = serverOf(database.url);
  // A server of an address listens on a port, the embedded one on a socket in a folder.
  wire = await startRelay(host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { port });
  const over = `postgres://${user}@127.0.0.1:${wire.port}/${name}`;
  hubs = await Promise.all([
    startHub({ env: { DATABASE_URL: over } }),
    startHub({ env: { DATABASE_URL: database.url } }),
  ]);
}

function serverOf(address: string): { host: string; port: number; user: string; name: string } {
  const url = new URL(address.replace('postgres:///', 'postgres://x/'));
  const { searchParams: query } = url;
  return {
    host: query.get('host') ?? url.hostname,
    port: Number(query.get('port') ?? url.port) || 5432,
    user: query.get('user') ?? ([url.username, url.password].filter(Boolean).join(':') || 'postgres'),
    name: url.pathname.slice(1),
  };
}

afterEach(async () => {
  await house?.close();
  await Promise.all((hubs ?? []).map((hub) => hub.kill()));
  await wire?.close();
  await database?.drop();
});

test('F2: a hub that dies between commit and publish costs the other hub a second and no event', async () => {
  await build(1);
  const agent = await house.serve(hubs[0].url, 'A1');
  const ines = await house.staff(hubs[1].url, 'Ines', 'wallboard');
  const { sessionId, reasonId } = agent;
  const id = newId<'command'>(Date.now());
  const message = 'The word that the wire listens for.';
  wire.muteAfter(message);
  const unheard = agent.screen
    .send('flag:raise', { sessionId, reasonId, message, askJoin: false }, id)
    .catch(() => null);
  // It is stored, and the hub that stored it never learns so: it has told nobody.
  await until('the commit', async () => (await house.happened('flag:raised', [id])).get(id) === 1);
  const committed = performance.now();
  await hubs[0].kill();
  expect(await unheard).toBeNull();
  const flag = await ines.sees('the flag', (live) =>
    [...live.flags.values()].find((one) => one.sessionId === sessionId),
  );
  expect(flag.message).toBe(message);
  expect(performance.now() - committed).toBeLessThan(within(1200));
  // The sender repeats it elsewhere, and gets the first answer (I5).
  const screen = await house.staff(hubs[1].url, 'A1');
  const { answer } = await insist(screen, 'flag:raise', { sessionId, reasonId, message, askJoin: false }, id);
  expect(answer.ok && answer.value.flagId).toBe(flag.id);
  expect((await house.happened('flag:raised', [id])).get(id)).toBe(1);
  await house.converge([ines, screen]);
});

test('F9: a hub that is cut off from PostgreSQL says so, holds nobody up for long, and is right again when it is back', async () => {
  await build(3);
  const [here, there] = await Promise.all([house.serve(hubs[0].url, 'A1'), house.serve(hubs[1].url, 'A2')]);
  const ines = await house.staff(hubs[0].url, 'Ines', 'wallboard');
  const tomasz = await house.staff(hubs[1].url, 'Tomasz', 'wallboard');
  const raise = (agent: typeof here) => {
    const { sessionId, reasonId, screen, name } = agent;
    return insist(screen, 'flag:raise', { sessionId, reasonId, message: `From ${name}.`, askJoin: false });
  };
  let heartbeats = 0;
  ines.socket.on('complete', () => {
    heartbeats += 1;
  });
  wire.hold();
  const from = performance.now();
  heartbeats = 0;
  // Whoever is on the hub that is cut off hears within the bound, and goes on trying.
  const cut = raise(here);
  const first = await here.screen.send('person:set-status', { personId: house.person('A1'), status: 'busy' });
  expect(first.ok ? '' : first.refusal.code).toMatch(/^(try_again|outcome_unknown)$/);
  expect(performance.now() - from).toBeLessThan(within(3200));
  await until('the hub to say that it is not ready', async () => !(await isReady(hubs[0].url)), within(4500));
  expect(heartbeats).toBeLessThanOrEqual(1);

  // The other hub works on, even where the one that is cut off stopped in the middle of a transaction.
  const { answer } = await raise(there);
  expect(answer.ok).toBe(true);
  await tomasz.sees('the flag of the other agent', (live) =>
    live.flags.has(answer.ok ? (answer.value.flagId as FlagId) : ('' as FlagId)),
  );

  wire.release();
  const healed = performance.now();
  expect((await cut).answer.ok).toBe(true);
  await until('the hub to be ready', () => isReady(hubs[0].url));
  await house.converge([here.screen, there.screen, ines, tomasz]);
  expect(performance.now() - healed).toBeLessThan(within(4000));
  expect(ines.now.flags.size).toBe(2);
});

test('F20: a hub that is asked to end while its database is silent ends all the same, and answers before', async () => {
  await build(1);
  const { screen, sessionId, reasonId } = await house.serve(hubs[0].url, 'A1');
  wire.hold();
  const asked = performance.now();
  const sent = screen.send('flag:raise', { sessionId, reasonId, message: 'Help.', askJoin: false });
  await hubs[0].stop();
  expect(performance.now() - asked).toBeLessThan(within(12_000));
  const answer = await sent;
  expect(answer.ok ? '' : answer.refusal.code).toMatch(/^(try_again|outcome_unknown)$/);
});
