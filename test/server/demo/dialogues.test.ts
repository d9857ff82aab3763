import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { markedCustomer, mostDialogues, readMark } from '../../../server/demo/customer-mark.ts';
import { parseDialogues, readDialogues } from '../../../server/demo/dialogues.ts';
import { readVisitor, visitorToken } from '../../../server/hub/visitor.ts';
import { isId } from '../../../shared/contract/id.ts';
import { limits } from '../../../shared/contract/limits.ts';
import { newId } from '../../../shared/contract/uuid.ts';

test('the dialogues can be said as they are, and both teams have enough of them', async () => {
  const dialogues = await readDialogues();
  for (const team of ['Banking', 'Travel'])
    expect(dialogues.filter((one) => one.team === team).length).toBeGreaterThan(30);
  expect(dialogues.length).toBeLessThanOrEqual(mostDialogues);
  for (const { exchanges } of dialogues) {
    expect(exchanges.length).toBeGreaterThanOrEqual(4);
    for (const text of exchanges.flatMap((one) => [one.customer, one.agent])) {
      expect(text.trim()).not.toBe('');
      expect(text.length).toBeLessThanOrEqual(limits.message);
    }
  }
});

test('their notice stands beside them', async () => {
  const notice = await readFile(new URL('../../../server/demo/README.md', import.meta.url), 'utf8');
  expect(notice).toContain('Schema-Guided Dialogue');
  expect(notice).toContain('CC BY-SA 4.0');
});

test('a dialogue in which they do not take turns is refused', () => {
  const row = (turns: unknown) => JSON.stringify({ id: '1', topics: ['banks'], turns });
  expect(() =>
    parseDialogues(
      row([
        ['agent', 'Hello'],
        ['customer', 'Hi'],
      ]),
    ),
  ).toThrow('take turns');
  expect(() =>
    parseDialogues(
      row([
        ['customer', 'Hello'],
        ['customer', 'Hi'],
      ]),
    ),
  ).toThrow('take turns');
  expect(() => parseDialogues('{"id":"1"}')).toThrow();
  expect(
    parseDialogues(
      row([
        ['customer', 'Hello'],
        ['agent', 'Hi'],
      ]),
    ),
  ).toEqual([{ number: 0, team: 'Banking', exchanges: [{ customer: 'Hello', agent: 'Hi' }] }]);
});

test('a simulated customer is known by the id, and nobody else is', () => {
  const secret = randomBytes(32);
  const now = Date.UTC(2026, 10, 20);
  for (const dialogue of [0, 7, 149, mostDialogues - 1]) {
    const id = markedCustomer(secret, { dialogue }, now, Math.random);
    expect(isId(id)).toBe(true);
    expect(readMark(secret, id)).toEqual({ dialogue });
    expect(readMark(randomBytes(32), id)).toBeNull();
    // A token made for it is one that the hub accepts.
    const visitor = { organisationId: newId<'organisation'>(now), customerId: id };
    expect(readVisitor(secret, visitorToken(secret, visitor))).toEqual(visitor);
  }
  for (let at = 0; at < 500; at += 1) expect(readMark(secret, newId<'customer'>(now + at))).toBeNull();
  expect(readMark(secret, '')).toBeNull();
});
