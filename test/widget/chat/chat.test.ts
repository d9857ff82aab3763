import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Chat } from '../../../widget/chat/chat.svelte.ts';
import type { Memory, MemoryKey } from '../../../widget/chat/memory.ts';
import { until } from '../../support/wait.ts';
import { CustomerHub } from '../support/customer-hub.ts';

let hub: CustomerHub;
let url: string;
let chats: Chat[];

beforeEach(async () => {
  hub = new CustomerHub();
  url = await hub.listen();
  chats = [];
});
afterEach(async () => {
  for (const chat of chats) chat.shut();
  await hub.close();
});

function memoryOf(kept: Map<MemoryKey, string>): Memory {
  return {
    get: (key) => kept.get(key) ?? null,
    set: (key, value) => (value === null ? void kept.delete(key) : void kept.set(key, value)),
  };
}

function open(
  kept = new Map<MemoryKey, string>(),
  onSaid: (text: string) => void = () => {},
  channel: 'chat' | 'legacy' = 'chat',
): Chat {
  const chat = new Chat({
    url,
    organisation: null,
    channel,
    memory: memoryOf(kept),
    onSaid: (line) => onSaid(line.from === 'notice' ? line.notice : line.text),
  });
  chats.push(chat);
  chat.open();
  return chat;
}

async function begun(kept = new Map<MemoryKey, string>()): Promise<Chat> {
  const chat = open(kept);
  chat.start('Rosa Diaz', 'Please help.');
  await until('the chat to begin', () => chat.conversation?.state === 'waiting' && chat.pending.length === 0);
  return chat;
}

const texts = (chat: Chat) => chat.lines.map((line) => (line.from === 'notice' ? `(${line.notice})` : line.text));
const sent = () => hub.frames.map(({ kind, text }) => `${kind} ${text}`.trim());

