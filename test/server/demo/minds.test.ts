import { describe, expect, test } from 'vitest';
import { agentWants } from '../../../server/demo/agent.ts';
import { type CustomerView, customerWants } from '../../../server/demo/customer.ts';
import type { SideLine } from '../../../server/demo/staff-link.ts';
import { supervisorWants } from '../../../server/demo/supervisor.ts';
import type { Cue, StaffView, Talk, Visitor } from '../../../server/demo/view.ts';
import type { Conversation } from '../../../shared/contract/conversation.ts';
import type { Flag } from '../../../shared/contract/flag.ts';
import type { PersonId } from '../../../shared/contract/id.ts';
import type { Person } from '../../../shared/contract/person.ts';
import { organisationDefaults } from '../../../shared/contract/policy.ts';
import type { Session } from '../../../shared/contract/session.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import type { Live } from '../../../shared/live/apply.ts';

/** Pure: what somebody wants to do, given what they see. */
const now = 1_000_000;
const banking = newId<'team'>(1);
const travel = newId<'team'>(2);
const bankingQueue = newId<'queue'>(1);
const travelQueue = newId<'queue'>(2);
const reasonId = newId<'reason'>(1);

const person = (name: string, more: Partial<Person> = {}): Person => ({
  id: newId<'person'>(1),
  name,
  role: 'agent',
  teamIds: [banking],
  supervises: [],
  status: 'available',
  statusSince: 0,
  capacity: 3,
  reachable: true,
  active: true,
  ...more,
});
const priya = person('Priya Raman');
const omar = person('Omar Haddad');
const leo = person('Leo Fontaine', { teamIds: [travel] });
const ines = person('Ines Okafor', { role: 'supervisor', teamIds: [], supervises: [banking] });
const tomasz = person('Tomasz Wolny', { role: 'supervisor', teamIds: [], supervises: [banking] });

const sessionId = newId<'session'>(1);
const flagId = newId<'flag'>(1);
const conversation: Conversation = {
  id: newId<'conversation'>(1),
  channel: 'chat',
  queueId: bankingQueue,
  teamId: banking,
  customerId: newId<'customer'>(1),
  customerName: 'Rosa Iglesias',
  lifecycle: 'open',
  assigneeId: priya.id,
  sessionId,
  queuedAt: null,
  offer: null,
  passedBy: [],
  startedAt: now - 60_000,
  answeredAt: now - 50_000,
  customerWaitsSince: now - 5000,
  unread: 0,
  lastLine: { author: 'customer', personId: null, text: 'And now?', at: now - 5000 },
  closedAt: null,
  connectionId: null,
  reach: 'own',
};
const waiting: Conversation = {
  ...conversation,
  assigneeId: null,
  sessionId: null,
  answeredAt: null,
  queuedAt: now - 2000,
  offer: { id: newId<'offer'>(1), personId: priya.id, madeAt: now - 1000, expiresAt: now + 29_000 },
};
const session: Session = {
  id: sessionId,
  conversationId: conversation.id,
  agentId: priya.id,
  startedAt: now - 60_000,
  endedAt: null,
  endReason: null,
  supervisors: [],
  flagId: null,
  sideLines: 0,
  sideRead: {},
  sideLastAt: null,
  reach: 'own',
  ruleIds: [],
};
const flag: Flag = {
  id: flagId,
  sessionId,
  conversationId: conversation.id,
  agentId: priya.id,
  channel: 'chat',
  queueId: bankingQueue,
  teamId: banking,
  customerName: 'Rosa Iglesias',
  reasonId,
  message: 'May I?',
  raisedAt: now - 10_000,
  targetAt: now + 60_000,
  amendedAt: null,
  deliveredAt: now - 9000,
  seenBy: [],
  claim: null,
  claimedAt: null,
  answeredAt: null,
  join: null,
  joinedAt: null,
  joinedBy: [],
  source: { kind: 'agent' },
  reach: 'own',
  reachedAt: now,
  nextAt: null,
  lowered: null,
};
const exchanges = [
  { customer: 'c1', agent: 'a1' },
  { customer: 'c2', agent: 'a2' },
  { customer: 'c3', agent: 'a3' },
];
const talk = (said: number): Talk => ({ exchanges, said, hasty: false });

