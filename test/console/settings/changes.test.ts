import { describe, expect, test, vi } from 'vitest';
import { changeWords } from '../../../console/settings/change-words.ts';
import { ChangeList } from '../../../console/settings/changes.svelte.ts';
import type { Result } from '../../../shared/client/session.ts';
import type { SettingsEvent, SettingsEventType } from '../../../shared/contract/change.ts';
import type { Event, FactOf } from '../../../shared/contract/event.ts';
import { organisationDefaults } from '../../../shared/contract/policy.ts';
import type { ChangePage } from '../../../shared/contract/read.ts';
import { refusal } from '../../../shared/contract/refusal.ts';
import { idOf } from '../../../wallboard/specimen/data.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { person } from '../../wallboard/floor.ts';

/** Audited settings: who changed what, in words. */
const ada = idOf<'person'>(1, 1);
const team = idOf<'team'>(2, 1);
const queue = idOf<'queue'>(3, 1);
const reason = idOf<'reason'>(4, 1);
const ruleId = idOf<'rule'>(5, 1);
const connectionId = idOf<'connection'>(6, 1);
const names: Readonly<Record<string, string>> = {
  [ada]: 'Ada',
  [team]: 'Banking',
  [queue]: 'Cards',
  [reason]: 'Refund',
  [ruleId]: 'Lawyer',
  [connectionId]: 'Phone line',
};
const nameOf = (id: string): string => names[id] ?? '?';

const rule = {
  id: ruleId,
  active: true,
  name: 'Lawyer',
  side: 'customer' as const,
  channels: [],
  queueIds: [],
  reasonId: reason,
  words: { any: ['lawyer'], all: [], near: null, not: [] },
};
const connection = {
  id: connectionId,
  name: 'Phone line',
  adapter: 'generic' as const,
  queueId: queue,
  active: true,
  target: 'https://old.example',
  sender: null,
};

type Told<T extends SettingsEventType> = readonly [fact: Omit<FactOf<T>, 'type'>, what: string, before: string | null];

/** One of each fact, and what is said of it. */
const told: { readonly [T in SettingsEventType]: Told<T> } = {
  'organisation:created': [
    {
      organisation: {
        id: idOf<'organisation'>(9, 1),
        name: 'Northlight',
        parentId: null,
        demo: false,
        ...organisationDefaults,
      },
    },
    'The organisation Northlight was made.',
    null,
  ],
  'organisation:monitoring-set': [
    { before: 'announced', policy: 'silent' },
    'Monitoring is now silent.',
    'was announced',
  ],
  'organisation:thresholds-set': [
    { before: 75, warnPercent: 60 },
    'Clocks now warn from 60 % of the target.',
    'was 75 %',
  ],
  'organisation:escalation-set': [
    {
      before: [{ reach: 'own', afterMs: 0 }],
      steps: [
        { reach: 'own', afterMs: 0 },
        { reach: 'everyone', afterMs: 120_000 },
      ],
    },
    'Flags now call the agent’s supervisors at once and everyone who sees all flags after 2:00.',
    'was the agent’s supervisors at once',
  ],
  'organisation:fallback-entered': [
    { fallback: { by: ada, since: 0, note: 'Phones are down.' } },
    'Fallback mode was switched on: Phones are down.',
    null,
  ],
  'organisation:fallback-left': [{ personId: ada }, 'Fallback mode was switched off.', null],
  'reason:created': [
    { reason: { id: reason, name: 'Refund', order: 1, targetMs: 90_000, active: true } },
    'New reason Refund, with a target of 1:30.',
    null,
  ],
  'reason:renamed': [
    { reasonId: reason, before: 'Money', name: 'Refund' },
    'The reason is now called Refund.',
    'was Money',
  ],
  'reason:target-set': [
    { reasonId: reason, before: 60_000, targetMs: 90_000 },
    'Refund now has a target of 1:30.',
    'was 1:00',
  ],
  'reason:reordered': [{ before: [], reasonIds: [reason] }, 'The reasons are now in the order Refund.', 'was none'],
  'reason:archived': [{ reasonId: reason }, 'The reason Refund was archived.', null],
  'reason:restored': [{ reasonId: reason, order: 2 }, 'The reason Refund was brought back.', null],
  'rule:created': [{ rule }, 'New rule Lawyer.', null],
  'rule:redefined': [
    { before: { ...rule, name: 'Law', side: 'either' }, rule },
    'The rule Lawyer was changed: name and whose lines it hears.',
    'was Law',
  ],
  'rule:activated': [{ ruleId }, 'The rule Lawyer was switched on.', null],
  'rule:deactivated': [{ ruleId }, 'The rule Lawyer was switched off.', null],
  'rule:removed': [{ ruleId }, 'The rule Lawyer was removed.', null],
  'team:created': [{ team: { id: team, name: 'Banking', active: true, legacyFlag: false } }, 'New team Banking.', null],
  'team:renamed': [{ teamId: team, before: 'Money', name: 'Banking' }, 'The team is now called Banking.', 'was Money'],
  'team:archived': [{ teamId: team }, 'The team Banking was archived.', null],
  'team:legacy-flag-set': [{ teamId: team, on: true }, 'Help flags on Legacy chat were switched on for Banking.', null],
  'queue:created': [{ queue: { id: queue, name: 'Cards', teamId: team, active: true } }, 'New queue Cards.', null],
  'queue:renamed': [{ queueId: queue, before: 'Money', name: 'Cards' }, 'The queue is now called Cards.', 'was Money'],
  'queue:deactivated': [{ queueId: queue }, 'The queue Cards was closed.', null],
  'connection:created': [{ connection }, 'New connection Phone line.', null],
  'connection:renamed': [
    { connectionId, before: 'Old', name: 'Phone line' },
    'The connection is now called Phone line.',
    'was Old',
  ],
  'connection:queue-set': [
    { connectionId, before: queue, queueId: queue },
    'Phone line now leads to the queue Cards.',
    'was Cards',
  ],
  'connection:target-set': [
    {
      connectionId,
      before: { target: 'https://old.example', sender: null },
      target: 'https://new.example',
      sender: null,
    },
    'Phone line now sends to https://new.example.',
    'was https://old.example',
  ],
  'connection:secrets-set': [{ connectionId }, 'Phone line has new secrets.', null],
  'connection:activated': [{ connectionId }, 'Phone line was switched on.', null],
  'connection:deactivated': [
    { connectionId, because: 'target_gone' },
    'Phone line was switched off: the other side says it is gone.',
    null,
  ],
  'person:invited': [{ person: person({ id: ada, name: 'Ada' }), expiresAt: 0 }, 'Ada was invited as agent.', null],
  'person:invitation-renewed': [{ personId: ada, expiresAt: 0 }, 'Ada got a new link.', null],
  'person:joined': [{ personId: ada }, 'Ada joined.', null],
  'person:renamed': [{ personId: ada, before: 'Adda', name: 'Ada' }, 'The person is now called Ada.', 'was Adda'],
  'person:role-set': [{ personId: ada, before: 'agent', role: 'supervisor' }, 'Ada is now supervisor.', 'was agent'],
  'person:teams-set': [
    { personId: ada, before: { teamIds: [], supervises: [] }, teamIds: [team], supervises: [] },
    'Ada now serves Banking and supervises none.',
    'served none, supervised none',
  ],
  'person:capacity-set': [{ personId: ada, before: 3, capacity: 5 }, 'Ada now takes up to 5 conversations.', 'was 3'],
  'person:deactivated': [{ personId: ada }, 'Ada was deactivated.', null],
  'person:reactivated': [{ personId: ada }, 'Ada is active again.', null],
  'person:signed-out-everywhere': [{ personId: ada }, 'Ada was signed out everywhere.', null],
};

