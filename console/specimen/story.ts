import type { LinkState } from '../../shared/client/connection.ts';
import type { Conversation } from '../../shared/contract/conversation.ts';
import type { Event } from '../../shared/contract/event.ts';
import type { Flag } from '../../shared/contract/flag.ts';
import type {
  ConversationId,
  CustomerId,
  EntryId,
  FlagId,
  Id,
  OfferId,
  OrganisationId,
  QueueId,
  ReasonId,
  SessionId,
  TeamId,
} from '../../shared/contract/id.ts';
import { isId } from '../../shared/contract/id.ts';
import { permissionsOf, type Role } from '../../shared/contract/permission.ts';
import type { Person, Status } from '../../shared/contract/person.ts';
import { organisationDefaults } from '../../shared/contract/policy.ts';
import type { Session } from '../../shared/contract/session.ts';
import type { Live } from '../../shared/live/apply.ts';
import { fromSnapshot } from '../../shared/live/apply.ts';

/*
 * A floor as it may stand at one moment. Customer and agent lines are from Schema-Guided Dialogue (Rastogi et al., 2020,
 * CC BY-SA 4.0).
 */

let counter = 0;
/** Ids that are the same at every load, so that an address can name them. */
function id<K extends string>(): Id<K> {
  counter += 1;
  const text = `01975000-0000-7000-8000-${counter.toString(16).padStart(12, '0')}`;
  if (!isId<K>(text)) throw new Error(text);
  return text;
}

const organisationId: OrganisationId = id();
const banking: TeamId = id();
const travel: TeamId = id();
const bankingQueue: QueueId = id();
const rentals: QueueId = id();
export const rosa: ConversationId = id();
const session: SessionId = id();
const flagId: FlagId = id();
const reasons = ['Approval needed', 'Policy question', 'Escalation', 'Something broke', 'I feel unsafe'].map(
  (name, at) => ({
    id: id<'reason'>() satisfies ReasonId,
    name,
    order: at + 1,
    targetMs: [4, 5, 4, 6, 1][at] ?? 5,
  }),
);

function person(name: string, role: Role, status: Status, at: number, more: Partial<Person> = {}): Person {
  return {
    id: id(),
    name,
    role,
    teamIds: [banking],
    supervises: [],
    status,
    statusSince: at,
    capacity: 5,
    reachable: true,
    active: true,
    ...more,
  };
}

export interface Told {
  readonly live: Live | null;
  readonly link: LinkState;
  readonly events: readonly Event[];
  readonly open: boolean;
  readonly transcript: 'ready' | 'loading' | 'failed';
  readonly typing: boolean;
  readonly at: number;
}

const people = (at: number) => ({
  priya: person('Priya Raman', 'agent', 'available', at, { teamIds: [banking, travel] }),
  leo: person('Leo Fontaine', 'agent', 'busy', at),
  marcus: person('Marcus Bell', 'agent', 'break', at),
  hana: person('Hana Sato', 'agent', 'offline', at, { reachable: false }),
  ines: person('Ines Okafor', 'supervisor', 'available', at, { supervises: [banking, travel] }),
  tomasz: person('Tomasz Wolny', 'supervisor', 'available', at, { supervises: [banking] }),
  mei: person('Mei Lin', 'supervisor', 'busy', at, { supervises: [banking] }),
});
let made: ReturnType<typeof people> | undefined;

const others = [
  ['James Williams', 'Yup! Please do reserve the car under the name JAMES WILLIAMS.', 252, 2, rentals],
  ['Fatima Zahra', 'I’ve changed my mind. I want to go to Mister Jiu’s. There’ll be three of us.', 65, 1, rentals],
  ['Liam O’Sullivan', 'Are two checked bags allowed?', 408, 1, rentals],
  ['Dianny Cole', 'What’s the cost to stay for one night? Please can I have their Street address?', 150, 0, rentals],
  ['Chen Wei', 'Could I assist with anything else?', null, 0, bankingQueue],
  ['Amara Okoye', 'What time will you pick it up?', null, 0, rentals],
] as const;