interface Scene {
  me?: Person;
  conversation?: Conversation | null;
  session?: Partial<Session>;
  flag?: Flag | null;
  visitor?: Visitor;
  played?: readonly Person[];
  cue?: Cue | null;
  side?: SideLine | null;
  spoken?: number;
}

function view(scene: Scene): StaffView {
  const up = scene.flag ?? null;
  const one = scene.conversation === undefined ? conversation : scene.conversation;
  const held: Session = { ...session, flagId: up?.id ?? null, ...scene.session };
  const live: Live = {
    organisationId: newId<'organisation'>(1),
    epoch: 'e',
    position: 1,
    me: { personId: (scene.me ?? priya).id, permissions: new Set() },
    organisation: {
      id: newId<'organisation'>(1),
      name: 'Northlight',
      parentId: null,
      demo: true,
      ...organisationDefaults,
    },
    people: new Map([priya, omar, leo, ines, tomasz].map((each) => [each.id, each])),
    teams: new Map(),
    queues: new Map([
      [bankingQueue, { id: bankingQueue, name: 'Banking', teamId: banking, active: true }],
      [travelQueue, { id: travelQueue, name: 'Travel', teamId: travel, active: true }],
    ]),
    reasons: new Map(),
    conversations: new Map(one === null ? [] : [[one.id, one]]),
    sessions: new Map([[held.id, held]]),
    flags: new Map(up === null ? [] : [[up.id, up]]),
    recentFlags: new Map(),
    minutes: new Map(),
  };
  return {
    now,
    me: (scene.me ?? priya).id,
    live,
    played: new Set<PersonId>((scene.played ?? []).map((each) => each.id)),
    speed: 1,
    visitor: () => scene.visitor ?? talk(2),
    side: () => scene.side ?? null,
    cue: () => scene.cue ?? null,
    duty: 'available',
    spoken: () => scene.spoken ?? 0,
  };
}

type Shown = readonly [command: string, input: Record<string, unknown>];
const shown = (wants: ReturnType<typeof agentWants>): Shown[] =>
  [...wants.values()].map(({ act: { command } }) => [command.name, { ...command.input }]);
const agent = (scene: Scene): Shown[] => shown(agentWants(view(scene)));
const supervisor = (scene: Scene): Shown[] => shown(supervisorWants(view({ me: ines, ...scene })));
const names = (list: Shown[]): string[] => list.map(([name]) => name);

