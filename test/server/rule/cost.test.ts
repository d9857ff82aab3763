import { expect, test } from 'vitest';
import { conversationNoun } from '../../../server/conversation/conversation.ts';
import { watchersNoun } from '../../../server/escalation/escalation.ts';
import type { Context, Noun } from '../../../server/hub/room.ts';
import { BatchState, Loaded, NotLoaded } from '../../../server/hub/state.ts';
import { send } from '../../../server/message/send.ts';
import { organisationNoun } from '../../../server/organisation/organisation.ts';
import { personNoun } from '../../../server/person/person.ts';
import { reasonNoun } from '../../../server/reason/reason.ts';
import { Books } from '../../../server/rule/books.ts';
import { hearing } from '../../../server/rule/hear.ts';
import { activeRulesNoun, ruleSetNoun } from '../../../server/rule/rule.ts';
import { sessionNoun } from '../../../server/session/session.ts';
import type { Conversation } from '../../../shared/contract/conversation.ts';
import type { EventOf } from '../../../shared/contract/event.ts';
import type { Organisation, Reason } from '../../../shared/contract/organisation.ts';
import type { Person } from '../../../shared/contract/person.ts';
import { organisationDefaults } from '../../../shared/contract/policy.ts';
import type { Rule } from '../../../shared/contract/rule.ts';
import type { Session } from '../../../shared/contract/session.ts';
import { newId } from '../../../shared/contract/uuid.ts';

