import { expect, test } from 'vitest';
import { type Ask, History } from '../../console/history.svelte.ts';
import { rosa, tell } from '../../console/specimen/story.ts';
import type { Conversation } from '../../shared/contract/conversation.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import { newId } from '../../shared/contract/uuid.ts';

const template = tell('calm', 1_800_000_000_000).live?.conversations.get(rosa);
if (template === undefined) throw new Error('no conversation in the story');
const one = (closedAt: number): Conversation => ({ ...template, id: newId(closedAt), lifecycle: 'closed', closedAt });

test('pages follow one another, and a newer first page keeps what was read', async () => {
  const [a, b, c, d] = [one(400), one(300), one(200), one(500)];
  const asked: string[] = [];
  const pages: Conversation[][] = [[a, b], [c], [d, a]];
  const ask: Ask = (_method, path) => {
    asked.push(path);
    const conversations = pages.shift() ?? [];
    return Promise.resolve({
      ok: true,
      value: { position: 1, conversations, before: asked.length === 1 ? 300 : null },
    });
  };
  const history = new History(null, ask);
  expect(history.state).toBe('idle');
  await history.load();
  expect(history.hasMore).toBe(true);
  await history.more();
  expect(history.conversations).toEqual([a, b, c]);
  expect(history.hasMore).toBe(false);
  await history.load();
  expect(history.conversations).toEqual([d, a, b, c]);
  expect(asked).toEqual([
    '/api/conversation?closed=',
    '/api/conversation?closed=&before=300',
    '/api/conversation?closed=',
  ]);
});

test('a customer’s history asks for that customer', async () => {
  const asked: string[] = [];
  const history = new History(template.customerId, (_method, path) => {
    asked.push(path);
    return Promise.resolve({ ok: true, value: { position: 1, conversations: [], before: null } });
  });
  await history.load();
  expect(asked).toEqual([`/api/conversation?closed=&customerId=${template.customerId}`]);
});

test('a failure is told once nothing stands, and what stands stays', async () => {
  const refused = refusal('try_again', 'The hub cannot be reached.', 'Try again.');
  let up = false;
  const history = new History(null, () =>
    Promise.resolve(
      up
        ? { ok: true, value: { position: 1, conversations: [one(1)], before: null } }
        : { ok: false, refusal: refused },
    ),
  );
  await history.load();
  expect([history.state, history.refusal]).toEqual(['failed', refused]);
  up = true;
  await history.load();
  expect([history.state, history.refusal, history.conversations.length]).toEqual(['ready', null, 1]);
  up = false;
  await history.load();
  expect([history.state, history.conversations.length]).toEqual(['ready', 1]);
});

test('an answer that was overtaken is dropped', async () => {
  const [old, fresh] = [one(1), one(2)];
  const waiting: ((conversations: Conversation[]) => void)[] = [];
  const history = new History(
    null,
    () =>
      new Promise((resolve) =>
        waiting.push((conversations) => resolve({ ok: true, value: { position: 1, conversations, before: null } })),
      ),
  );
  const both = [history.load(), history.load()];
  waiting[1]?.([fresh]);
  waiting[0]?.([old]);
  await Promise.all(both);
  expect(history.conversations).toEqual([fresh]);
});
