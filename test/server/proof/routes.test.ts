import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../../shared/contract/uuid.ts';
import { Floor } from '../../support/floor.ts';
import { type Reply, request } from '../../support/http.ts';
import { Stage } from '../../support/stage.ts';

/** S4 for HTTP: every route, as everybody. */
let floor: Floor;
let stage: Stage;
let away: Stage;
let served: Awaited<ReturnType<Stage['served']>>;
const tokens: { [C in Caller]?: string | null } = {};

const callers = [
  'nobody',
  'a made-up token',
  'a customer',
  'agent',
  'colleague',
  'far agent',
  'far supervisor',
  'supervisor',
  'admin',
  'owner',
  'foreign owner',
] as const;
type Caller = (typeof callers)[number];

beforeAll(async () => {
  floor = await Floor.start({ rates: false });
  stage = await Stage.open(floor);
  away = await Stage.open(floor);
  served = await stage.served();
  const token = (name: string): Promise<string> => floor.token(stage.home, name);
  Object.assign(tokens, {
    nobody: null,
    'a made-up token': 'x'.repeat(43),
    'a customer': served.customer.visitor,
    agent: await token('Priya'),
    colleague: await token('Omar'),
    'far agent': await token('Leo'),
    'far supervisor': await token('Mei'),
    supervisor: await token('Tomasz'),
    admin: await token('Marta'),
    owner: await token('Grace'),
    'foreign owner': await floor.token(away.home, 'Grace'),
  } satisfies Record<Caller, string | null>);
});
afterAll(() => floor.close());

const outsiders = ['nobody', 'a made-up token', 'a customer'] as const;
type Statuses = Readonly<Record<Caller, number>>;
const everybody = (status: number): Statuses => Object.fromEntries(callers.map((one) => [one, status])) as Statuses;
/** The signed in get `status`, the others 401. */
const signedIn = (status: number, more: Partial<Statuses> = {}): Statuses => ({
  ...everybody(status),
  ...Object.fromEntries(outsiders.map((one) => [one, 401])),
  ...more,
});

interface Route {
  readonly ask: (stage: Stage) => { path: string; body?: unknown };
  readonly statuses: Statuses;
}

const conversation = (): string => served.conversationId;

const trial = { side: 'either', channels: [], queueIds: [], words: { any: ['card'], all: [], near: null, not: [] } };

/** By method and path, as the source has them. */
const routes: Readonly<Record<string, Route>> = {
  'GET /livez': { ask: () => ({ path: '/livez' }), statuses: everybody(200) },
  'GET /readyz': { ask: () => ({ path: '/readyz' }), statuses: everybody(200) },
  'GET /metrics': { ask: () => ({ path: '/metrics' }), statuses: everybody(200) },
  'GET /auth/door': { ask: () => ({ path: '/auth/door' }), statuses: everybody(200) },
  'GET /auth/me': { ask: () => ({ path: '/auth/me' }), statuses: signedIn(200) },
  'POST /auth/sign-in': {
    ask: () => ({ path: '/auth/sign-in', body: { email: `${newId(0)}@example.org`, password: 'twelve and more' } }),
    statuses: everybody(401),
  },
  'POST /auth/invitation': {
    ask: () => ({ path: '/auth/invitation', body: { secret: 'a'.repeat(64) } }),
    statuses: everybody(410),
  },
  'POST /auth/join': {
    ask: () => ({ path: '/auth/join', body: { secret: 'a'.repeat(64), password: 'correct horse battery' } }),
    statuses: everybody(410),
  },
  'POST /auth/demo': {
    ask: () => ({ path: '/auth/demo', body: { personId: newId(0) } }),
    statuses: everybody(404),
  },
  // Signing out would end the session that the next row needs; without a session it is as good as done.
  'POST /auth/sign-out': {
    ask: () => ({ path: '/auth/sign-out', body: { not: 'this' } }),
    statuses: everybody(400),
  },
  'GET /api/conversation/:id/transcript': {
    ask: () => ({ path: `/api/conversation/${conversation()}/transcript` }),
    statuses: signedIn(200, { 'far agent': 404, 'far supervisor': 404, 'foreign owner': 404 }),
  },
  'GET /api/conversation': { ask: () => ({ path: '/api/conversation?closed' }), statuses: signedIn(200) },
  'GET /api/ledger': { ask: () => ({ path: '/api/ledger' }), statuses: signedIn(200) },
  'GET /api/person': {
    ask: () => ({ path: '/api/person' }),
    statuses: signedIn(403, { admin: 200, owner: 200, 'foreign owner': 200 }),
  },
  'GET /api/flag/report': {
    ask: () => ({ path: '/api/flag/report?from=0&to=1' }),
    statuses: signedIn(200, { agent: 403, colleague: 403, 'far agent': 403 }),
  },
  'GET /api/flag/export.csv': {
    ask: () => ({ path: '/api/flag/export.csv?from=0&to=1' }),
    statuses: signedIn(200, { agent: 403, colleague: 403, 'far agent': 403 }),
  },
  'GET /api/change': {
    ask: () => ({ path: '/api/change?of=reason' }),
    statuses: signedIn(403, { admin: 200, owner: 200, 'foreign owner': 200 }),
  },
  'GET /api/connection': {
    ask: () => ({ path: '/api/connection' }),
    statuses: signedIn(403, { admin: 200, owner: 200, 'foreign owner': 200 }),
  },
  // Only the signature counts; who asks does not.
  'GET /channel/:id': { ask: () => ({ path: `/channel/${newId(0)}` }), statuses: everybody(404) },
  'POST /channel/:id': { ask: () => ({ path: `/channel/${newId(0)}`, body: {} }), statuses: everybody(404) },
  'GET /api/rule': {
    ask: () => ({ path: '/api/rule' }),
    statuses: signedIn(403, { admin: 200, owner: 200, 'foreign owner': 200 }),
  },
  'POST /api/rule/try': {
    ask: () => ({ path: '/api/rule/try', body: trial }),
    statuses: signedIn(403, { admin: 200, owner: 200, 'foreign owner': 200 }),
  },
  'POST /api/command/:name': {
    ask: () => ({
      path: '/api/command/conversation:mark-read',
      body: { id: newId(Date.now()), input: { conversationId: conversation() } },
    }),
    statuses: signedIn(404, { agent: 200 }),
  },
};

