import { expect, test } from 'vitest';
import { tellWhoWatched } from '../../../console/ledger/told.ts';
import { byDay, lengthWords, timeWords, withWords } from '../../../console/ledger/words.ts';
import { tell } from '../../../console/specimen/story.ts';
import type { Event, EventOf } from '../../../shared/contract/event.ts';
import type { PersonId } from '../../../shared/contract/id.ts';
import { monitoringPolicies } from '../../../shared/contract/policy.ts';
import type { LedgerEntry } from '../../../shared/contract/read.ts';
import type { Live } from '../../../shared/live/apply.ts';
import { eventWords, standsInTranscript } from '../../../shared/ui/conversation/event-words.ts';
import { timeOfDay } from '../../../shared/ui/text/format.ts';

const now = new Date(2026, 10, 20, 14, 5).getTime();

/** Of the told floor: Priya's screen, her session, and somebody who is not Priya. */
function scene() {
  const { live } = tell('joined', now);
  const session = [...(live?.sessions.values() ?? [])][0];
  const other = [...(live?.people.keys() ?? [])].find((id) => id !== live?.me.personId);
  if (live === null || session === undefined || other === undefined) throw new Error('the story has no session');
  return { live, session, other };
}
const { live, session, other } = scene();
const me = live.me.personId;

const entry = (more: Partial<LedgerEntry>): LedgerEntry => ({
  sessionId: session.id,
  conversationId: session.conversationId,
  customerName: 'Rosa Iglesias',
  agentId: me,
  personId: other,
  kind: 'watched',
  since: now,
  until: now + 433_000,
  lines: 0,
  policy: 'announced',
  ...more,
});
const name = (id: PersonId): string => live.people.get(id)?.name ?? '';

test('monitoring policy ledger: an entry says whose conversation it was, as its reader says it', () => {
  expect(withWords(entry({}), live)).toBe(`**${name(other)}** in your conversation with Rosa Iglesias`);
  expect(withWords(entry({ agentId: other, personId: me }), live)).toBe(
    `**You** in ${name(other)}’s conversation with Rosa Iglesias`,
  );
  expect(withWords(entry({ agentId: other }), live)).toContain(`**${name(other)}** in ${name(other)}’s`);
});

test('monitoring policy ledger: when and how long, of what goes on, took no minute, or took no time', () => {
  expect(timeWords(entry({}))).toBe(`${timeOfDay(now)} to ${timeOfDay(now + 433_000)}`);
  expect(timeWords(entry({ until: now + 20_000 }))).toBe(timeOfDay(now));
  expect(timeWords(entry({ until: null }))).toBe(`since ${timeOfDay(now)}`);
  expect(lengthWords(entry({}), now + 999_000)).toBe('7:13');
  expect(lengthWords(entry({ until: null }), now + 61_000)).toBe('1:01');
  expect(lengthWords(entry({ kind: 'whispered', lines: 2 }), now)).toBe('2 lines');
  expect(lengthWords(entry({ kind: 'took_over' }), now)).toBe('');
  const days = byDay([entry({}), entry({ since: now - 1000 }), entry({ since: now - 24 * 3_600_000 })]);
  expect(days.map(({ entries }) => entries.length)).toEqual([2, 1]);
});

function left(more: Partial<EventOf<'supervision:left'>>): EventOf<'supervision:left'> {
  return {
    type: 'supervision:left',
    organisationId: live.organisationId,
    position: live.position + 1,
    at: now + 433_000,
    by: { kind: 'person', id: other },
    conversationId: session.conversationId,
    sessionId: session.id,
    personId: other,
    agentId: me,
    was: 'monitoring',
    since: now,
    policy: 'announced_after',
    reason: 'left',
    ...more,
  };
}

test('monitoring policy announced_after: the agent is told once it has ended, and nobody else', () => {
  const told: string[] = [];
  const said: string[] = [];
  let hear: (events: readonly Event[], live: Live) => void = () => {};
  tellWhoWatched(
    {
      onEvents: (tell) => {
        hear = tell;
        return () => {};
      },
    },
    {
      toasts: { show: ({ strong, text }) => told.push(`${strong} ${text}`) },
      announcer: { polite: (words: string) => said.push(words) },
      openLedger: () => {},
    } as Parameters<typeof tellWhoWatched>[1],
  );
  hear([left({ policy: 'announced' })], live);
  hear([left({ policy: 'silent' })], live);
  hear([left({ was: 'joined', policy: 'announced' })], live);
  hear([left({ agentId: other })], live);
  expect([told, said]).toEqual([[], []]);
  hear([left({})], live);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(new RegExp(`^${name(other)} watched your conversation .*for 7:13, until`));
  expect(said[0]).toContain('7 minutes');
});

test('monitoring policy: the transcript says what each policy means, and the end only where it says more', () => {
  const naming = { live, customerName: 'Rosa' };
  const { was: _was, since: _since, reason: _reason, ...common } = left({});
  const begins = monitoringPolicies.map(
    (policy) => eventWords({ ...common, type: 'supervision:monitored', policy }, naming)?.message ?? '',
  );
  expect(begins[0]).toContain('Rosa does not see it');
  expect(begins[1]).toContain(`${name(me)} is told when it ends`);
  expect(begins[2]).toContain(`neither ${name(me)} nor Rosa sees it`);
  expect(eventWords(left({}), naming)?.message).toContain('**monitored** from');
  expect(eventWords(left({ policy: 'announced' }), naming)?.message).toContain('stopped monitoring');
  expect(standsInTranscript(left({}))).toBe(true);
  expect(standsInTranscript(left({ reason: 'joined' }))).toBe(true);
  expect(standsInTranscript(left({ policy: 'announced' }))).toBe(true);
  expect(standsInTranscript(left({ policy: 'announced', reason: 'joined' }))).toBe(false);
  expect(standsInTranscript(left({ policy: 'silent', reason: 'ended' }))).toBe(false);
});
