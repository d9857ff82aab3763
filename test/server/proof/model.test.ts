import { afterEach, expect, test } from 'vitest';
import { type CommandName, commands } from '../../../shared/contract/command.ts';
import type { CommandId, SessionId } from '../../../shared/contract/id.ts';
import { outcomes } from '../../../shared/contract/outcome.ts';
import { roles } from '../../../shared/contract/permission.ts';
import type { Answer } from '../../../shared/contract/refusal.ts';
import { statuses } from '../../../shared/contract/status.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import type { CustomerClient } from '../../support/customer-client.ts';
import { Floor } from '../../support/floor.ts';
import { faultsOf, type Given } from '../../support/history.ts';
import { signingSecret } from '../../support/messaging.ts';
import { type Random, seeded } from '../../support/random.ts';
import { tokenHash } from '../../support/scenario.ts';
import { StaffClient } from '../../support/staff-client.ts';
import { Stage, shown, type Viewer, viewers } from '../../support/stage.ts';
import { until } from '../../support/wait.ts';

/**
 * Random people do random things, several at once, while connections break and time passes; afterwards the recorded history
 * is held against I1 to I12. A run repeats with its seed, but for what the network decides.
 */
const innerMark = 'inner-9b1e';

interface World {
  readonly stage: Stage;
  readonly random: Random;
  readonly screens: Map<Viewer, StaffClient>;
  readonly all: StaffClient[];
  readonly customers: CustomerClient[];
  readonly given: (Given & { readonly input: unknown })[];
}

/** An input for a command from what somebody sees, or null where they see nothing to do it to. */
type Idea = (world: World, who: Viewer) => object | null;

const liveOf = ({ screens }: World, who: Viewer) => screens.get(who)?.live ?? null;

function pickId(
  world: World,
  who: Viewer,
  of: 'conversations' | 'sessions' | 'flags' | 'people' | 'teams' | 'queues' | 'reasons',
): string | null {
  const ids = [...(liveOf(world, who)?.[of].keys() ?? [])];
  return ids.length === 0 ? null : world.random.pick<string>(ids);
}

const about =
  (field: string, of: Parameters<typeof pickId>[2], more: (world: World, who: Viewer) => object = () => ({})): Idea =>
  (world, who) => {
    const id = pickId(world, who, of);
    return id === null ? null : { [field]: id, ...more(world, who) };
  };

const inner = ({ random }: World): string => `${innerMark} ${random.between(1, 999)}`;
const ofConversation = about('conversationId', 'conversations');
const ofSession = about('sessionId', 'sessions');
const ofFlag = about('flagId', 'flags');
const reason = (world: World, who: Viewer) => ({ reasonId: pickId(world, who, 'reasons') });

const offer: Idea = (world, who) => {
  const live = liveOf(world, who);
  const offered = [...(live?.conversations.values() ?? [])].filter((one) => one.offer !== null);
  if (offered.length === 0) return null;
  const one = world.random.pick(offered);
  return { conversationId: one.id, offerId: one.offer?.id };
};

/** A rule that there was at some time, by what events have told this screen. */
const ofRule =
  (more: (world: World, who: Viewer) => object = () => ({})): Idea =>
  (world, who) => {
    const ids = (world.screens.get(who)?.events ?? []).flatMap((event) =>
      event.type === 'rule:created' ? [event.rule.id] : [],
    );
    return ids.length === 0 ? null : { ruleId: world.random.pick(ids), ...more(world, who) };
  };

