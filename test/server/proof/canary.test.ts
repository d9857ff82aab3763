import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FlagId, SessionId } from '../../../shared/contract/id.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import type { CustomerClient } from '../../support/customer-client.ts';
import { cast, Floor } from '../../support/floor.ts';
import { request } from '../../support/http.ts';
import type { StaffClient } from '../../support/staff-client.ts';
import { StaffClient as Screen } from '../../support/staff-client.ts';
import { Stage, type Viewer } from '../../support/stage.ts';

/**
 * I7: a canary in every internal text, through the whole story; then everything that reached anybody is searched for it.
 */
const canaries = {
  'flag message': 'canary-flag-7c1f',
  'amended message': 'canary-amended-02be',
  'raised again': 'canary-again-91d4',
  'decline word': 'canary-decline-5a5e',
  'agent in the side chat': 'canary-side-agent-e0c3',
  'supervisor in the side chat': 'canary-side-leader-44b8',
  'flag of the next session': 'canary-next-flag-d5d5',
} as const;
type Canary = keyof typeof canaries;
const all = Object.keys(canaries) as Canary[];
const ofFirstSession = all.filter((one) => one !== 'flag of the next session');

let floor: Floor;
let stage: Stage;
let away: Stage;
let rosa: CustomerClient;
/** Comes in late: what it gets is a snapshot. */
let rosaAgain: CustomerClient;
let conversationId: string;
const customerReplies: string[] = [];

beforeAll(async () => {
  floor = await Floor.start({ rates: false });
  stage = await Stage.open(floor, await floor.organisation(cast.map((one) => ({ ...one, capacity: 9 }))));
  away = await Stage.open(floor);
  const stranger = await floor.customer(stage.home);
  const foreigner = await floor.customer(away.home);
  await story(stranger, foreigner);
  rosaAgain = await floor.customer(stage.home, rosa.visitor);
  await probeAsCustomer(rosa, stranger, foreigner);
});
afterAll(() => floor.close());

/** Raise, amend, talk, decline, join, leave, hand on to a colleague who needs help too, take over, close. */
async function story(stranger: CustomerClient, foreigner: CustomerClient): Promise<void> {
  const priya = stage.of('Priya');
  const { customer, conversationId: id, sessionId } = await stage.served();
  rosa = customer;
  conversationId = id;
  const reasonId = stage.reason();
  await priya.does('message:send', { conversationId: id, text: 'Let me look.' });
  const { flagId: raised } = await priya.does('flag:raise', {
    sessionId,
    reasonId,
    message: canaries['flag message'],
    askJoin: true,
  });
  const flagId = raised as FlagId;
  await priya.does('flag:amend', { flagId, reasonId, message: canaries['amended message'] });
  await priya.does('flag:raise', { sessionId, reasonId, message: canaries['raised again'], askJoin: false });
  await stage.does('Ines', 'flag:mark-delivered', { flagId });
  await stage.does('Ines', 'flag:mark-seen', { flagId });
  await stage.does('Ines', 'flag:claim', { flagId });
  await priya.does('side-chat:say', { sessionId, text: canaries['agent in the side chat'] });
  await stage.does('Ines', 'side-chat:say', { sessionId, text: canaries['supervisor in the side chat'] });
  await stage.does('Ines', 'flag:decline-join', { flagId, word: canaries['decline word'] });
  await priya.does('flag:ask-join', { flagId });
  await stage.does('Ines', 'supervision:monitor', { sessionId });
  await stage.does('Ines', 'supervision:join', { sessionId });
  await rosa.says('Who is this?');
  await stage.does('Ines', 'message:send', { conversationId: id, text: 'I am here to help.' });
  rosa.cut();
  await rosa.sees('the widget to be back', ({ socket }) => socket.connected);
  await stage.does('Ines', 'supervision:leave', { sessionId });
  // A colleague takes over from Priya: the side chat was not with Omar.
  await stage.does('Omar', 'person:set-status', { personId: stage.home.person('Omar'), status: 'available' });
  await priya.does('conversation:transfer', {
    conversationId: id,
    to: { kind: 'person', personId: stage.home.person('Omar') },
  });
  const next = await stage.of('Omar').sees('the conversation', (live) => {
    const one = live.conversations.get(id);
    return one?.assigneeId === stage.home.person('Omar') ? one.sessionId : null;
  });
  await stage.does('Omar', 'flag:raise', {
    sessionId: next as SessionId,
    reasonId,
    message: canaries['flag of the next session'],
    askJoin: false,
  });
  await stage.does('Tomasz', 'supervision:take-over', { sessionId: next as SessionId });
  await stage.does('Tomasz', 'conversation:close', { conversationId: id });
  await rosa.sees('the end', ({ conversation }) => conversation?.state === 'closed');
  await stranger.start('Me too.');
  await foreigner.start('And me.');
  await stage.settle();
  await away.settle();
}

/** Everything that a customer can ask for, by frames and over HTTP, with the ids that they may have seen. */
/** The report on flags, its export, and the audit of settings. */
function recent(): string[] {
  const window = `from=${floor.now - 86_400_000}&to=${floor.now + 1000}`;
  return [
    `/api/flag/report?${window}`,
    `/api/flag/export.csv?${window}`,
    '/api/change?of=person',
    '/api/change?of=reason',
  ];
}