const lines = [
  ['customer', 'Okay, thanks.', 268],
  ['agent', 'Would you like to transfer money?', 255],
  ['customer', 'Yes, I am interested in transferring money', 248],
  ['agent', 'What amount would you like to transfer?', 230],
  ['customer', 'Please transfer 1,640 dollars to their checking account.', 214],
  ['agent', 'I’m sorry, I didn’t quite get who you would like the money sent to.', 176],
  ['customer', 'Sorry about that. Please send it to Philip.', 164],
  [
    'agent',
    'Okay, no problem. Let me see if I got everything correctly: Transfer $1,640 from my savings account to the checking account of Philip.',
    60,
  ],
  ['customer', 'That is correct.', 33],
  ['customer', 'Please tell me how long the transfer will take.', 21],
] as const;

const privately = [
  ['ines', 'I see your flag. Which account does it leave from?', 150],
  ['priya', 'Savings. Balance is $9,616.40, so it is covered.', 132],
  ['ines', 'Read the payee back to her first. Then I approve.', 108],
  ['priya', 'She confirmed Philip, checking. She also asks how long it takes.', 12],
] as const;

/** States: calm, raised, nobody, seen, claimed, declined, joined, offer, empty, loading, stale, failed, slow, reading, waiting, admin, long. */
export function tell(state: string, now: number): Told {
  made ??= people(now - 3_600_000);
  const { priya, leo, ines, tomasz, mei } = made;
  const ago = (seconds: number): number => now - seconds * 1000;
  const up = ['raised', 'nobody', 'seen', 'claimed', 'declined', 'joined', 'stale'].includes(state);
  const me = state === 'admin' ? person('Olga Petrova', 'admin', 'available', now) : priya;
  const talked = up && state !== 'raised' && state !== 'nobody';

  const flag: Flag = {
    id: flagId,
    sessionId: session,
    conversationId: rosa,
    agentId: priya.id,
    channel: 'chat',
    queueId: bankingQueue,
    teamId: banking,
    customerName: 'Rosa Iglesias',
    reasonId: reasons[0]?.id ?? id(),
    message: 'Transfer of $1,640 is above my limit. Need an approval.',
    raisedAt: ago(206),
    targetAt: ago(206) + 240_000,
    amendedAt: null,
    deliveredAt: state === 'nobody' ? null : ago(205),
    seenBy: talked ? [ines, tomasz, mei].map((one, at) => ({ personId: one.id, at: ago(201 - at) })) : [],
    claim: ['claimed', 'declined', 'joined'].includes(state) ? { personId: ines.id, at: ago(160) } : null,
    claimedAt: null,
    answeredAt: null,
    join:
      state === 'declined'
        ? {
            state: 'declined',
            askedAt: ago(206),
            answeredAt: ago(120),
            answeredBy: ines.id,
            word: 'Read the payee back first',
          }
        : talked
          ? {
              state: state === 'joined' ? 'accepted' : 'asked',
              askedAt: ago(206),
              answeredAt: null,
              answeredBy: ines.id,
              word: null,
            }
          : null,
    joinedAt: state === 'joined' ? ago(30) : null,
    joinedBy: state === 'joined' ? [ines.id] : [],
    source: { kind: 'agent' },
    reach: 'own',
    reachedAt: now,
    nextAt: null,
    lowered: null,
  };

  const agentId = state === 'reading' ? leo.id : priya.id;
  const conversation = (name: string, words: string, over: Partial<Conversation>): Conversation => ({
    id: id(),
    channel: 'chat',
    queueId: bankingQueue,
    teamId: banking,
    customerId: id<'customer'>() satisfies CustomerId,
    customerName: name,
    lifecycle: 'open',
    assigneeId: priya.id,
    sessionId: id(),
    queuedAt: null,
    offer: null,
    passedBy: [],
    startedAt: ago(900),
    answeredAt: ago(880),
    customerWaitsSince: null,
    unread: 0,
    lastLine: { author: 'customer', personId: null, text: words, at: ago(60) },
    closedAt: null,
    connectionId: null,
    reach: 'own',
    ...over,
  });
  const waits = state === 'waiting';
  const mine = conversation('Rosa Iglesias', 'Please tell me how long the transfer will take.', {
    id: rosa,
    sessionId: waits ? null : session,
    assigneeId: waits ? null : agentId,
    queuedAt: waits ? ago(290) : null,
    startedAt: ago(290),
    customerWaitsSince: ago(21),
    channel: state.startsWith('legacy') ? 'legacy' : state === 'messaging' ? 'messaging' : 'chat',
  });
  const conversations =
    state === 'empty'
      ? []
      : [
          mine,
          ...others.map(([name, words, waiting, unread, queueId]) =>
            conversation(name, words, {
              queueId,
              unread,
              customerWaitsSince: waiting === null ? null : ago(waiting),
              lastLine: {
                author: waiting === null ? 'agent' : 'customer',
                personId: waiting === null ? priya.id : null,
                text: words,
                at: ago(waiting ?? 222),
              },
            }),
          ),
        ];
  conversations.push(
    ...[700, 90].map((waiting, at) =>
      conversation(at === 0 ? 'Jonas Weber' : 'Elif Kaya', 'Please confirm: 1 11:30 am bus ticket from sacramento', {
        assigneeId: null,
        sessionId: null,
        queuedAt: ago(waiting),
        startedAt: ago(waiting),
        customerWaitsSince: ago(waiting),
        offer:
          state === 'offer' && at === 1
            ? { id: id<'offer'>() satisfies OfferId, personId: priya.id, madeAt: ago(6), expiresAt: ago(-24) }
            : null,
      }),
    ),
  );
  const held: Session = {
    id: session,
    conversationId: rosa,
    agentId,
    startedAt: ago(282),
    endedAt: null,
    endReason: null,
    flagId: up ? flagId : null,
    supervisors:
      state === 'joined'
        ? [{ personId: ines.id, mode: 'joined', since: ago(30), policy: 'announced' }]
        : talked
          ? [{ personId: ines.id, mode: 'monitoring', since: ago(150), policy: 'announced' }]
          : [],
    sideLines: talked ? privately.length : 0,
    sideRead: { [priya.id]: privately.length - 1 },
    sideLastAt: talked ? ago(12) : null,
    reach: 'own',
    ruleIds: [],
  };

  const crowd = Object.values(made).map((one) =>
    state === 'nobody' && one.role === 'supervisor' ? { ...one, reachable: false } : one,
  );
  const live = fromSnapshot({
    organisationId,
    epoch: 'specimen',
    position: 100,
    at: now,
    me: { personId: me.id, permissions: permissionsOf[me.role] },
    organisation: {
      id: organisationId,
      name: 'Northlight Support',
      parentId: null,
      demo: true,
      ...organisationDefaults,
    },
    people: state === 'admin' ? [...crowd, me] : crowd,
    teams: [
      { id: banking, name: 'Banking', active: true, legacyFlag: state === 'legacy on' },
      { id: travel, name: 'Travel', active: true, legacyFlag: false },
    ],
    queues: [
      { id: bankingQueue, name: 'Banking', teamId: banking, active: true },
      { id: rentals, name: 'Rentals', teamId: travel, active: true },
    ],
    reasons: reasons.map((one) => ({ ...one, targetMs: one.targetMs * 60_000, active: true })),
    conversations,
    sessions: waits ? [] : [held],
    flags: up ? [flag] : [],
    recentFlags: [],
    minutes: [],
  });

  return {
    live: state === 'loading' ? null : live,
    link: state === 'stale' ? 'stale' : state === 'loading' ? 'connecting' : 'live',
    events: eventsOf({
      ago,
      priya,
      ines,
      flag: up ? flag : null,
      talked,
      joined: state === 'joined',
      mine,
      held,
      long: state === 'long',
    }),
    open: state !== 'empty' && state !== 'loading',
    transcript: state === 'failed' ? 'failed' : state === 'slow' ? 'loading' : 'ready',
    typing: state === 'seen' || state === 'claimed',
    at: now,
  };
}