/** Total, so that a new command takes part. Null: left to the other tests, because it ends the screens that this one watches. */
const ideas: { readonly [N in CommandName]: Idea | null } = {
  'organisation:set-monitoring': ({ random }) => ({ policy: random.pick(['announced', 'announced_after', 'silent']) }),
  'organisation:set-thresholds': ({ random }) => ({ warnPercent: random.between(10, 95) }),
  'organisation:set-escalation': ({ random }) => ({
    steps: [
      { reach: 'own', afterMs: 0 },
      { reach: random.pick(['supervisors', 'everyone']), afterMs: random.between(10_000, 60_000) },
    ],
  }),
  // On for a moment only: a run in which nothing can be raised proves little.
  'organisation:set-fallback': ({ random }) =>
    random.chance(0.2) ? { on: true, note: 'The phones are down.' } : { on: false },
  'reason:create': ({ random }) => ({ name: `Reason ${random.between(1, 1e9)}`, targetMs: 60_000 }),
  'reason:rename': about('reasonId', 'reasons', ({ random }) => ({ name: `Reason ${random.between(1, 1e9)}` })),
  'reason:set-target': about('reasonId', 'reasons', ({ random }) => ({ targetMs: random.between(10, 900) * 1000 })),
  'reason:reorder': (world, who) => {
    const reasons = [...(liveOf(world, who)?.reasons.values() ?? [])].filter((one) => one.active);
    return { reasonIds: world.random.shuffle(reasons.map((one) => one.id)) };
  },
  'reason:archive': about('reasonId', 'reasons'),
  'reason:restore': about('reasonId', 'reasons'),
  'team:set-legacy-flag': about('teamId', 'teams', ({ random }) => ({ on: random.chance(0.5) })),
  'team:create': ({ random }) => ({ name: `Zone ${random.between(1, 1e9)}` }),
  'team:rename': null,
  'team:archive': about('teamId', 'teams'),
  'person:invite': ({ random }) => ({
    name: 'Noor',
    email: `noor.${random.between(1, 1e12)}@example.org`,
    role: random.pick(roles),
    teamIds: [],
    supervises: [],
    capacity: 3,
    tokenHash: tokenHash(),
  }),
  'person:renew-invitation': about('personId', 'people', () => ({ tokenHash: tokenHash() })),
  'person:rename': ({ stage }) => ({ personId: stage.home.person('Omar'), name: `Omar ${newId(0).slice(-4)}` }),
  // Only of these two: somebody must stay who manages, and somebody who serves.
  'person:set-role': ({ stage, random }) => ({
    personId: stage.home.person(random.pick(['Ines', 'Mei'])),
    role: random.pick(['agent', 'supervisor', 'admin']),
  }),
  'person:set-teams': ({ stage, random }) => {
    const some = () =>
      random.shuffle([stage.home.team('Banking'), stage.home.team('Travel')]).slice(0, random.between(0, 2));
    const leads = random.chance(0.5);
    return {
      personId: stage.home.person(
        leads ? random.pick(['Ines', 'Tomasz', 'Mei']) : random.pick(['Priya', 'Omar', 'Leo']),
      ),
      teamIds: leads ? [] : some(),
      supervises: leads ? some() : [],
    };
  },
  'person:set-capacity': about('personId', 'people', ({ random }) => ({ capacity: random.between(1, 9) })),
  'person:deactivate': ({ stage }) => ({ personId: stage.home.person('Leo') }),
  'person:reactivate': ({ stage }) => ({ personId: stage.home.person('Leo') }),
  'person:set-status': ({ stage, random }, who) => ({
    personId: stage.home.person(who),
    status: random.pick(statuses),
  }),
  'person:sign-out-everywhere': ({ stage }) => ({ personId: stage.home.person('Leo') }),
  // The customers' own part is below.
  'conversation:start': null,
  'message:send': about('conversationId', 'conversations', ({ random }) => ({
    text: `Line ${random.between(1, 999)}`,
  })),
  'conversation:mark-read': ofConversation,
  'conversation:transfer': about('conversationId', 'conversations', (world, who) => ({
    to: world.random.chance(0.5)
      ? { kind: 'queue', queueId: pickId(world, who, 'queues') }
      : { kind: 'person', personId: pickId(world, who, 'people') },
  })),
  'conversation:close': ofConversation,
  'conversation:take': ofConversation,
  'offer:accept': offer,
  'offer:decline': offer,
  'side-chat:say': about('sessionId', 'sessions', (world) => ({ text: inner(world) })),
  'side-chat:mark-read': ofSession,
  'supervision:monitor': ofSession,
  'supervision:join': ofSession,
  'supervision:leave': ofSession,
  'supervision:take-over': ofSession,
  'flag:raise': about('sessionId', 'sessions', (world, who) => ({
    ...reason(world, who),
    message: inner(world),
    askJoin: world.random.chance(0.5),
  })),
  'flag:amend': about('flagId', 'flags', (world, who) => ({ ...reason(world, who), message: inner(world) })),
  'flag:mark-delivered': ofFlag,
  'flag:mark-seen': ofFlag,
  'flag:claim': ofFlag,
  'flag:release': ofFlag,
  'flag:ask-join': ofFlag,
  'flag:decline-join': about('flagId', 'flags', (world) => ({ word: inner(world) })),
  'flag:lower': about('flagId', 'flags', ({ random }) => ({ outcome: random.pick(outcomes) })),
  'connection:create': (world, who) => ({
    name: `Line ${world.random.between(1, 1e9)}`,
    adapter: 'generic',
    queueId: pickId(world, who, 'queues'),
    target: 'http://10.0.0.1/',
    sender: null,
    inbound: signingSecret(),
    outbound: signingSecret(),
    verify: null,
  }),
  // No screen keeps connections or lines that failed: their own tests know what to name.
  'connection:rename': null,
  'connection:set-queue': null,
  'connection:set-target': null,
  'connection:set-secrets': null,
  'connection:activate': null,
  'connection:deactivate': null,
  'delivery:retry': null,
  // Customers say their number, so that a rule hears one now and then.
  'rule:create': (world, who) => ({
    name: `Rule ${world.random.between(1, 1e9)}`,
    side: world.random.pick(['customer', 'agent', 'either']),
    channels: [],
    queueIds: [],
    ...reason(world, who),
    words: { any: [`${world.random.between(10, 99)}*`.padStart(4, '1')], all: [], near: null, not: [] },
  }),
  'rule:redefine': ofRule((world, who) => ({
    name: `Rule ${world.random.between(1, 1e9)}`,
    side: 'either',
    channels: [],
    queueIds: [],
    ...reason(world, who),
    words: { any: ['customer', 'line'], all: [], near: null, not: [`${world.random.between(100, 999)}`] },
  })),
  'rule:activate': ofRule(),
  'rule:deactivate': ofRule(),
  'rule:remove': ofRule(),
};

