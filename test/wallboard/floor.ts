import { vi } from 'vitest';
import type { Conversation } from '../../shared/contract/conversation.ts';
import type { Flag } from '../../shared/contract/flag.ts';
import { permissionsOf, type Role } from '../../shared/contract/permission.ts';
import type { Person } from '../../shared/contract/person.ts';
import { organisationDefaults } from '../../shared/contract/policy.ts';
import type { Answer } from '../../shared/contract/refusal.ts';
import type { Session } from '../../shared/contract/session.ts';
import type { Minute, Snapshot } from '../../shared/contract/snapshot.ts';
import { fromSnapshot, type Live } from '../../shared/live/apply.ts';
import { Now } from '../../shared/ui/now.svelte.ts';
import { Board } from '../../wallboard/board.svelte.ts';
import { idOf } from '../../wallboard/specimen/data.ts';
import { FloorDouble, TranscriptDouble } from '../../wallboard/specimen/doubles.svelte.ts';

/** 2026-11-20T12:00:30Z: half a minute into a minute. */
export const noon = Date.UTC(2026, 10, 20, 12, 0, 30);
export const banking = idOf<'team'>(2, 1);
export const travel = idOf<'team'>(2, 2);
export const queue = { banking: idOf<'queue'>(3, 1), travel: idOf<'queue'>(3, 2) };
export const reason = idOf<'reason'>(4, 1);
export const priya = idOf<'person'>(1, 1);
export const leo = idOf<'person'>(1, 2);
export const ines = idOf<'person'>(1, 10);
export const tomasz = idOf<'person'>(1, 11);
export const marta = idOf<'person'>(1, 12);

export function person(rest: Partial<Person> & Pick<Person, 'id' | 'name'>): Person {
  return {
    role: 'agent',
    teamIds: [],
    supervises: [],
    status: 'available',
    statusSince: noon - 60_000,
    capacity: 3,
    reachable: true,
    active: true,
    ...rest,
  };
}

export const people: readonly Person[] = [
  person({ id: priya, name: 'Priya Raman', teamIds: [banking] }),
  person({ id: leo, name: 'Leo Fontaine', teamIds: [travel] }),
  person({ id: ines, name: 'Ines Okafor', role: 'supervisor', supervises: [banking, travel] }),
  person({ id: tomasz, name: 'Tomasz Wolny', role: 'supervisor', supervises: [banking] }),
  person({ id: marta, name: 'Marta Lind', role: 'admin' }),
];

export function conversation(number: number, rest: Partial<Conversation> = {}): Conversation {
  return {
    id: idOf(5, number),
    channel: 'chat',
    queueId: queue.banking,
    teamId: banking,
    customerId: idOf(6, number),
    customerName: `Customer ${number}`,
    lifecycle: 'open',
    assigneeId: null,
    sessionId: null,
    queuedAt: noon - 1000,
    offer: null,
    passedBy: [],
    startedAt: noon - 1000,
    answeredAt: null,
    customerWaitsSince: null,
    unread: 0,
    lastLine: null,
    closedAt: null,
    connectionId: null,
    reach: 'own',
    ...rest,
  };
}

export function session(number: number, rest: Partial<Session> = {}): Session {
  return {
    id: idOf(7, number),
    conversationId: idOf(5, number),
    agentId: priya,
    startedAt: noon - 60_000,
    endedAt: null,
    endReason: null,
    supervisors: [],
    flagId: null,
    sideLines: 0,
    sideRead: {},
    sideLastAt: null,
    reach: 'own',
    ruleIds: [],
    ...rest,
  };
}

export function flag(number: number, rest: Partial<Flag> = {}): Flag {
  return {
    id: idOf(8, number),
    sessionId: idOf(7, number),
    conversationId: idOf(5, number),
    agentId: priya,
    channel: 'chat',
    queueId: queue.banking,
    teamId: banking,
    customerName: `Customer ${number}`,
    reasonId: reason,
    message: 'Can somebody look at this?',
    raisedAt: noon - number * 1000,
    targetAt: noon - number * 1000 + 240_000,
    amendedAt: null,
    deliveredAt: null,
    seenBy: [],
    claim: null,
    claimedAt: null,
    answeredAt: null,
    join: null,
    joinedAt: null,
    joinedBy: [],
    source: { kind: 'agent' },
    reach: 'own',
    reachedAt: noon,
    nextAt: null,
    lowered: null,
    ...rest,
  };
}

export function minute(back: number, rest: Partial<Minute> = {}): Minute {
  return {
    teamId: banking,
    at: noon - (noon % 60_000) - back * 60_000,
    started: 0,
    closed: 0,
    queued: 0,
    dequeued: 0,
    answered: 0,
    answeredInTime: 0,
    longestWait: 0,
    ...rest,
  };
}

/** What a person sees of a small floor: two teams, two agents, two supervisors, an admin. */
export function live(
  parts: Partial<Pick<Snapshot, 'conversations' | 'sessions' | 'flags' | 'recentFlags' | 'minutes' | 'people'>> = {},
  me = ines,
  role: Role = 'supervisor',
): Live {
  return fromSnapshot({
    organisationId: idOf(9, 1),
    epoch: 'test',
    position: 1,
    at: noon,
    me: { personId: me, permissions: permissionsOf[role] },
    organisation: { id: idOf(9, 1), name: 'Northlight Support', parentId: null, demo: false, ...organisationDefaults },
    people,
    teams: [
      { id: banking, name: 'Banking', active: true, legacyFlag: false },
      { id: travel, name: 'Travel', active: true, legacyFlag: false },
    ],
    queues: [
      { id: queue.banking, name: 'Banking', teamId: banking, active: true },
      { id: queue.travel, name: 'Travel', teamId: travel, active: true },
    ],
    reasons: [{ id: reason, name: 'Approval needed', order: 1, targetMs: 240_000, active: true }],
    conversations: [],
    sessions: [],
    flags: [],
    recentFlags: [],
    minutes: [],
    ...parts,
  });
}

/** A floor that answers every command with `answer`, and notes what was asked with its input. */
export class TalkingFloor extends FloorDouble {
  answer: Answer<never> = { ok: true, position: 2, value: null as never };
  readonly sent: { readonly name: string; readonly input: unknown }[] = [];

  override hubNow(): number {
    return noon;
  }

  override async send(name: string, input?: unknown): Promise<Answer<never>> {
    this.sent.push({ name, input });
    return this.answer;
  }
}

/** A board on such a floor, live. */
export function boardOn(start: Live): { floor: TalkingFloor; board: Board } {
  const floor = new TalkingFloor();
  floor.live = start;
  floor.link = 'live';
  floor.heardAt = noon;
  const now = new Now({
    wall: () => noon,
    setTimeout: vi.fn(),
    clearTimeout: vi.fn(),
    page: { hidden: false, addEventListener: vi.fn(), removeEventListener: vi.fn() },
  });
  const board = new Board({ floor, now, transcript: () => new TranscriptDouble([]), storage: undefined });
  return { floor, board };
}
