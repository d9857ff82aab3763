import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CommandName, commands } from '../../../shared/contract/command.ts';
import type { OrganisationId } from '../../../shared/contract/id.ts';
import { isId } from '../../../shared/contract/id.ts';
import { type Answer, type RefusalCode, refusalStatus } from '../../../shared/contract/refusal.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import type { CustomerClient } from '../../support/customer-client.ts';
import { cast, Floor, type TestOrganisation } from '../../support/floor.ts';
import { request } from '../../support/http.ts';
import { customerFrame, type Scenario, scenarios } from '../../support/scenario.ts';
import { Stage, type Viewer } from '../../support/stage.ts';

/**
 * S4: every command, by everybody, of the own organisation and of another: what is allowed is carried out, everything else is
 * refused with a typed code, changes nothing, and says nothing about what exists elsewhere.
 */

/** The roles, as they stand to a conversation of Banking that Priya serves. */
const who = {
  owner: 'Grace',
  admin: 'Marta',
  /** Supervises Banking. */
  leads: 'Tomasz',
  /** Supervises Travel. */
  far: 'Mei',
  /** Serves the conversation. */
  agent: 'Priya',
  /** Serves Banking too. */
  mate: 'Omar',
  /** Serves Travel. */
  other: 'Leo',
} as const satisfies Record<string, Viewer>;
type Role = keyof typeof who;
const roles = Object.keys(who) as Role[];

type Outcome = 'ok' | RefusalCode;
/** Of owner, admin, the agent's supervisor, another team's, the agent, a colleague, another team's agent; then the customer, and another one. */
type Row = readonly [Outcome, Outcome, Outcome, Outcome, Outcome, Outcome, Outcome, Outcome, Outcome];

const no = 'not_permitted';
const none = 'not_found';
const managers: Row = ['ok', 'ok', no, no, no, no, no, no, no];
const helpers: Row = ['ok', 'ok', 'ok', none, no, no, no, no, no];
const ownFlag: Row = [no, no, none, none, 'ok', none, none, no, no];
const talkers: Row = ['ok', 'ok', 'ok', none, 'ok', none, none, none, none];
const offered: Row = [no, no, 'offer_gone', 'offer_gone', 'ok', 'offer_gone', 'offer_gone', no, no];
const notYours = 'not_your_session';

const expected: { readonly [N in CommandName]: Row } = {
  //                          owner  admin  leads  far    agent  mate   other  customer  another customer
  'organisation:set-monitoring': managers,
  'organisation:set-thresholds': managers,
  'organisation:set-escalation': managers,
  'organisation:set-fallback': managers,
  'reason:create': managers,
  'reason:rename': managers,
  'reason:set-target': managers,
  'reason:reorder': managers,
  'reason:archive': managers,
  'reason:restore': managers,
  'team:set-legacy-flag': managers,
  'team:create': managers,
  'team:rename': managers,
  'team:archive': managers,
  'person:invite': managers,
  'person:renew-invitation': managers,
  'person:rename': managers,
  'person:set-role': managers,
  'person:set-teams': managers,
  'person:set-capacity': managers,
  'person:deactivate': managers,
  'person:reactivate': managers,
  // Priya's own status.
  'person:set-status': ['ok', 'ok', no, no, 'ok', no, no, no, no],
  // Omar's own sessions.
  'person:sign-out-everywhere': ['ok', 'ok', no, no, no, 'ok', no, no, no],
  'conversation:start': [no, no, no, no, no, no, no, 'ok', 'ok'],
  'message:send': [
    'not_joined',
    'not_joined',
    'not_joined',
    'not_joined',
    'ok',
    'not_joined',
    'not_joined',
    'ok',
    none,
  ],
  'conversation:mark-read': [none, none, none, none, 'ok', none, none, none, none],
  'conversation:transfer': ['ok', 'ok', 'ok', none, 'ok', notYours, none, none, none],
  'conversation:close': ['ok', 'ok', 'ok', none, 'ok', notYours, none, 'ok', none],
  'conversation:take': [no, no, 'ok', none, 'ok', 'ok', none, no, no],
  'offer:accept': offered,
  'offer:decline': offered,
  'side-chat:say': talkers,
  'side-chat:mark-read': talkers,
  'supervision:monitor': helpers,
  'supervision:join': helpers,
  // Whoever is not in it has left it already.
  'supervision:leave': ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', none, none],
  'supervision:take-over': helpers,
  'flag:raise': [no, no, notYours, notYours, 'ok', notYours, notYours, no, no],
  'flag:amend': ownFlag,
  'flag:mark-delivered': helpers,
  'flag:mark-seen': helpers,
  'flag:claim': helpers,
  // Claimed by Tomasz.
  'flag:release': ['not_your_claim', 'not_your_claim', 'ok', none, no, no, no, no, no],
  'flag:ask-join': ownFlag,
  'flag:decline-join': helpers,
  'flag:lower': talkers,
  'connection:create': managers,
  'connection:rename': managers,
  'connection:set-queue': managers,
  'connection:set-target': managers,
  'connection:set-secrets': managers,
  'connection:activate': managers,
  'connection:deactivate': managers,
  'delivery:retry': ['not_joined', 'not_joined', 'not_joined', none, 'ok', 'not_joined', none, none, none],
  'rule:create': managers,
  'rule:redefine': managers,
  'rule:activate': managers,
  'rule:deactivate': managers,
  'rule:remove': managers,
};