/** What a line asks the database for, seen without one: whatever is not loaded is asked for, and that is a round trip more. */
const organisationId = newId<'organisation'>(0);
const customerId = newId<'customer'>(0);
const agent: Person = {
  id: newId<'person'>(0),
  name: 'Priya',
  role: 'agent',
  teamIds: [newId<'team'>(0)],
  supervises: [],
  status: 'available',
  statusSince: 0,
  capacity: 3,
  reachable: true,
  active: true,
};
const reason: Reason = { id: newId<'reason'>(0), name: 'Approval needed', order: 1, targetMs: 60_000, active: true };
const session: Session = {
  id: newId<'session'>(0),
  conversationId: newId<'conversation'>(0),
  agentId: agent.id,
  startedAt: 0,
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
const conversation: Conversation = {
  id: session.conversationId,
  channel: 'chat',
  connectionId: null,
  queueId: newId<'queue'>(0),
  teamId: agent.teamIds[0] ?? newId<'team'>(0),
  customerId,
  customerName: 'Rosa',
  lifecycle: 'open',
  assigneeId: agent.id,
  sessionId: session.id,
  queuedAt: null,
  offer: null,
  passedBy: [],
  startedAt: 0,
  answeredAt: null,
  customerWaitsSince: null,
  unread: 0,
  lastLine: null,
  closedAt: null,
  reach: 'own',
};
const organisation: Organisation = {
  id: organisationId,
  name: 'Northlight',
  parentId: null,
  demo: false,
  ...organisationDefaults,
};
const rule: Rule = {
  id: newId<'rule'>(0),
  name: 'Refunds',
  active: true,
  side: 'customer',
  channels: [],
  queueIds: [],
  reasonId: reason.id,
  words: { any: ['refund'], all: [], near: null, not: [] },
};
const context: Context = {
  organisationId,
  actor: { kind: 'customer', id: customerId },
  commandId: newId<'command'>(0),
  now: 1000,
  fallback: null,
  newId: () => newId(0),
};
const said = (text: string): EventOf<'message:sent'> => ({
  type: 'message:sent',
  conversationId: conversation.id,
  entryId: newId<'entry'>(0),
  author: 'customer',
  personId: null,
  text,
  organisationId,
  position: 7,
  at: 1000,
  by: { kind: 'customer', id: customerId },
});

type Put = <Row>(noun: Noun<Row>, id: string, row: Row | undefined) => void;

function state(fill: (put: Put) => void): BatchState {
  const loaded = new Loaded();
  fill((noun, id, row) => loaded.put(noun as Noun<unknown>, [id], new Map(row === undefined ? [] : [[id, row]])));
  return new BatchState(loaded, []);
}
/** What a line finds: exactly what `message:send` says it needs, at some version of the rules. */
const asNeeded = (version: number | null) => (put: Put) => {
  put(conversationNoun, conversation.id, conversation);
  put(ruleSetNoun, organisationId, version === null ? undefined : { version });
};
function asks(run: () => unknown): string[] {
  try {
    run();
    return [];
  } catch (error) {
    if (!(error instanceof NotLoaded)) throw error;
    return error.needs.map(({ noun }) => noun.kind).sort();
  }
}

test('S1.17 what a line needs holds all that hearing it needs', () => {
  const input = { conversationId: conversation.id, text: 'Hello' };
  const needs = send.needs(input, { kind: 'customer', id: customerId }, organisationId);
  expect(needs.map(({ noun }) => noun.kind)).toEqual(['conversation', 'rule set']);
});

test('S1.17 without rules, or without a match, a line asks for nothing more; the rules are read once for each version', () => {
  const books = new Books();
  const hear = hearing(books);
  expect(asks(() => hear(said('A refund'), state(asNeeded(null)), context))).toEqual([]);
  // Unknown version: the rules, in one go.
  expect(asks(() => hear(said('Hello'), state(asNeeded(3)), context))).toEqual(['active rules']);
  const withRules = state((put) => {
    asNeeded(3)(put);
    put(activeRulesNoun, organisationId, [rule]);
  });
  expect(hear(said('Hello'), withRules, context)).toEqual([]);
  for (let lines = 0; lines < 3; lines += 1)
    expect(asks(() => hear(said('Hello'), state(asNeeded(3)), context))).toEqual([]);
  // Another version is another set; an older one is not taken for it.
  expect(asks(() => hear(said('Hello'), state(asNeeded(4)), context))).toEqual(['active rules']);
});

test('S1.17 a match asks once for everything that a flag needs', () => {
  const books = new Books();
  books.keep(organisationId, 3, [rule]);
  const hear = hearing(books);
  expect(asks(() => hear(said('A refund'), state(asNeeded(3)), context))).toEqual([
    'organisation',
    'person',
    'reason',
    'session',
    'watchers',
  ]);
});

const whole =
  (fallback: Organisation['fallback'] = null) =>
  (put: Put) => {
    asNeeded(3)(put);
    put(sessionNoun, session.id, session);
    put(organisationNoun, organisationId, { ...organisation, fallback });
    put(personNoun, agent.id, agent);
    put(watchersNoun, agent.id, { own: 1, supervisors: 1, everyone: 1 });
    put(reasonNoun, reason.id, reason);
  };

test('S1.17 where this hub finds that flags would not arrive, a rule raises none', () => {
  const books = new Books();
  books.keep(organisationId, 3, [rule]);
  const hear = hearing(books);
  const line = said('A refund');
  expect(hear(line, state(whole()), context)).toMatchObject([{ fact: { type: 'flag:raised' } }]);
  for (const why of ['hub_behind', 'read_only'] as const)
    expect(hear(line, state(whole()), { ...context, fallback: { why, since: 0 } })).toEqual([]);
  const switched = { by: agent.id, since: 0, note: 'Drill' };
  expect(hear(line, state(whole(switched)), context)).toEqual([]);
});

test('S1.17 a hub holds the rules of many organisations, and not of all there ever were', () => {
  const books = new Books();
  const ids = Array.from({ length: 300 }, () => newId<'organisation'>(0));
  for (const id of ids) books.keep(id, 1, [rule]);
  expect(ids.filter((id) => books.of(id, 1) !== undefined)).toEqual(ids.slice(-200));
  expect(books.of(ids.at(-1) ?? organisationId, 2)).toBeUndefined();
});