describe('a chat', () => {
  test('keeps the visitor token, and shows what the hub tells', async () => {
    const kept = new Map<MemoryKey, string>();
    const chat = await begun(kept);
    expect(kept.get('visitor')).toBe('visitor-token');
    expect(chat).toMatchObject({ organisation: 'Northlight', demo: true, link: 'live' });
    hub.say({ id: 'a', from: 'agent', name: 'Priya Raman', text: 'Hello.' });
    await until('the line', () => texts(chat).includes('Hello.'));
    expect(texts(chat)).toEqual(['Please help.', 'Hello.']);
  });

  test('S1.2: is begun on the channel of its page, also when its first line goes out from another page', async () => {
    const kept = new Map<MemoryKey, string>();
    const chat = open(kept, undefined, 'legacy');
    hub.meddle = () => ({ ok: false, refusal: { code: 'try_again', message: 'Nothing happened.', next: 'Again.' } });
    chat.start('Rosa Diaz', 'Please help.');
    await until('the first try', () => hub.frames.length === 1);
    chat.shut();
    hub.meddle = null;
    // The same id must carry the same frame, or the hub takes it for another command.
    const next = open(kept);
    await until('the chat to begin', () => next.conversation?.endsWithCustomer === true);
    expect(hub.frames.map(({ kind, channel }) => [kind, channel])).toEqual([
      ['start', 'legacy'],
      ['start', 'legacy'],
    ]);
    expect(new Set(hub.frames.map(({ id }) => id)).size).toBe(1);
  });

  test('shows a line at once, and once when the hub has it', async () => {
    const chat = await begun();
    chat.send('And now?');
    expect(chat.pending.map((item) => item.text)).toEqual(['And now?']);
    await until('the line', () => chat.pending.length === 0);
    expect(texts(chat)).toEqual(['Please help.', 'And now?']);
    expect(chat.lines.at(-1)?.id).toBe(hub.frames.at(-1)?.id);
  });

  test('misses no line when it is cut between a hello and its snapshot, with newer lines already there', async () => {
    const chat = await begun();
    hub.cut();
    hub.say({ id: 'a', from: 'agent', name: 'Priya Raman', text: 'Said while it was away.' });
    hub.slow = true;
    const hellos = hub.hellos.length;
    await until('a hello', () => hub.hellos.length > hellos);
    hub.say({ id: 'b', from: 'agent', name: 'Priya Raman', text: 'Said live.' });
    await until('the live line', () => texts(chat).includes('Said live.'));
    hub.slow = false;
    hub.cut();
    await until('the line in between', () => texts(chat).includes('Said while it was away.'));
    expect(texts(chat)).toEqual(['Please help.', 'Said while it was away.', 'Said live.']);
  });

  test('sends what is written before it has begun, after its first line', async () => {
    const chat = open();
    chat.start('Rosa Diaz', 'one');
    chat.send('two');
    chat.send('three');
    await until('all lines', () => chat.lines.length === 3);
    expect(sent()).toEqual(['start one', 'send two', 'send three']);
    expect(texts(chat)).toEqual(['one', 'two', 'three']);
  });

  test('tells of the other side only what came live', async () => {
    const said: string[] = [];
    const kept = new Map<MemoryKey, string>();
    await begun(kept);
    hub.say({ id: 'a', from: 'agent', name: 'Priya Raman', text: 'before' });
    const chat = open(kept, (text) => said.push(text));
    await until('the snapshot', () => chat.loaded);
    hub.say({ id: 'b', from: 'agent', name: 'Priya Raman', text: 'live' });
    await until('the live line', () => said.length > 0);
    expect(said).toEqual(['live']);
  });

  test('shows who writes until the line is there', async () => {
    const chat = await begun();
    hub.mark('Priya Raman', true);
    await until('the mark', () => chat.typing.length === 1);
    hub.say({ id: 'a', from: 'agent', name: 'Priya Raman', text: 'Hello.' });
    await until('the line', () => texts(chat).includes('Hello.'));
    expect(chat.typing).toEqual([]);
  });

  test('tells that the customer writes once, and that they stopped', async () => {
    const chat = await begun();
    chat.write(true);
    chat.write(true);
    chat.write(false);
    chat.write(false);
    await until('both marks', () => hub.typing.length === 2);
    expect(hub.typing).toEqual([true, false]);
  });

  test('ends after what still waits, and a new one begins on an empty page', async () => {
    const chat = await begun();
    chat.send('last');
    chat.end();
    expect(chat.ending).toBe(true);
    await until('the end', () => chat.conversation?.state === 'closed' && texts(chat).includes('(closed)'));
    expect(chat.ending).toBe(false);
    expect(sent()).toEqual(['start Please help.', 'send last', 'close']);
    chat.start('Rosa Diaz', 'again');
    expect(chat.lines).toEqual([]);
    await until('the new chat', () => chat.conversation?.state === 'waiting' && chat.lines.length === 1);
    expect(texts(chat)).toEqual(['again']);
  });
});