describe('a simulated agent', () => {
  test('answers the customer’s newest line with the dialogue’s answer to it', () => {
    expect(agent({ visitor: talk(1) })).toEqual([['message:send', { conversationId: conversation.id, text: 'a1' }]]);
    expect(agent({ visitor: talk(2) })).toEqual([['message:send', { conversationId: conversation.id, text: 'a2' }]]);
  });

  test('waits while the customer has nothing to be answered, and closes at the end', () => {
    const answered: Conversation = {
      ...conversation,
      lastLine: { author: 'agent', personId: priya.id, text: '', at: now },
    };
    expect(agent({ conversation: answered, visitor: talk(2) })).toEqual([]);
    expect(names(agent({ conversation: answered, visitor: talk(3) }))).toEqual(['conversation:close']);
    expect(names(agent({ conversation: answered, visitor: talk(3), flag }))).toEqual([]);
  });

  test('does nothing with conversations of others', () => {
    expect(agent({ conversation: { ...conversation, assigneeId: omar.id } })).toEqual([]);
  });

  test('reads what is unread, and takes what is offered', () => {
    expect(names(agent({ conversation: { ...conversation, unread: 2 } }))).toEqual([
      'conversation:mark-read',
      'message:send',
    ]);
    expect(names(agent({ conversation: waiting }))).toEqual(['offer:accept']);
  });

  test('raises the flag it is told to, on a simulated customer only, and then holds the customer until it is answered', () => {
    const cue: Cue = { reasonId, message: 'May I?', askJoin: true };
    expect(agent({ cue })).toEqual([['flag:raise', { sessionId, ...cue }]]);
    expect(names(agent({ cue, visitor: 'person' }))).toEqual(['message:send']);
    expect(agent({ flag })).toEqual([]);
    const claim = { personId: ines.id, at: now - 2000 };
    expect(names(agent({ flag: { ...flag, claim, answeredAt: now } }))).toContain('message:send');
    // Nobody comes: the customer is not kept for ever.
    expect(names(agent({ flag: { ...flag, raisedAt: now - 80_000 } }))).toEqual(['message:send']);
    expect(names(agent({ flag: { ...flag, raisedAt: now - 250_000 } }))).toEqual(['flag:lower', 'message:send']);
  });

  test('leaves a flag up that a person has taken, and answers in the side chat', () => {
    const claim = { personId: ines.id, at: now - 60_000 };
    const answered: Flag = { ...flag, claim, answeredAt: now - 50_000 };
    expect(names(agent({ flag: answered, played: [ines] }))).toEqual(['message:send']);
    expect(names(agent({ flag: answered }))).toEqual(['flag:lower', 'message:send']);
    const side = { personId: ines.id, lines: 1, at: now - 1000 };
    expect(names(agent({ flag: answered, played: [ines], side }))).toEqual(['side-chat:say', 'message:send']);
    expect(names(agent({ flag: answered, played: [ines], side: { ...side, personId: priya.id } }))).toEqual([
      'message:send',
    ]);
  });

  test('is silent towards the customer while a supervisor has joined', () => {
    const supervisors = [{ personId: ines.id, mode: 'joined' as const, since: now, policy: 'announced' as const }];
    expect(agent({ session: { supervisors } })).toEqual([]);
    expect(
      names(
        agent({
          session: {
            supervisors: [{ personId: ines.id, mode: 'monitoring', since: now, policy: 'announced' as const }],
          },
        }),
      ),
    ).toEqual(['message:send']);
  });

  test('lets a real visitor ring at a person of the team first', () => {
    expect(names(agent({ conversation: waiting, visitor: 'person', played: [omar] }))).toEqual(['offer:decline']);
    expect(names(agent({ conversation: waiting, visitor: 'person', played: [leo] }))).toEqual(['offer:accept']);
    expect(
      names(agent({ conversation: { ...waiting, passedBy: [omar.id] }, visitor: 'person', played: [omar] })),
    ).toEqual(['offer:accept']);
    expect(names(agent({ conversation: waiting, played: [omar] }))).toEqual(['offer:accept']);
  });

  test('passes a real visitor on to the only person who plays an agent, in another team', () => {
    const fresh: Conversation = { ...conversation, answeredAt: null };
    expect(agent({ conversation: fresh, visitor: 'person', played: [leo] })).toEqual([
      ['conversation:transfer', { conversationId: conversation.id, to: { kind: 'queue', queueId: travelQueue } }],
    ]);
    expect(names(agent({ conversation: fresh, visitor: 'person', played: [leo, omar] }))).toEqual(['message:send']);
    expect(names(agent({ conversation: fresh, visitor: 'person' }))).toEqual(['message:send']);
  });

  test('greets a real visitor, says what this is, and stays polite', () => {
    const texts = [0, 1, 2, 3].map((spoken) => {
      const first = spoken === 0 ? { ...conversation, answeredAt: null } : conversation;
      return agent({ conversation: first, visitor: 'person', spoken })[0]?.[1].text;
    });
    expect(texts[0]).toContain('this is Priya');
    expect(texts[1]).toContain('sign in as Priya Raman');
    expect(new Set(texts).size).toBeGreaterThanOrEqual(3);
  });

  test('waits while the customer’s own screen is not complete', () => {
    expect(agent({ visitor: 'coming' })).toEqual([]);
  });
});