/** Afterwards people's rights or screens are not what they were: the next one needs a new organisation. */
const spoils = new Set<CommandName>([
  'person:set-role',
  'person:set-teams',
  'person:deactivate',
  'person:reactivate',
  'person:sign-out-everywhere',
]);

let floor: Floor;
let stage: Stage;
let away: Stage;
let foreign: CustomerClient;
const roomy = cast.map((one) => ({ ...one, capacity: 50 }));
const open = async (): Promise<Stage> => Stage.open(floor, await floor.organisation(roomy));

beforeAll(async () => {
  floor = await Floor.start({ now: Date.UTC(2026, 0, 5, 9), rates: false });
  stage = await open();
  away = await open();
  foreign = await floor.customer(away.home);
});
afterAll(() => floor.close());

/** The suite takes one of the two doors for each cell; the proof takes both. */
const wide = process.env.HALYARD_PROOF === '1';

const tokens = new Map<string, Promise<string>>();
function tokenOf(home: TestOrganisation, name: Viewer): Promise<string> {
  const key = home.person(name);
  const token = tokens.get(key) ?? floor.token(home, name);
  tokens.set(key, token);
  return token;
}

const codeOf = (answer: { ok: true } | { ok: false; refusal: { code: string } }): string =>
  answer.ok ? 'ok' : answer.refusal.code;

/** By socket, as a screen sends it. */
const bySocket = (
  of: Stage,
  name: Viewer,
  command: CommandName,
  input: unknown,
  home: OrganisationId,
): Promise<Answer> => of.of(name).raw({ id: newId(floor.now), organisationId: home, name: command, input });

/** By HTTP; the status must be the code's own. */
async function byHttp(home: TestOrganisation, name: Viewer, command: CommandName, input: unknown): Promise<string> {
  const body = { id: newId(floor.now), input };
  const token = await tokenOf(home, name);
  const reply = await request(floor.url, 'POST', `/api/command/${command}`, { token, body });
  const code = reply.code ?? 'ok';
  expect(reply.status).toBe(code === 'ok' ? 200 : refusalStatus[code as RefusalCode]);
  return code;
}

/** A customer's own frames, where there are any for this command; a frame that does not exist cannot be sent. */
async function byCustomer(customer: CustomerClient, command: CommandName, input: unknown): Promise<string | null> {
  if (!['conversation:start', 'message:send', 'conversation:close'].includes(command)) return null;
  const [frame, body] = customerFrame(command, newId(floor.now), input);
  return codeOf(await customer.frame(frame, body));
}