describe('a bad network', { timeout: 20_000 }, () => {
  test('silence is told, and a cut connection comes back with what was missed', async () => {
    const chat = await begun();
    hub.cut();
    await until('the loss to show', () => chat.link === 'reconnecting');
    hub.say({ id: 'a', from: 'agent', name: 'Priya Raman', text: 'missed' });
    await until('the line that was missed', () => chat.link === 'live' && texts(chat).includes('missed'));
    expect(hub.hellos.at(-1)?.after).toBe(2);
    hub.beats = false;
    await until('the silence to show', () => chat.link === 'reconnecting');
    hub.beats = true;
    await until('the next beat', () => chat.link === 'live');
  });

  test('a line whose answer was lost is sent again under its id, and happens once', async () => {
    const chat = await begun();
    let lost = 0;
    hub.meddle = () => {
      lost += 1;
      if (lost > 1) return null;
      queueMicrotask(() => hub.cut());
      return 'lost';
    };
    chat.send('once');
    chat.send('then this');
    await until('both lines', () => chat.lines.length === 3 && chat.pending.length === 0);
    expect(texts(chat)).toEqual(['Please help.', 'once', 'then this']);
    expect(hub.lines.filter((line) => line.from !== 'notice' && line.text === 'once')).toHaveLength(1);
    expect(new Set(hub.frames.filter((frame) => frame.text === 'once').map((frame) => frame.id)).size).toBe(1);
  });

  test('a hub that asks to come again gets the same id, before any later line', async () => {
    const chat = await begun();
    let refusals = 2;
    hub.meddle = (_kind, _id, text) => {
      if (text !== 'first' || refusals === 0) return null;
      refusals -= 1;
      return { ok: false, refusal: { code: 'try_again', message: 'Busy.', next: 'Wait.' } };
    };
    chat.send('first');
    chat.send('second');
    await until('both lines', () => chat.lines.length === 3);
    expect(sent()).toEqual(['start Please help.', 'send first', 'send first', 'send first', 'send second']);
    expect(new Set(hub.frames.slice(1, 4).map((frame) => frame.id)).size).toBe(1);
  });

  test('lines written in a page that went away are sent by the next one, in order', async () => {
    const kept = new Map<MemoryKey, string>();
    const first = await begun(kept);
    hub.meddle = () => 'lost';
    const before = hub.frames.length;
    first.send('one');
    first.send('two');
    await until('the first try', () => hub.frames.length > before);
    const tried = hub.frames.at(-1)?.id;
    first.shut();
    hub.meddle = null;
    const second = open(kept);
    await until('both lines', () => second.lines.length === 3 && second.pending.length === 0);
    expect(texts(second)).toEqual(['Please help.', 'one', 'two']);
    expect(second.lines[1]?.id).toBe(tried);
  });
});

describe('a refusal', () => {
  test('is shown by its line, and trying again is a new line', async () => {
    const chat = await begun();
    hub.meddle = () => ({ ok: false, refusal: { code: 'bad_input', message: 'Not like this.', next: 'Change it.' } });
    chat.send('bad');
    const refused = await until('the refusal', () => chat.pending.find((item) => item.state === 'refused'));
    expect(refused.refusal?.message).toBe('Not like this.');
    hub.meddle = null;
    chat.again(refused.id);
    await until('the line', () => texts(chat).includes('bad'));
    expect(chat.lines.at(-1)?.id).not.toBe(refused.id);
  });

  test('of a line that came too late lets it begin a new chat', async () => {
    const chat = await begun();
    const { conversation } = hub;
    if (conversation === null) throw new Error('no conversation');
    hub.turn({ ...conversation, state: 'closed' });
    chat.send('too late');
    const refused = await until('the refusal', () => chat.pending.find((item) => item.state === 'refused'));
    await until('the end', () => chat.conversation?.state === 'closed');
    chat.again(refused.id);
    await until('the new chat', () => chat.conversation?.state === 'waiting' && chat.lines.length === 1);
    expect(texts(chat)).toEqual(['too late']);
    expect(chat.conversation?.id).not.toBe(conversation.id);
  });

  test('taken back leaves no trace', async () => {
    const chat = await begun();
    hub.meddle = () => ({ ok: false, refusal: { code: 'bad_input', message: 'No.', next: '' } });
    chat.send('bad');
    const refused = await until('the refusal', () => chat.pending.find((item) => item.state === 'refused'));
    chat.remove(refused.id);
    expect(chat.pending).toEqual([]);
    expect(texts(chat)).toEqual(['Please help.']);
  });
});

test('a hub that was restored from an older copy is believed', async () => {
  const chat = await begun();
  hub.say({ id: 'a', from: 'agent', name: 'Priya Raman', text: 'lost in the restore' });
  await until('the line', () => chat.lines.length === 2);
  hub.lines = hub.lines.slice(0, 1);
  hub.position = 1;
  hub.cut();
  await until('the older copy', () => chat.link === 'live' && chat.lines.length === 1);
  expect(texts(chat)).toEqual(['Please help.']);
});
