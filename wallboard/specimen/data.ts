import type { Conversation } from '../../shared/contract/conversation.ts';
import type { Event } from '../../shared/contract/event.ts';
import type { Flag } from '../../shared/contract/flag.ts';
import type { Id } from '../../shared/contract/id.ts';
import { isId } from '../../shared/contract/id.ts';
import { outcomes } from '../../shared/contract/outcome.ts';
import { permissionsOf } from '../../shared/contract/permission.ts';
import type { Person, Status } from '../../shared/contract/person.ts';
import { organisationDefaults } from '../../shared/contract/policy.ts';
import type { Session } from '../../shared/contract/session.ts';
import type { Minute, RecentFlag, Snapshot } from '../../shared/contract/snapshot.ts';
import { recentFlag } from '../../shared/live/apply.ts';
import { startOfMinute } from '../../shared/live/minute.ts';

/** Ids that can be read: the kind's digit and a number. */
export function idOf<K extends string>(kind: number, number: number): Id<K> {
  const text = `0000000${kind}-0000-7000-8000-${String(number).padStart(12, '0')}`;
  if (!isId<K>(text)) throw new RangeError(`${text} is no id.`);
  return text;
}

const teamNames = ['Banking', 'Flights', 'Hotels', 'Buses', 'Health', 'Travel'];
const reasonNames = ['Approval needed', 'Escalation', 'Policy question', 'Something broke'];
const targets = [4, 4, 6, 10].map((minutes) => minutes * 60_000);

/** Name, status, minutes in it, load, capacity, team, customer, last line: agent and customer lines are from the Schema-Guided Dialogue data. */
const agentRows: readonly (readonly [string, Status, number, number, number, number, string, string])[] = [
  ['Marcus Bell', 'busy', 18.7, 5, 5, 1, 'Omar Haddad', 'Thanks that is all for today.'],
  ['Priya Raman', 'available', 42.1, 3, 5, 0, 'Rosa Iglesias', 'Please tell me how long the transfer will take.'],
  ['Leo Fontaine', 'busy', 9.5, 4, 4, 2, 'Dianny Cole', 'Yup! good. Do they allow smoking inside the premises?'],
  ['Hana Sato', 'busy', 27.2, 4, 5, 3, 'Grace Mbeki', 'That’s fine then.'],
  ['Nils Berg', 'busy', 31.8, 2, 3, 4, 'Yuki Tanabe', 'No, the appointment needs to be at evening 5.'],
  ['Aisha Diallo', 'available', 12.3, 2, 5, 5, 'Sam Oyelaran', 'Is that a free attraction?'],
  ['Sofia Rossi', 'available', 55, 1, 5, 5, 'Ben Frost', 'Are there any other attractions that are kid friendly?'],
  ['Kwame Mensah', 'break', 6.2, 0, 5, 5, '', ''],
  [
    'Elena Petrova',
    'busy',
    14.7,
    5,
    5,
    1,
    'Ida Lund',
    'Which airport does the flight leave? Does it arrive the next day?',
  ],
  ['Tom Hughes', 'available', 1.3, 0, 4, 0, '', ''],
  ['Mina Park', 'busy', 22.1, 3, 4, 2, 'Joel Ortiz', 'Could you find me a hotel?'],
  ['Anouk Visser', 'available', 33.3, 3, 5, 0, 'Ravi Nair', 'What is the balance of my checking account?'],
  ['Diego Ramos', 'busy', 4.9, 4, 4, 3, 'Mia Weber', 'Okay, I’d like to reserve that bus.'],
  ['Yara Haddad', 'offline', 190, 0, 5, 4, '', ''],
];