/** Rare ones, so that most of a run is people helping people. */
const rare =
  /^(team|person):(?!set-status)|^rule:(?!create)|^(organisation|reason|connection):|conversation:(close|transfer)|supervision:take-over/;
const names = (Object.keys(commands) as CommandName[]).filter((name) => ideas[name] !== null);
const common = names.filter((name) => !rare.test(name));

/** Sends a command, and sends it again under its id as long as no answer comes, as screens do. */
async function give(
  world: World,
  who: Viewer,
  name: CommandName,
  input: unknown,
  id = newId<'command'>(Date.now()),
): Promise<void> {
  const known = world.given.find((one) => one.id === id);
  const given = known ?? { by: who, name, id, input, answers: [] };
  if (known === undefined) world.given.push(given);
  for (let tries = 0; tries < 5; tries += 1) {
    const screen = world.screens.get(who);
    if (screen === undefined || screen.ended) return;
    const answer = await screen
      .raw({ id, organisationId: world.stage.home.id, name, input })
      .catch((): Answer | null => null);
    given.answers.push(answer);
    if (answer !== null) return;
    await until('the screen to be back, or out', () => screen.ended || screen.socket.connected);
  }
}

async function act(world: World): Promise<void> {
  const { random } = world;
  const who = random.pick(viewers);
  // Half of the time somebody who is likely to be allowed.
  const name = random.chance(0.8) ? random.pick(common) : random.pick(names);
  const input = ideas[name]?.(world, who) ?? null;
  if (input !== null)
    await give(
      world,
      name.startsWith('person:') && name !== 'person:set-status' && random.chance(0.8) ? 'Marta' : who,
      name,
      input,
    );
}

async function customerActs({ random, customers }: World): Promise<void> {
  const customer = random.pick(customers);
  const id = newId(Date.now());
  const conversationId = customer.conversation?.id ?? newId(0);
  const frame = random.chance(0.1)
    ? 'close'
    : customer.conversation?.state === 'closed' || customer.conversation === null
      ? 'start'
      : 'send';
  const text = `Customer ${random.between(1, 999)}`;
  const body =
    frame === 'start'
      ? { id, name: 'Rosa', text }
      : frame === 'send'
        ? { id, conversationId, text }
        : { id, conversationId };
  for (let tries = 0; tries < 3; tries += 1) {
    const answer = await customer.frame(frame, body).catch(() => null);
    if (answer !== null) return;
    await until('the widget to be back', () => customer.socket.connected);
  }
}