/** The same frame with ids that nobody has. */
const strange = (input: unknown): unknown =>
  JSON.parse(JSON.stringify(input), (_key, value: unknown) =>
    typeof value === 'string' && isId(value) ? newId(floor.now) : value,
  );

const position = async (): Promise<number> => {
  const { rows } = await floor.db.system.query<{ position: number }>(
    'select position from clock where organisation_id = $1',
    [stage.home.id],
  );
  return rows[0]?.position ?? 0;
};

describe.each(Object.keys(expected) as CommandName[])('%s', (command) => {
  // A name and its scenario belong together by the table's type.
  const scenario = scenarios[command] as Scenario<CommandName>;
  const [owner, admin, leads, far, agent, mate, other, customer, another] = expected[command];
  const byRole: Record<Role, Outcome> = { owner, admin, leads, far, agent, mate, other };

  test('is refused to whoever may not, and changes nothing', async () => {
    const { input, customer: own } = await scenario.prepare(stage);
    await stage.settle();
    const before = await position();
    // Whoever the scenario has sent home cannot even ask.
    const here = roles.filter((one) => byRole[one] !== 'ok' && stage.of(who[one]).socket.connected);
    for (const [at, role] of here.entries()) {
      if (wide || (at + command.length) % 2 === 0)
        expect(codeOf(await bySocket(stage, who[role], command, input, stage.home.id)), role).toBe(byRole[role]);
      if (wide || (at + command.length) % 2 === 1)
        expect(await byHttp(stage.home, who[role], command, input), `${role} by HTTP`).toBe(byRole[role]);
    }
    const stranger = await floor.customer(stage.home);
    for (const [one, outcome] of [
      [own, customer],
      [stranger, another],
    ] as const)
      if (one !== null && outcome !== 'ok') expect((await byCustomer(one, command, input)) ?? outcome).toBe(outcome);
    await stage.settle();
    expect(await position(), 'nothing happened').toBe(before);
  });

  test('says nothing to another organisation about what exists here', async () => {
    const { input } = await scenario.prepare(stage);
    await stage.settle();
    const before = await position();
    for (const role of wide ? roles : (['owner', 'leads', 'agent'] as const)) {
      const name = who[role];
      // Addressed to this organisation: as if it did not exist.
      const here = await bySocket(away, name, command, input, stage.home.id);
      const nowhere = await bySocket(away, name, command, input, newId(floor.now));
      expect(here, `${role}, addressed here`).toEqual(nowhere);
      expect(codeOf(here)).toBe('not_permitted');
      // Addressed to their own, with ids of this one: as if nobody had these ids.
      if (JSON.stringify(strange(input)) === JSON.stringify(input)) continue;
      const ours = await bySocket(away, name, command, input, away.home.id);
      const nobodys = await bySocket(away, name, command, strange(input), away.home.id);
      expect(ours.ok, `${role}, with ids of this one`).toBe(false);
      expect(withoutIds(ours), role).toEqual(withoutIds(nobodys));
      expect(codeOf(ours)).not.toBe('internal');
      if (wide || role === 'owner') expect(await byHttp(away.home, name, command, input)).toBe(codeOf(ours));
    }
    const code = command === 'conversation:start' ? null : await byCustomer(foreign, command, input);
    if (code !== null) expect(code).toBe(await byCustomer(foreign, command, strange(input)));
    expect(code ?? none).toBe(none);
    await stage.settle();
    expect(await position(), 'nothing happened').toBe(before);
  });

  test('is carried out for whoever may', async () => {
    const may = roles.filter((one) => byRole[one] === 'ok');
    for (const [at, role] of may.entries()) {
      if (spoils.has(command)) stage = await open();
      const { input } = await scenario.prepare(stage);
      // Both doors take turns. Whoever signs out everywhere has no socket left to be answered on.
      const code =
        at % 2 === 0 && command !== 'person:sign-out-everywhere'
          ? codeOf(await bySocket(stage, who[role], command, input, stage.home.id))
          : await byHttp(stage.home, who[role], command, input);
      expect(code, role).toBe('ok');
    }
    if (customer === 'ok') {
      const { input, customer: own } = await scenario.prepare(stage);
      if (own === null) throw new Error('the scenario has no customer');
      expect(await byCustomer(own, command, input)).toBe('ok');
    }
    if (spoils.has(command)) stage = await open();
  });
});

