import { describe, expect, test } from 'vitest';
import type { CustomerAnswer, CustomerLine } from '../../../shared/contract/customer.ts';
import {
  nextToSend,
  type Outbox,
  type Outgoing,
  read,
  withAgain,
  withAnswer,
  withConversation,
  withoutArrived,
  withoutRefused,
  withTried,
  written,
} from '../../../widget/chat/outbox.ts';

const item = (id: string, more: Partial<Outgoing> = {}): Outgoing => ({
  id,
  kind: 'send',
  conversationId: 'chat',
  name: '',
  text: `text ${id}`,
  channel: 'chat',
  at: 1,
  state: 'waiting',
  tried: false,
  tries: 0,
  refusal: null,
  ...more,
});
const ok = (conversationId?: string): CustomerAnswer => ({
  ok: true,
  position: 7,
  value: conversationId === undefined ? null : { conversationId },
});
const refused = (code: string): CustomerAnswer => ({ ok: false, refusal: { code, message: 'No.', next: 'Wait.' } });
const state = (outbox: Outbox) => outbox.map(({ id, state: of }) => `${id} ${of}`);

describe('sending', () => {
  test('goes in the order of writing, one at a time', () => {
    let outbox: Outbox = [item('a'), item('b')];
    expect(nextToSend(outbox)?.id).toBe('a');
    outbox = withAnswer(outbox, 'a', ok());
    expect(nextToSend(outbox)?.id).toBe('b');
    outbox = withAnswer(outbox, 'b', ok());
    expect(nextToSend(outbox)).toBeNull();
  });

  test('is repeated under the same id while the hub asks to come again', () => {
    for (const code of ['try_again', 'outcome_unknown', 'rate_limited']) {
      const outbox = withAnswer(withTried([item('a'), item('b')], 'a'), 'a', refused(code));
      expect(nextToSend(outbox)).toMatchObject({ id: 'a', tried: true });
    }
  });

  test('gives up a line that was put off again and again, and says so', () => {
    let outbox: Outbox = [item('a')];
    for (let times = 0; times < 12; times += 1) outbox = withAnswer(outbox, 'a', refused('try_again'));
    expect(outbox[0]).toMatchObject({ state: 'refused', refusal: { code: 'try_again' } });
  });

  test('goes on behind a line that was refused', () => {
    const outbox = withAnswer([item('a'), item('b')], 'a', refused('too_large'));
    expect(state(outbox)).toEqual(['a refused', 'b waiting']);
    expect(nextToSend(outbox)?.id).toBe('b');
  });

  test('of lines written before the chat had an id waits for the first one', () => {
    const start = item('s', { kind: 'start', conversationId: null });
    const early = item('a', { conversationId: null });
    expect(nextToSend([{ ...start, state: 'refused' }, early])).toBeNull();
    const outbox = withAnswer([start, early], 's', ok('fresh'));
    expect(nextToSend(outbox)).toMatchObject({ id: 'a', conversationId: 'fresh' });
  });

  test('of early lines goes on when the first line was seen before its answer', () => {
    const start = item('s', { kind: 'start', conversationId: null });
    const early = item('a', { conversationId: null });
    expect(withConversation([start, early], 'fresh')).toEqual([start, early]);
    expect(nextToSend(withConversation([early], 'fresh'))?.conversationId).toBe('fresh');
  });

  test('drops an end that was refused, and keeps one that is put off', () => {
    const end = item('e', { kind: 'close', text: '' });
    expect(withAnswer([end], 'e', refused('conversation_closed'))).toEqual([]);
    expect(withAnswer([end], 'e', refused('try_again'))).toHaveLength(1);
    expect(withAnswer([end], 'e', ok())).toEqual([]);
  });
});

describe('a line', () => {
  test('stands here until it is among the lines', () => {
    const outbox = withAnswer([item('a')], 'a', ok());
    expect(state(outbox)).toEqual(['a sent']);
    const line: CustomerLine = { id: 'a', position: 1, at: 1, from: 'customer', name: 'Rosa', text: 'text a' };
    expect(withoutArrived(outbox, [line])).toEqual([]);
    expect(withoutArrived(outbox, [{ ...line, id: 'other' }])).toBe(outbox);
  });

  test('that was refused goes out again under a new id, at the end', () => {
    const outbox = withAgain([item('a', { state: 'refused', tried: true }), item('b')], 'a', 'a2', 'chat', 'Rosa');
    expect(state(outbox)).toEqual(['b waiting', 'a2 waiting']);
    expect(outbox[1]).toMatchObject({ kind: 'send', tried: false, refusal: null });
  });

  test('that came too late for its chat begins a new one', () => {
    const [again] = withAgain([item('a', { state: 'refused' })], 'a', 'a2', null, 'Rosa');
    expect(again).toMatchObject({ id: 'a2', kind: 'start', conversationId: null, name: 'Rosa' });
  });

  test('that was to begin the chat stays before what was written after it', () => {
    const start = item('s', { kind: 'start', conversationId: null, state: 'refused', name: 'Rosa' });
    const outbox = withAgain([start, item('a', { conversationId: null })], 's', 's2', null, 'Other');
    expect(outbox.map(({ id, kind, name }) => `${id} ${kind} ${name}`)).toEqual(['s2 start Rosa', 'a send ']);
  });

  test('that is taken back leaves the beginning to the next one', () => {
    const start = item('s', { kind: 'start', conversationId: null, state: 'refused' });
    const outbox = withoutRefused([start, item('a', { conversationId: null })], 's');
    expect(outbox).toMatchObject([{ id: 'a', kind: 'start' }]);
  });

  test('cannot be taken back while it may be on its way', () => {
    const outbox = [item('a', { tried: true })];
    expect(withoutRefused(outbox, 'a')).toBe(outbox);
  });
});

describe('a reload', () => {
  test('keeps what was not answered, with the ids it was made with', () => {
    const outbox = [item('a', { state: 'sent' }), item('b', { tried: true }), item('c', { state: 'refused' })];
    expect(state(read(written(outbox)))).toEqual(['b waiting', 'c refused']);
  });

  test('is not troubled by what is not an outbox', () => {
    for (const text of [null, '', '{', '{}', '[1]', '[{"id":"a"}]', '[{"id":"a","kind":"other"}]']) {
      expect(read(text)).toEqual([]);
    }
  });
});