const dialogue: readonly (readonly ['customer' | 'agent', string])[] = [
  ['customer', 'Please transfer 1,640 dollars to their checking account.'],
  ['agent', 'I’m sorry, I didn’t quite get who you would like the money sent to.'],
  ['customer', 'Sorry about that. Please send it to Philip.'],
  [
    'agent',
    'Okay, no problem. Let me see if I got everything correctly: Transfer $1,640 from my savings account to the checking account of Philip.',
  ],
  ['customer', 'That is correct.'],
  ['customer', 'Please tell me how long the transfer will take.'],
];

export const meId = idOf<'person'>(1, 900_000);
const organisationId = idOf<'organisation'>(9, 1);

function person(id: number, name: string, rest: Partial<Person>): Person {
  return {
    id: idOf(1, id),
    name,
    role: 'agent',
    teamIds: [],
    supervises: [],
    status: 'available',
    statusSince: 0,
    capacity: 5,
    reachable: true,
    active: true,
    ...rest,
  };
}

export interface Picture {
  /** Flags on the board: none, the usual five, or this many. */
  readonly flags: number;
  readonly agents: number;
  readonly role: 'supervisor' | 'admin' | 'agent';
  /** How this screen takes part in Priya's session. */
  readonly part: 'none' | 'monitoring' | 'joined';
}