/** A refusal may name the id that was sent; what else it says must not differ. */
function withoutIds(answer: Answer): unknown {
  return JSON.parse(JSON.stringify(answer), (_key, value: unknown) =>
    typeof value === 'string' && isId(value) ? 'an id' : value,
  );
}

/** S1.19: once a flag has called every supervisor, the one of another team may do what the agent's own may, and no more. */
describe('after a flag has called every supervisor', () => {
  type Flagged = Awaited<ReturnType<Stage['flagged']>>;
  const rest: readonly Outcome[] = [no, no, no];
  const sides: readonly Outcome[] = ['ok', none, none];
  /** Of another team's supervisor; then the agent, a colleague, another team's agent. */
  const cells: {
    readonly [N in CommandName]?: [far: Outcome, rest: readonly Outcome[], of: (it: Flagged) => unknown];
  } = {
    'supervision:monitor': ['ok', rest, ({ sessionId }) => ({ sessionId })],
    'supervision:join': ['ok', rest, ({ sessionId }) => ({ sessionId })],
    'supervision:take-over': ['ok', rest, ({ sessionId }) => ({ sessionId })],
    'side-chat:say': ['ok', sides, ({ sessionId }) => ({ sessionId, text: 'One moment.' })],
    'side-chat:mark-read': ['ok', sides, ({ sessionId }) => ({ sessionId })],
    'flag:mark-delivered': ['ok', rest, ({ flagId }) => ({ flagId })],
    'flag:mark-seen': ['ok', rest, ({ flagId }) => ({ flagId })],
    'flag:claim': ['ok', rest, ({ flagId }) => ({ flagId })],
    'flag:decline-join': ['ok', rest, ({ flagId }) => ({ flagId, word: 'Not today.' })],
    'flag:lower': ['ok', sides, ({ flagId }) => ({ flagId, outcome: 'answered' })],
    'flag:amend': [none, sides, ({ flagId }) => ({ flagId, reasonId: stage.reason(), message: 'More.' })],
    'conversation:close': [none, ['ok', notYours, none], ({ conversationId }) => ({ conversationId })],
    'conversation:mark-read': [none, sides, ({ conversationId }) => ({ conversationId })],
  };
  test.each(Object.entries(cells))('%s', async (command, [far, others, of]) => {
    // What the tests before made of the chain is not this one's.
    await stage.does('Marta', 'organisation:set-fallback', { on: false });
    await stage.does('Marta', 'organisation:set-escalation', {
      steps: [
        { reach: 'own', afterMs: 0 },
        { reach: 'supervisors', afterMs: 10_000 },
      ],
    });
    await stage.settle();
    const it = await stage.flagged(true);
    await stage.does('Tomasz', 'side-chat:say', { sessionId: it.sessionId, text: 'I read it.' });
    const name = command as CommandName;
    const give = async (who: Viewer): Promise<string> =>
      codeOf(await bySocket(stage, who, name, of(it), stage.home.id));
    expect(await give('Mei'), 'before').toBe(none);
    await floor.pass(10_000);
    await stage.settle();
    for (const [at, who] of (['Omar', 'Leo'] as const).entries()) expect(await give(who), who).toBe(others[at + 1]);
    expect(codeOf(await bySocket(away, 'Tomasz', name, of(it), away.home.id)), 'elsewhere').toBe(none);
    expect(await give('Mei'), 'after').toBe(far);
    if (far !== 'ok') expect(await give('Priya')).toBe(others[0]);
    if (name !== 'supervision:take-over' && name !== 'conversation:close')
      await stage.does('Priya', 'conversation:close', { conversationId: it.conversationId });
  });
});

test('the table is the contract', () => {
  expect(Object.keys(expected).sort()).toEqual(Object.keys(commands).sort());
});

test('nothing of all this was a mistake of the hub', () => {
  expect(floor.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