/** Somebody whose session was ended comes in anew, if they may. */
async function comeBack(world: World): Promise<void> {
  for (const [who, screen] of world.screens) {
    if (!screen.ended) continue;
    const { rows } = await world.stage.floor.db.system.query('select from person where id = $1 and active', [
      world.stage.home.person(who),
    ]);
    if (rows.length === 0) continue;
    const again = await world.stage.floor.staff(world.stage.home, who).catch(() => null);
    if (again === null) continue;
    world.screens.set(who, again);
    world.all.push(again);
  }
}

async function step(world: World): Promise<void> {
  const { random, screens, customers, stage, given } = world;
  const kind = random.next();
  if (kind < 0.62) return act(world);
  if (kind < 0.84) return customerActs(world);
  if (kind < 0.9) {
    const one = random.pick(viewers);
    if (random.chance(0.3)) random.pick(customers).cut();
    else if (screens.get(one)?.socket.connected) screens.get(one)?.cut();
    return;
  }
  if (kind < 0.96) {
    if (given.length === 0) return;
    const one = random.pick(given.slice(-40));
    return give(world, one.by as Viewer, one.name as CommandName, one.input, one.id as CommandId);
  }
  if (kind < 0.98) return stage.floor.pass(random.pick([1000, 16_000, 31_000, 61_000]));
  return comeBack(world);
}

let floor: Floor | null = null;
afterEach(async () => {
  await floor?.close();
  floor = null;
});

async function run(seed: number, steps: number): Promise<void> {
  floor = await Floor.start({ rates: false, graceMs: 20_000 });
  const random = seeded(seed);
  const stage = await Stage.open(floor);
  const away = await floor.organisation();
  const stranger = await floor.staff(away, 'Grace');
  const customers = await Promise.all(Array.from({ length: 4 }, () => floor?.customer(stage.home))).then((all) =>
    all.filter((one) => one !== undefined),
  );
  const world: World = {
    stage,
    random,
    screens: new Map(stage.screens),
    all: [...stage.screens.values()],
    customers,
    given: [],
  };
  // Something internal is said in every run, whatever chance brings: the search for it must be able to find it.
  const conversationId = await customers[0]?.start('Customer line 0');
  if (conversationId === undefined) throw new Error('there is no customer');
  const { sessionId } = await stage.of('Priya').does('conversation:take', { conversationId });
  await stage.does('Priya', 'side-chat:say', { sessionId: sessionId as SessionId, text: inner(world) });
  for (const who of ['Priya', 'Omar', 'Leo'] as const)
    await stage.does(who, 'person:set-status', { personId: stage.home.person(who), status: 'available' });
  for (let done = 0; done < steps; ) {
    const together = random.between(1, 6);
    await Promise.all(Array.from({ length: together }, () => step(world)));
    done += together;
  }
  // Rest: everybody is back, and nothing is due.
  for (const screen of world.all)
    await until('a screen to be back, or out', () => screen.ended || (screen.ready && screen.socket.connected));
  for (const customer of customers) await until('a widget to be back', () => customer.socket.connected);
  await stage.settle(world.all);
  for (const customer of customers) await customer.frame('send', null);

  const faults = await faultsOf({
    floor,
    home: stage.home.id,
    away: away.id,
    given: world.given,
    screens: world.all,
    strangers: [stranger],
    customers,
    innerMark,
  });
  expect(faults, `seed ${seed}, ${steps} steps`).toEqual([]);
  for (const [who, screen] of world.screens) {
    if (screen.ended) continue;
    const fresh = await StaffClient.connect({
      url: floor.url,
      token: await floor.token(stage.home, who),
      organisationId: stage.home.id,
    });
    const { now } = floor;
    expect(shown(screen.now, now), `I3: ${who}'s screen, seed ${seed}`).toEqual(shown(fresh.now, now));
    fresh.close();
  }
  const done = world.given.filter(({ answers }) => answers.some((answer) => answer?.ok === true));
  expect(done.length, 'a run in which nothing succeeds proves nothing').toBeGreaterThan(steps / 20);
}

const wide = process.env.HALYARD_PROOF === '1';
const chosen = process.env.HALYARD_SEED;
const seeds =
  chosen !== undefined
    ? [Number(chosen)]
    : wide
      ? Array.from({ length: 30 }, (_, at) => (Date.now() % 1e6) + at)
      : [1, 2, 3];

test.each(seeds)(
  'seed %i: random people, commands, repetitions and cuts keep every rule',
  (seed) => run(seed, wide ? 1500 : 250),
  wide ? 300_000 : 60_000,
);