async function probeAsCustomer(...customers: CustomerClient[]): Promise<void> {
  for (const customer of customers) {
    for (const frame of ['start', 'send', 'close'] as const)
      for (const extra of [{}, { queueId: stage.queue('Travel') }, { text: 'x', conversationId }, { conversationId }])
        customerReplies.push(
          JSON.stringify(await customer.frame(frame, { id: newId(Date.now()), name: 'Rosa', text: 'x', ...extra })),
        );
    customer.cut();
    await customer.sees('the widget to be back', ({ socket }) => socket.connected);
    for (const path of [
      `/api/conversation/${conversationId}/transcript`,
      '/api/conversation?closed',
      '/api/person',
      '/auth/me',
      '/auth/door',
      '/metrics',
      '/readyz',
      '/livez',
      '/customer',
      '/widget',
      `/api/flag/${conversationId}`,
      ...recent(),
    ])
      customerReplies.push((await request(floor.url, 'GET', path, { token: customer.visitor })).text);
  }
}

const has = (hay: string, canary: Canary): boolean => hay.includes(canaries[canary]);
const framesOf = (screen: { frames: unknown[][] }): string => JSON.stringify(screen.frames);

describe('a customer', () => {
  test.each(all)('gets nothing of the %s', (canary) => {
    const customers = { rosa, rosaAgain };
    for (const [name, customer] of Object.entries(customers)) {
      expect(customer.frames.length, `${name} got frames at all`).toBeGreaterThan(0);
      expect(has(framesOf(customer), canary), name).toBe(false);
      expect(has(JSON.stringify(customer.snapshot), canary), name).toBe(false);
    }
    for (const reply of customerReplies) expect(has(reply, canary)).toBe(false);
  });

  test('gets the lines that are meant for it, and no name of anything internal', () => {
    const lines = JSON.stringify([...rosaAgain.lines.values()]);
    for (const said of ['Let me look.', 'I am here to help.', 'Who is this?']) expect(lines).toContain(said);
    const hay = [framesOf(rosa), framesOf(rosaAgain), ...customerReplies.filter((text) => text.startsWith('{'))].join();
    for (const word of [
      'flag:',
      'side-chat',
      'sideLines',
      'supervision:',
      'monitor',
      'sessionId',
      'flagId',
      'reasonId',
    ])
      expect(hay, word).not.toContain(word);
  });

  test('cannot be told such things by the tables it reads from', async () => {
    const { rows } = await floor.db.system.query<{ row: string }>(
      'select row_to_json(e)::text as row from entry e union all select row_to_json(c)::text from conversation c union all select row_to_json(c)::text from customer c',
    );
    for (const { row } of rows) for (const canary of all) expect(has(row, canary)).toBe(false);
  });
});

/** A late screen of somebody: its snapshot, its transcript and its history. */
async function everythingOf(name: Viewer, of: Stage): Promise<string> {
  const token = await floor.token(of.home, name);
  const screen = await Screen.connect({ url: floor.url, token, organisationId: of.home.id });
  const pages = await Promise.all(
    [`/api/conversation/${conversationId}/transcript`, '/api/conversation?closed', '/api/person'].map((path) =>
      request(floor.url, 'GET', path, { token }),
    ),
  );
  const hay = [framesOf(screen), framesOf(of.of(name)), ...pages.map(({ text }) => text)].join('\n');
  screen.close();
  return hay;
}

/** Who may read what: the agent of a session and its supervisors. */
const may: Readonly<Record<Viewer, readonly Canary[]>> = {
  Priya: ofFirstSession,
  Omar: ['flag of the next session'],
  Leo: [],
  Tomasz: all,
  Mei: [],
  Ines: all,
  Marta: all,
  Grace: all,
};

describe('of the staff', () => {
  test('an export and a report hold nobody’s words, whoever asks, and the audit of settings neither', async () => {
    const token = await floor.token(stage.home, 'Grace');
    const replies = await Promise.all(recent().map((path) => request(floor.url, 'GET', path, { token })));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(replies[1]?.text).toContain('Priya');
    for (const { text } of replies) expect(all.filter((canary) => has(text, canary))).toEqual([]);
  });

  test.each(Object.keys(may) as Viewer[])(
    '%s reads what is theirs to read, live, late and in transcripts',
    async (name) => {
      const hay = await everythingOf(name, stage);
      const found = all.filter((canary) => has(hay, canary));
      expect(found).toEqual(all.filter((canary) => may[name].includes(canary)));
    },
  );

  test.each(['Grace', 'Marta', 'Tomasz', 'Priya'] as const)(
    '%s of another organisation reads nothing',
    async (name) => {
      const hay = await everythingOf(name, away);
      expect(all.filter((canary) => has(hay, canary))).toEqual([]);
      expect(hay).not.toContain('I am here to help.');
      expect(hay).not.toContain(stage.home.id);
    },
  );
});

test('what machines keep holds no words: the log, the answers, the jobs, and what the hub writes down', async () => {
  const said = [
    ...Object.values(canaries),
    'Let me look.',
    'I am here to help.',
    'Who is this?',
    'My card was swallowed',
  ];
  for (const table of ['log', 'answer', 'job', 'presence', 'login_session', 'minute', 'session']) {
    const { rows } = await floor.db.system.query<{ row: string }>(
      `select row_to_json(t)::text as row from "${table}" t`,
    );
    if (table !== 'job') expect(rows.length, table).toBeGreaterThan(0);
    for (const { row } of rows) for (const text of said) expect(row.includes(text), `${text} in ${table}`).toBe(false);
  }
  const written = JSON.stringify(floor.log.lines);
  for (const text of said) expect(written).not.toContain(text);
});

test('this search finds a canary where there is one', () => {
  const seen: StaffClient = stage.of('Ines');
  expect(all.filter((canary) => has(framesOf(seen), canary))).toEqual(all);
});