interface Telling {
  readonly ago: (seconds: number) => number;
  readonly priya: Person;
  readonly ines: Person;
  readonly flag: Flag | null;
  readonly talked: boolean;
  readonly joined: boolean;
  readonly mine: Conversation;
  readonly held: Session;
  readonly long: boolean;
}

function eventsOf({ ago, priya, ines, flag, talked, joined, mine, held, long }: Telling): readonly Event[] {
  const system = { kind: 'system' } as const;
  const customer = { kind: 'customer', id: mine.customerId } as const;
  const by = (one: Person) => ({ kind: 'person', id: one.id }) as const;
  const entry = (): EntryId => id();
  const stamp = (seconds: number) => ({ organisationId, position: 0, at: ago(seconds) });
  const events: Event[] = [
    {
      type: 'conversation:started',
      conversationId: rosa,
      conversation: { ...mine, assigneeId: null },
      by: customer,
      ...stamp(290),
    },
    { type: 'session:started', conversationId: rosa, session: held, by: by(priya), ...stamp(282) },
    {
      type: 'conversation:assigned',
      conversationId: rosa,
      personId: held.agentId,
      conversation: mine,
      by: system,
      ...stamp(282),
    },
    ...lines.map(
      ([author, text, seconds]): Event => ({
        type: 'message:sent',
        conversationId: rosa,
        entryId: entry(),
        author,
        personId: author === 'agent' ? held.agentId : null,
        text,
        by: author === 'agent' ? by(priya) : customer,
        ...stamp(seconds),
      }),
    ),
  ];
  if (flag) {
    events.push({
      type: 'flag:raised',
      conversationId: rosa,
      flag,
      entryId: entry(),
      text: flag.message,
      by: by(priya),
      ...stamp(206),
    });
    if (flag.claim)
      events.push({
        type: 'flag:claimed',
        conversationId: rosa,
        sessionId: session,
        flagId,
        personId: ines.id,
        by: by(ines),
        ...stamp(160),
      });
    if (flag.join?.state === 'declined')
      events.push({
        type: 'flag:join-declined',
        conversationId: rosa,
        sessionId: session,
        flagId,
        personId: ines.id,
        entryId: entry(),
        text: flag.join.word ?? '',
        by: by(ines),
        ...stamp(120),
      });
  }
  if (talked) {
    events.push({
      type: 'supervision:monitored',
      conversationId: rosa,
      sessionId: session,
      personId: ines.id,
      agentId: priya.id,
      policy: 'announced',
      by: by(ines),
      ...stamp(155),
    });
    for (const [who, text, seconds] of privately) {
      const one = who === 'ines' ? ines : priya;
      events.push({
        type: 'side-chat:said',
        conversationId: rosa,
        sessionId: session,
        entryId: entry(),
        personId: one.id,
        text,
        by: by(one),
        ...stamp(seconds),
      });
    }
  }
  if (joined) {
    events.push({
      type: 'supervision:joined',
      conversationId: rosa,
      sessionId: session,
      personId: ines.id,
      by: by(ines),
      ...stamp(30),
    });
    events.push({
      type: 'message:sent',
      conversationId: rosa,
      entryId: entry(),
      author: 'supervisor',
      personId: ines.id,
      text: 'It will take 3 business days for the transfer to be effected.',
      by: by(ines),
      ...stamp(8),
    });
  }
  if (long)
    for (let at = 0; at < 300; at += 1)
      events.push({
        type: 'message:sent',
        conversationId: rosa,
        entryId: entry(),
        author: at % 2 === 0 ? 'customer' : 'agent',
        personId: at % 2 === 0 ? null : held.agentId,
        text: `Line ${at} of a long talk${' that goes on'.repeat(at % 7)}`,
        by: at % 2 === 0 ? customer : by(priya),
        ...stamp(4000 - at * 10),
      });
  return events.sort((a, b) => a.at - b.at).map((event, at) => ({ ...event, position: at + 1 }));
}