describe('a simulated supervisor', () => {
  const claim = { personId: ines.id, at: now - 5000 };
  const mine: Flag = { ...flag, claim, claimedAt: claim.at };

  test('sees and takes a flag, but not where a person supervises the team', () => {
    expect(names(supervisor({ flag }))).toEqual(['flag:mark-seen', 'flag:claim']);
    expect(names(supervisor({ flag: { ...flag, deliveredAt: null } }))).toContain('flag:mark-delivered');
    expect(supervisor({ flag, played: [tomasz] })).toEqual([]);
    expect(supervisor({ flag: { ...flag, claim: { personId: tomasz.id, at: now } } })).toEqual([]);
  });

  test('finishes what they have taken, also after a person came', () => {
    expect(names(supervisor({ flag: mine, played: [tomasz] }))).toEqual(['side-chat:say']);
  });

  test('answers a request to join, speaks once, leaves, and lowers the flag as joined', () => {
    const join = { state: 'asked' as const, askedAt: now, answeredAt: null, answeredBy: null, word: null };
    expect(['supervision:join', 'flag:decline-join']).toContain(names(supervisor({ flag: { ...mine, join } }))[0]);
    const supervisors = [{ personId: ines.id, mode: 'joined' as const, since: now, policy: 'announced' as const }];
    const joined: Flag = { ...mine, joinedAt: now, joinedBy: [ines.id], answeredAt: now };
    const [spoken] = supervisor({ flag: joined, session: { supervisors } });
    expect(spoken?.[0]).toBe('message:send');
    expect(spoken?.[1].text).toMatch(/this is Ines.* a2$/);
    expect(names(supervisor({ flag: joined, session: { supervisors }, spoken: 1 }))).toEqual(['supervision:leave']);
    const left: Flag = { ...joined, joinedBy: [] };
    expect(supervisor({ flag: left })).toEqual([['flag:lower', { flagId, outcome: 'joined' }]]);
  });

  test('answers a person who asks further, and does not chat with a simulated agent', () => {
    const answered: Flag = { ...mine, answeredAt: now };
    const side = { personId: priya.id, lines: 2, at: now };
    expect(names(supervisor({ flag: answered, side, played: [priya] }))).toEqual(['side-chat:say']);
    expect(names(supervisor({ flag: answered, side }))).toEqual(['flag:lower']);
  });

  test('does not stay in a conversation whose flag is gone', () => {
    const supervisors = [{ personId: ines.id, mode: 'joined' as const, since: now, policy: 'announced' as const }];
    expect(names(supervisor({ session: { supervisors } }))).toEqual(['supervision:leave']);
  });
});

describe('a simulated customer', () => {
  const base: CustomerView = {
    now,
    name: 'Rosa Iglesias',
    queueId: bankingQueue,
    channel: 'chat',
    exchanges,
    conversation: { id: conversation.id, state: 'active', helpers: [], endsWithCustomer: false },
    said: { customer: 1, last: { id: 'l', from: 'staff', at: now - 1000 } },
    hasty: false,
    speed: 1,
  };
  const wants = (more: Partial<CustomerView>) =>
    [...customerWants({ ...base, ...more }).values()].map((want) => want.act);

  test('begins, goes on after an answer whoever gave it, and waits for one', () => {
    expect(wants({ conversation: null, said: { customer: 0, last: null } })).toEqual([
      { kind: 'start', name: 'Rosa Iglesias', queueId: bankingQueue, channel: 'chat', text: 'c1' },
    ]);
    expect(wants({})).toEqual([{ kind: 'say', conversationId: conversation.id, text: 'c2' }]);
    expect(wants({ said: { customer: 2, last: { id: 'l', from: 'customer', at: now - 30_000 } } })).toEqual([]);
  });

  test('leaves when all is said, or nobody answers for ten minutes', () => {
    const said = (customer: number, from: 'staff' | 'customer', ago: number) => ({
      said: { customer, last: { id: 'l', from, at: now - ago } },
    });
    expect(wants(said(3, 'staff', 100_000))).toEqual([]);
    expect(wants(said(3, 'staff', 160_000))).toMatchObject([{ kind: 'close' }]);
    expect(wants(said(2, 'customer', 590_000))).toEqual([]);
    expect(wants(said(2, 'customer', 610_000))).toMatchObject([{ kind: 'close' }]);
  });

  test('says nothing more once it is closed', () => {
    expect(
      wants({ conversation: { id: conversation.id, state: 'closed', helpers: [], endsWithCustomer: false } }),
    ).toEqual([]);
  });
});