/** A floor as it might stand at `now`: the one of the design, or a larger one. */
export function floorAt(now: number, picture: Picture): { snapshot: Snapshot; transcript: readonly Event[] } {
  const ago = (minutes: number): number => now - Math.round(minutes * 60_000);
  const teams = teamNames.map((name, at) => ({ id: idOf<'team'>(2, at + 1), name, active: true, legacyFlag: false }));
  const queues = teams.map((team, at) => ({
    id: idOf<'queue'>(3, at + 1),
    name: team.name,
    teamId: team.id,
    active: true,
  }));
  const teamId = (at: number): Id<'team'> => idOf(2, (at % teams.length) + 1);
  const reasons = reasonNames.map((name, at) => ({
    id: idOf<'reason'>(4, at + 1),
    name,
    order: at + 1,
    targetMs: targets[at] ?? 240_000,
    active: true,
  }));
  const people: Person[] = [
    person(900_000, 'Ines Okafor', {
      role: picture.role,
      supervises: picture.role === 'supervisor' ? teams.map((team) => team.id) : [],
      statusSince: ago(80),
    }),
    person(900_001, 'Tomasz Wolny', {
      role: 'supervisor',
      supervises: teams.map((team) => team.id),
      statusSince: ago(20),
    }),
    person(900_002, 'Mei Lin', { role: 'admin', statusSince: ago(20) }),
  ];
  const conversations: Conversation[] = [];
  const sessions: Session[] = [];
  const talk = (number: number, agent: number | null, team: number, customer: string, line: string): Conversation => {
    const queued = agent === null ? now - 9_000 * (number % 7) - 4_000 : null;
    return {
      id: idOf(5, number),
      channel: 'chat',
      queueId: idOf(3, (team % teams.length) + 1),
      teamId: teamId(team),
      customerId: idOf(6, number),
      customerName: customer,
      lifecycle: 'open',
      assigneeId: agent === null ? null : idOf(1, agent),
      sessionId: agent === null ? null : idOf(7, number),
      queuedAt: queued,
      offer: null,
      passedBy: [],
      startedAt: ago(12),
      answeredAt: agent === null ? null : ago(11),
      customerWaitsSince: number % 3 === 0 ? null : ago(0.3 + (number % 5) / 2),
      unread: 0,
      lastLine: line === '' ? null : { author: 'customer', personId: null, text: line, at: ago(0.3) },
      closedAt: null,
      connectionId: null,
      reach: 'own',
    };
  };
  for (let at = 0; at < picture.agents; at += 1) {
    const row = agentRows[at % agentRows.length];
    if (row === undefined) continue;
    const [name, status, minutes, load, capacity, team, customer, line] = row;
    const round = Math.floor(at / agentRows.length);
    people.push(
      person(at, round === 0 ? name : `${name} ${round + 1}`, {
        teamIds: [teamId(team)],
        status,
        statusSince: ago(minutes),
        capacity,
      }),
    );
    for (let one = 0; one < load; one += 1) {
      const number = at * 10 + one;
      conversations.push(talk(number, at, team, one === 0 ? customer : `${customer.split(' ')[0]} ${one}`, line));
      sessions.push({
        id: idOf(7, number),
        conversationId: idOf(5, number),
        agentId: idOf(1, at),
        startedAt: ago(11),
        endedAt: null,
        endReason: null,
        flagId: one === 0 && at < picture.flags ? idOf(8, at + 1) : null,
        supervisors:
          number === 10 && picture.part !== 'none'
            ? [{ personId: meId, mode: picture.part, since: ago(2), policy: 'announced' }]
            : [],
        sideLines: number === 10 ? 4 : 0,
        sideRead: number === 10 ? { [meId]: 3 } : {},
        sideLastAt: number === 10 ? ago(0.5) : null,
        reach: 'own',
        ruleIds: [],
      });
    }
  }
  for (let at = 0; at < 14; at += 1)
    conversations.push(talk(900_000 + at, null, at, `Waiting ${at + 1}`, 'I would like to check my balance.'));

  const flag = (at: number, rest: Partial<Flag>): Flag => {
    const raisedAt = rest.raisedAt ?? ago(1 + (at % 40) / 10);
    const reason = reasons[at % reasons.length];
    const row = agentRows[at % agentRows.length];
    return {
      id: idOf(8, at + 1),
      sessionId: idOf(7, at * 10),
      conversationId: idOf(5, at * 10),
      agentId: idOf(1, at),
      channel: 'chat',
      queueId: idOf(3, ((row?.[5] ?? 0) % teams.length) + 1),
      teamId: teamId(row?.[5] ?? 0),
      customerName: row?.[6] || 'Jo Park',
      reasonId: reason?.id ?? idOf(4, 1),
      message: 'Can somebody look at this one with me?',
      raisedAt,
      targetAt: raisedAt + (reason?.targetMs ?? 240_000),
      amendedAt: null,
      deliveredAt: raisedAt + 300,
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
      ...rest,
    };
  };
  const seenBy = (count: number) =>
    [900_002, 900_001, 900_003, 900_004]
      .slice(0, count)
      .map((one) => ({ personId: idOf<'person'>(1, one), at: ago(1) }));
  const usual: Flag[] = [
    flag(0, {
      raisedAt: ago(5.2),
      targetAt: ago(1.2),
      message: 'He wants two tickets at $836, I reserved one. He asks for a manager.',
      reasonId: idOf(4, 2),
    }),
    flag(1, {
      raisedAt: ago(3.433),
      targetAt: ago(3.433) + 240_000,
      message: 'Transfer of $1,640 is above my limit. Need an approval.',
      seenBy: seenBy(3),
      join: { state: 'asked', askedAt: ago(3), answeredAt: null, answeredBy: null, word: null },
      reasonId: idOf(4, 1),
    }),
    flag(2, {
      raisedAt: ago(0.117),
      targetAt: ago(0.117) + 360_000,
      message: 'Hotel refuses smoking at 45 Park Lane. Can we move her?',
      reasonId: idOf(4, 3),
    }),
    flag(3, {
      raisedAt: ago(6.033),
      message: 'The 10:15 bus sold out while I booked it for 4. May I cover the difference?',
      seenBy: seenBy(3),
      claim: { personId: meId, at: ago(5) },
      claimedAt: ago(5),
      reasonId: idOf(4, 1),
    }),
    flag(4, {
      raisedAt: ago(9.8),
      message: 'Booking tool refused three slots. Can someone book 5:30 pm by hand?',
      seenBy: seenBy(4),
      claim: { personId: idOf(1, 900_001), at: ago(8) },
      claimedAt: ago(8),
      joinedAt: ago(7),
      joinedBy: [idOf(1, 900_001)],
      reasonId: idOf(4, 4),
    }),
  ];
  const flags =
    picture.flags <= usual.length
      ? usual.slice(0, picture.flags)
      : [...usual, ...Array.from({ length: picture.flags - usual.length }, (_, at) => flag(at + 5, {}))];

  const recentFlags = Array.from(
    { length: 37 },
    (_, at): RecentFlag => ({
      id: idOf<'flag'>(8, 5000 + at),
      agentId: idOf<'person'>(1, at % 12),
      teamId: teamId(at),
      queueId: idOf(3, (at % teamNames.length) + 1),
      reasonId: idOf(4, (at % reasonNames.length) + 1),
      channel: at % 5 === 0 ? 'messaging' : 'chat',
      by: at % 9 === 0 ? 'rule' : 'agent',
      raisedAt: ago(10 + at * 14),
      targetAt: ago(10 + at * 14) + 240_000,
      claimedAt: ago(9.6 + at * 14),
      answeredAt: ago(10 + at * 14) + 20_000 + ((at * 7919) % 41) * 4_100,
      joinedAt: at % 3 === 0 ? ago(9 + at * 14) : null,
      lowered: { at: ago(6 + at * 14), outcome: outcomes[at % outcomes.length] ?? null, reason: 'lowered' },
    }),
  );
  const minute = startOfMinute(now);
  const minutes: Minute[] = Array.from({ length: 60 }, (_, back) => ({
    teamId: teamId(back),
    at: minute - back * 60_000,
    started: 6 + ((back * 5) % 4),
    closed: 5 + ((back * 3) % 4),
    queued: 6 + ((back * 7) % 5),
    dequeued: 6 + ((back * 3) % 5),
    answered: 6,
    answeredInTime: back < 8 ? 6 : 5 - (back % 2),
    longestWait: 15_000 + ((back * 13) % 30) * 1000,
  }));

  const snapshot: Snapshot = {
    organisationId,
    epoch: 'specimen',
    position: 1000,
    at: now,
    me: { personId: meId, permissions: permissionsOf[picture.role] },
    organisation: {
      id: organisationId,
      name: 'Northlight Support',
      parentId: null,
      demo: true,
      ...organisationDefaults,
    },
    people,
    teams,
    queues,
    reasons,
    conversations,
    sessions,
    flags,
    recentFlags: [...recentFlags, ...flags.map(recentFlag)],
    minutes,
  };
  return { snapshot, transcript: transcriptAt(now) };
}