const at = (type: string, position: number, fact: object = {}): SettingsEvent =>
  ({
    ...fact,
    type,
    position,
    at: position * 1000,
    organisationId: 'o',
    by: { kind: 'person', id: ada },
  }) as unknown as SettingsEvent;

test.each(Object.entries(told))('%s has words', (type, [fact, what, before]) => {
  expect(changeWords(at(type, 1, fact), nameOf)).toEqual({ what, before });
});

test('a fact that this screen does not know has none, and breaks nothing', () => {
  expect(changeWords(at('reason:painted', 1), nameOf)).toBeNull();
  expect(changeWords(at('constructor', 1), nameOf)).toBeNull();
});

const page = (positions: readonly number[], before: number | null = null): Result<ChangePage> => ({
  ok: true,
  value: {
    position: 99,
    of: 'team',
    changes: positions.map((position) => ({ event: at('team:renamed', position), address: null })),
    names: {},
    before,
  },
});

function open(answers: Result<ChangePage>[]) {
  const asked: string[] = [];
  const clock = new HandClock();
  const list = new ChangeList('team', {
    read: async (path) => {
      asked.push(path);
      return answers.shift() ?? page([]);
    },
    setTimeout: clock.setTimeout,
    clearTimeout: clock.clearTimeout,
  });
  const positions = (): number[] => (list.changes ?? []).map(({ event }) => event.position);
  return { list, asked, clock, positions };
}

describe('the list of changes', () => {
  test('grows downward by earlier pages, and upward by what is new', async () => {
    const { list, asked, positions } = open([page([9, 8], 8), page([7, 6], 6), page([12, 9], 9)]);
    await list.read();
    await list.earlier();
    expect(positions()).toEqual([9, 8, 7, 6]);
    await list.read();
    expect(positions()).toEqual([12, 9, 8, 7, 6]);
    expect(list.more).toBe(true);
    expect(asked).toEqual(['/api/change?of=team', '/api/change?of=team&before=8', '/api/change?of=team']);
  });

  test('begins anew where so much is new that a hole would show', async () => {
    const { list, positions } = open([page([9, 8], 8), page([40, 39], 39)]);
    await list.read();
    await list.read();
    expect(positions()).toEqual([40, 39]);
    expect(list.more).toBe(true);
  });

  test('keeps what it has when a reading fails', async () => {
    const { list, positions } = open([page([9]), { ok: false, refusal: refusal('try_again', 'Away.', 'Wait.') }]);
    await list.read();
    await list.read();
    expect(positions()).toEqual([9]);
    expect(list.refusal?.code).toBe('try_again');
  });

  test('follows changes of its own kind, several at once, and stops', async () => {
    const { list, asked, clock } = open([]);
    let tell: (events: readonly Event[]) => void = () => {};
    const stop = list.follow({
      onEvents: (heard) => {
        tell = (events) => heard(events, undefined as never);
        return vi.fn();
      },
      onAgain: () => vi.fn(),
    });
    expect(asked).toHaveLength(1);
    tell([at('team:renamed', 2)]);
    tell([at('team:archived', 3)]);
    tell([at('reason:renamed', 4)]);
    clock.pass(250);
    expect(asked).toHaveLength(2);
    tell([at('reason:renamed', 5)]);
    clock.pass(1000);
    expect(asked).toHaveLength(2);
    stop();
    expect(clock.pending).toBe(0);
  });
});