describe.each(Object.entries(routes))('%s', (route, { ask, statuses }) => {
  test('answers each as it should, and nobody with a mistake of its own', async () => {
    const [method = 'GET'] = route.split(' ');
    const found: Partial<Record<Caller, number>> = {};
    for (const caller of callers) {
      const { path, body } = ask(stage);
      const reply = await request(floor.url, method, path, { token: tokens[caller] ?? null, body });
      found[caller] = reply.status;
      if (reply.status >= 400) expect(wellSaid(reply), `${caller}: ${reply.text}`).toBe(true);
    }
    expect(found).toEqual(statuses);
  });
});

/** A refusal with a code, a sentence and what to do. */
function wellSaid({ body }: Reply): boolean {
  const why = body?.refusal as { code?: string; message?: string; next?: string } | undefined;
  return body?.ok === false && !!why?.code && !!why.message && !!why.next;
}

test('the table holds every route of the source', () => {
  const declared = [
    { file: 'server/app.ts', prefix: '' },
    { file: 'server/auth/http.ts', prefix: '' },
    { file: 'server/http/api.ts', prefix: '/api' },
    { file: 'server/http/flag-report.ts', prefix: '/api' },
    { file: 'server/http/change.ts', prefix: '/api' },
    { file: 'server/http/connection.ts', prefix: '/api' },
    { file: 'server/channel/inbound.ts', prefix: '' },
    { file: 'server/http/rule.ts', prefix: '/api' },
  ].flatMap(({ file, prefix }) =>
    [...readFileSync(file, 'utf8').matchAll(/\b(?:http|router)\.(get|post|put|patch|delete|all)\(\s*'(\/[^']*)'/g)].map(
      ([, method = '', path = '']) => `${method.toUpperCase()} ${prefix}${path}`,
    ),
  );
  expect(declared.sort()).toEqual(Object.keys(routes).sort());
});

test('another organisation’s owner learns no more of a conversation than of one that nobody has', async () => {
  const token = tokens['foreign owner'] ?? null;
  const [ours, nobodys] = await Promise.all(
    [conversation(), newId(0)].map((id) => request(floor.url, 'GET', `/api/conversation/${id}/transcript`, { token })),
  );
  expect(ours).toEqual(nobodys);
  const people = await request(floor.url, 'GET', '/api/person', { token });
  expect(people.text).not.toContain(stage.home.person('Grace'));
});

test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])(
  '%s of what is not there is a 404 that says so',
  async (method) => {
    const body = method === 'GET' ? undefined : {};
    for (const path of ['/api/nothing', '/api', '/auth/nothing', '/nothing', '/api/command', '/metrics/x'])
      expect((await request(floor.url, method, path, { token: tokens.owner ?? null, body })).status, path).toBe(404);
  },
);

test('an answer to the signed in is never kept by a cache', async () => {
  for (const path of ['/api/person', '/api/conversation?closed', '/auth/me', '/api/nothing']) {
    const response = await fetch(`${floor.url}${path}`, { headers: { authorization: `Bearer ${tokens.owner}` } });
    expect(response.headers.get('cache-control'), path).toBe('no-store');
    await response.arrayBuffer();
  }
});

test('nothing of all this was a mistake of the hub', () => {
  expect(floor.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
