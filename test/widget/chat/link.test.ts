import { expect, test } from 'vitest';
import {
  deadAfterMs,
  isDead,
  type LinkEvent,
  type LinkFacts,
  linkAt,
  linkFacts,
  silentAfterMs,
  unlinked,
} from '../../../widget/chat/link.ts';

const after = (...events: LinkEvent[]): LinkFacts => events.reduce(linkFacts, unlinked);
const connected: LinkEvent = { type: 'connected', at: 1000 };
const snapshot: LinkEvent = { type: 'snapshot', at: 1100 };
const refusal = { code: 'client_too_old', message: 'This page is too old.', next: 'Load it again.' };

test('it is connecting until the first snapshot', () => {
  expect(linkAt(unlinked, 0)).toBe('connecting');
  expect(linkAt(after(connected), 1000)).toBe('connecting');
  expect(linkAt(after(connected, snapshot), 1100)).toBe('live');
});

test('a connection that fails before it ever stood is still connecting', () => {
  expect(linkAt(after(connected, { type: 'lost' }), 9000)).toBe('connecting');
});

test('silence of two and a half seconds is said, and a beat takes it back (I10)', () => {
  const facts = after(connected, snapshot);
  expect(linkAt(facts, 1100 + silentAfterMs - 1)).toBe('live');
  expect(linkAt(facts, 1100 + silentAfterMs)).toBe('reconnecting');
  expect(linkAt(linkFacts(facts, { type: 'alive', at: 5000 }), 5100)).toBe('live');
});

test('a lost connection is said at once, and is live again only with a snapshot', () => {
  const lost = after(connected, snapshot, { type: 'lost' });
  expect(linkAt(lost, 1101)).toBe('reconnecting');
  const back = linkFacts(lost, { type: 'connected', at: 3000 });
  expect(linkAt(linkFacts(back, { type: 'alive', at: 3100 }), 3100)).toBe('reconnecting');
  expect(linkAt(linkFacts(back, { type: 'snapshot', at: 3200 }), 3200)).toBe('live');
});

test('a refusal stands until the page connects anew', () => {
  const refused = after(connected, { type: 'refused', refusal }, { type: 'lost' });
  expect(linkAt(refused, 1200)).toBe('refused');
  expect(linkAt(linkFacts(refused, { type: 'connected', at: 2000 }), 2000)).toBe('connecting');
});

test('only a connection that calls itself connected can be dead', () => {
  const facts = after(connected, snapshot);
  expect(isDead(facts, 1100 + deadAfterMs - 1)).toBe(false);
  expect(isDead(facts, 1100 + deadAfterMs)).toBe(true);
  expect(isDead(linkFacts(facts, { type: 'lost' }), 1100 + deadAfterMs)).toBe(false);
});