function transcriptAt(now: number): readonly Event[] {
  const start = now - 260_000;
  const agentId = idOf<'person'>(1, 1);
  const conversationId = idOf<'conversation'>(5, 10);
  const sessionId = idOf<'session'>(7, 10);
  const lines: Event[] = dialogue.map(([author, text], at) => ({
    type: 'message:sent',
    conversationId,
    entryId: idOf(5, 7000 + at),
    author,
    personId: author === 'agent' ? agentId : null,
    text,
    organisationId,
    position: 100 + at * 10,
    at: start + at * 35_000,
    by: author === 'agent' ? { kind: 'person', id: agentId } : { kind: 'customer', id: idOf(6, 10) },
  }));
  const side: Event[] = [
    [meId, 'I see your flag. Which account does it leave from?'] as const,
    [agentId, 'Savings. Balance is $9,616.40, so it is covered.'] as const,
    [meId, 'Read the payee back to her first. Then I approve.'] as const,
    [agentId, 'She confirmed Philip, checking. She also asks how long it takes.'] as const,
  ].map(([personId, text], at) => ({
    type: 'side-chat:said',
    conversationId,
    sessionId,
    entryId: idOf(5, 8000 + at),
    personId,
    text,
    organisationId,
    position: 125 + at * 8,
    at: start + 80_000 + at * 24_000,
    by: { kind: 'person', id: personId },
  }));
  return [...lines, ...side].sort((a, b) => a.position - b.position);
}
