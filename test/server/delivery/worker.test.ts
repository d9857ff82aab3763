import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { genericOutgoing } from '../../../server/channel/generic.ts';
import type { Event, EventType } from '../../../shared/contract/event.ts';
import type { ConversationId, EntryId, SessionId } from '../../../shared/contract/id.ts';
import type { ConnectionPage } from '../../../shared/contract/read.ts';
import { Floor } from '../../support/floor.ts';
import { request } from '../../support/http.ts';
import { type Connected, connected, post, postWhatsapp, Sink, writes } from '../../support/messaging.ts';
import { Stage } from '../../support/stage.ts';
import { until } from '../../support/wait.ts';
import { whatsappError, whatsappStatus, whatsappTaken, whatsappText } from '../../support/whatsapp.ts';

/** The way out, to a real server on this machine, on a clock that is moved by hand. */
const second = 1000;
const hour = 3_600_000;

let floor: Floor;
let stage: Stage;
let sink: Sink;
let to: Connected;

beforeAll(async () => {
  // Webhooks are verified by the specification's own library, against the machine's clock.
  floor = await Floor.start({ now: Date.now(), rates: false, outboundTimeoutMs: 100 });
  stage = await Stage.open(
    floor,
    await floor.organisation([
      { name: 'Priya', role: 'agent', teams: ['Banking'], capacity: 90 },
      { name: 'Omar', role: 'agent', teams: ['Banking'] },
      { name: 'Leo', role: 'agent', teams: ['Travel'] },
      { name: 'Ines', role: 'supervisor', supervises: ['Banking', 'Travel'] },
      { name: 'Tomasz', role: 'supervisor', supervises: ['Banking'] },
      { name: 'Mei', role: 'supervisor', supervises: ['Travel'] },
      { name: 'Marta', role: 'admin' },
      { name: 'Grace', role: 'owner' },
    ]),
  );
});
afterAll(() => floor.close());
beforeEach(async () => {
  sink = await Sink.open();
  to = await connected(stage.of('Marta'), stage.queue('Banking'), `${sink.url}/replies`);
});
afterEach(() => sink.close());

interface Talk {
  readonly conversationId: ConversationId;
  readonly sessionId: SessionId;
}

/** A customer has written, and Priya serves them. */
async function talk(by: Connected = to): Promise<Talk> {
  const name = `customer ${randomUUID()}`;
  if (by.adapter === 'generic') await writes(floor, by, name, `Hello from ${name}`);
  else await postWhatsapp(floor, by, whatsappText(`Hello from ${name}`, `wamid.${randomUUID()}`, floor.now));
  const { id: conversationId } = await stage
    .of('Priya')
    .sees('the conversation', (live) =>
      [...live.conversations.values()].find((one) => one.lastLine?.text === `Hello from ${name}`),
    );
  const { sessionId } = await stage.of('Priya').does('conversation:take', { conversationId });
  return { conversationId, sessionId: sessionId as SessionId };
}

const says = async ({ conversationId }: Talk, text: string): Promise<EntryId> =>
  (await stage.of('Priya').does('message:send', { conversationId, text })).entryId as EntryId;

/** What happened to lines of a conversation, as its agent's screen heard it. */
const heard = (conversationId: string, screen = stage.of('Priya')): string[] =>
  screen.events
    .filter((event): event is Event & { conversationId: string } => 'conversationId' in event)
    .filter((event) => event.conversationId === conversationId && event.type.startsWith('delivery:'))
    .map((event) => event.type.replace('delivery:', ''));
const last = <T extends EventType>(type: T, entryId: EntryId) =>
  stage
    .of('Priya')
    .heard(type)
    .findLast((event) => 'entryId' in event && event.entryId === entryId);
const connection = async () => {
  const token = await floor.token(stage.home, 'Marta');
  const reply = await request(floor.url, 'GET', '/api/connection', { token });
  const page = (reply.body as unknown as { value: ConnectionPage }).value;
  const found = page.connections.find((one) => one.id === to.connectionId);
  if (found === undefined) throw new Error('the connection is not in the list');
  return found;
};

describe('S1.2 messaging, out:', () => {
  test('an agent’s line reaches the target as a webhook that the specification’s library verifies', async () => {
    const one = await talk();
    const entryId = await says(one, 'From which account?');
    await stage.settle();
    expect(sink.got).toHaveLength(1);
    const [got] = sink.got;
    const verified = new Webhook(to.outbound).verify(got?.body ?? '', got?.headers as Record<string, string>);
    expect(genericOutgoing.parse(verified)).toMatchObject({
      type: 'message.sent',
      data: {
        id: entryId,
        conversationId: one.conversationId,
        text: 'From which account?',
        from: { name: 'Priya', role: 'agent' },
      },
    });
    expect(got?.headers['webhook-id']).toBe(entryId);
    expect(got?.path).toBe('/replies');
    expect(heard(one.conversationId)).toEqual(['queued', 'sent']);
    expect(await connection()).toMatchObject({
      received: 1,
      sent: 1,
      failed: 0,
      waiting: 0,
      fault: null,
      active: true,
    });
  });

  test('a chat’s lines go nowhere but to its customer', async () => {
    const { conversationId } = await stage.served();
    await stage.does('Priya', 'message:send', { conversationId, text: 'In the widget.' });
    await stage.settle();
    expect(sink.got).toEqual([]);
    expect(heard(conversationId)).toEqual([]);
  });

  test('who joins and leaves is told, in order with the lines; who only watches is not', async () => {
    const one = await talk();
    await says(one, 'One moment.');
    await stage.does('Tomasz', 'supervision:monitor', { sessionId: one.sessionId });
    await stage.does('Tomasz', 'supervision:join', { sessionId: one.sessionId });
    await stage.does('Tomasz', 'message:send', { conversationId: one.conversationId, text: 'I am here.' });
    await stage.does('Tomasz', 'supervision:leave', { sessionId: one.sessionId });
    await stage.does('Ines', 'supervision:monitor', { sessionId: one.sessionId });
    await stage.does('Ines', 'supervision:leave', { sessionId: one.sessionId });
    await says(one, 'Done.');
    await stage.settle();
    expect(sink.texts).toEqual([
      'One moment.',
      'Tomasz joined the conversation.',
      'I am here.',
      'Tomasz left the conversation.',
      'Done.',
    ]);
    expect(sink.got.map(({ json }) => json.type)).toEqual([
      'message.sent',
      'notice.joined',
      'message.sent',
      'notice.left',
      'message.sent',
    ]);
  });

  test('order holds while one is tried again, and other conversations do not wait for it', async () => {
    const [one, other] = [await talk(), await talk()];
    sink.answer = ({ json }) => ({ status: json.data?.text === 'first' && floor.now < opens ? 500 : 204 });
    const opens = floor.now + 4 * second;
    await says(one, 'first');
    await says(one, 'second');
    await says(one, 'third');
    await says(other, 'beside');
    await stage.settle();
    expect(sink.texts.sort()).toEqual(['beside', 'first']);
    await floor.pass(3 * second);
    expect(sink.texts).toHaveLength(2);
    await floor.pass(2 * second);
    await stage.settle();
    expect(sink.texts.slice(2)).toEqual(['first', 'second', 'third']);
    expect(heard(one.conversationId).filter((type) => type === 'sent')).toHaveLength(3);
    // The same id on every attempt, each signed anew.
    const firsts = sink.got.filter(({ json }) => json.data?.text === 'first');
    expect(new Set(firsts.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(firsts.map(({ headers }) => headers['webhook-signature'])).size).toBe(2);
    expect(firsts[0]?.body).toBe(firsts[1]?.body);
  });

  test.each([
    [500, 'answered_5xx'],
    [404, 'answered_4xx'],
    [302, 'answered_3xx'],
  ])('an answer %i delays the line, and says so', async (status, fault) => {
    sink.answer = () => ({ status, headers: { location: `${sink.url}/elsewhere` } });
    const one = await talk();
    const entryId = await says(one, 'Hello.');
    await stage.settle();
    expect(last('delivery:delayed', entryId)).toMatchObject({ attempts: 1, fault, nextAt: floor.now + 5 * second });
    // A redirect would lead past the guard.
    expect(sink.got.map(({ path }) => path)).toEqual(['/replies']);
    expect(await connection()).toMatchObject({ waiting: 1, sent: 0, fault: { fault, at: expect.any(Number) } });
  });

  test('a target that asks for more time gets it', async () => {
    sink.answer = (_got, count) => (count === 1 ? { status: 429, headers: { 'retry-after': '90' } } : { status: 200 });
    const one = await talk();
    const entryId = await says(one, 'Hello.');
    await stage.settle();
    expect(last('delivery:delayed', entryId)).toMatchObject({ nextAt: floor.now + 90 * second });
    await floor.pass(89 * second);
    expect(sink.got).toHaveLength(1);
    await floor.pass(second);
    await stage.settle();
    expect(heard(one.conversationId)).toEqual(['queued', 'delayed', 'sent']);
  });

  test('a target that hangs is left, and tried again', async () => {
    sink.answer = (_got, count) => (count === 1 ? null : { status: 200 });
    const one = await talk();
    const entryId = await says(one, 'Hello.');
    await stage.settle();
    expect(last('delivery:delayed', entryId)).toMatchObject({ fault: 'timeout' });
    await floor.pass(5 * second);
    await stage.settle();
    expect(last('delivery:sent', entryId)).toMatchObject({ attempts: 2 });
  });

  test('after about three days a line has failed, and its agent can send it again', async () => {
    sink.answer = () => ({ status: 500 });
    const one = await talk();
    const entryId = await says(one, 'Hello.');
    await stage.settle();
    const begin = floor.now;
    for (let round = 0; round < 40 && last('delivery:failed', entryId) === undefined; round += 1) {
      const next = last('delivery:delayed', entryId)?.nextAt ?? 0;
      await floor.pass(Math.max(1, next - floor.now));
      await stage.settle();
    }
    expect(last('delivery:failed', entryId)).toMatchObject({ attempts: 14, fault: 'answered_5xx' });
    expect((floor.now - begin) / hour).toBeGreaterThan(66);
    expect((floor.now - begin) / hour).toBeLessThan(78);
    expect(sink.got).toHaveLength(14);
    expect(new Set(sink.got.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([entryId]));

    sink.answer = () => ({ status: 200 });
    expect(await stage.of('Omar').refused('delivery:retry', { conversationId: one.conversationId, entryId })).toBe(
      'not_joined',
    );
    expect(await stage.of('Leo').refused('delivery:retry', { conversationId: one.conversationId, entryId })).toBe(
      'not_found',
    );
    await stage.does('Priya', 'delivery:retry', { conversationId: one.conversationId, entryId });
    await stage.settle();
    expect(last('delivery:sent', entryId)).toMatchObject({ attempts: 1 });
    expect(await stage.of('Priya').refused('delivery:retry', { conversationId: one.conversationId, entryId })).toBe(
      'not_failed',
    );
  });

  test('410 switches the connection off; once it is on again what waited goes out', async () => {
    sink.answer = () => ({ status: 410 });
    const one = await talk();
    const first = await says(one, 'first');
    await stage.settle();
    expect(last('delivery:failed', first)).toMatchObject({ fault: 'gone' });
    const off = await stage.of('Marta').hears('connection:deactivated');
    expect(off).toMatchObject({ because: 'target_gone', by: { kind: 'system' } });
    expect(stage.of('Priya').heard('connection:deactivated')).toEqual([]);
    expect((await writes(floor, to, 'rosa', 'Hello?')).code).toBe('connection_inactive');
    const second = await says(one, 'second');
    await stage.settle();
    expect(sink.got).toHaveLength(1);
    expect(
      await stage.of('Priya').refused('delivery:retry', { conversationId: one.conversationId, entryId: first }),
    ).toBe('connection_inactive');
    sink.answer = () => ({ status: 200 });
    await stage.does('Marta', 'connection:activate', { connectionId: to.connectionId });
    await stage.settle();
    expect(last('delivery:sent', second)).toBeDefined();
    expect(sink.texts).toEqual(['first', 'second']);
  });

  test('a private address is refused when the line is sent, and asked for nothing', async () => {
    const one = await talk();
    const target = sink.url.replace('127.0.0.1', '127.0.0.2');
    await stage.does('Marta', 'connection:set-target', { connectionId: to.connectionId, target, sender: null });
    const entryId = await says(one, 'Hello.');
    await stage.settle();
    expect(last('delivery:failed', entryId)).toMatchObject({ attempts: 1, fault: 'refused_address' });
    expect(sink.got).toEqual([]);
  });

  test('nobody there: it is tried again', async () => {
    const one = await talk();
    const away = { connectionId: to.connectionId, target: 'http://127.0.0.1:1/', sender: null };
    await stage.does('Marta', 'connection:set-target', away);
    const entryId = await says(one, 'Hello.');
    await stage.settle();
    expect(last('delivery:delayed', entryId)).toMatchObject({ fault: 'unreachable' });
  });

  test('a target reports how far a line has come, in any order and more than once', async () => {
    const one = await talk();
    const entryId = await says(one, 'Hello.');
    await stage.settle();
    const report = async (state: string) => {
      const body = { type: `message.${state}`, timestamp: new Date(floor.now).toISOString(), data: { id: entryId } };
      expect((await post(floor, to, body)).status).toBe(200);
      await stage.settle();
    };
    await report('delivered');
    await report('delivered');
    await report('read');
    await report('delivered');
    await report('failed');
    expect(heard(one.conversationId)).toEqual(['queued', 'sent', 'delivered', 'read']);
    // Another connection's provider can say nothing of it.
    const other = await connected(stage.of('Marta'), stage.queue('Banking'), sink.url);
    const body = { type: 'message.failed', timestamp: new Date(floor.now).toISOString(), data: { id: entryId } };
    expect((await post(floor, other, body)).status).toBe(200);
    expect(heard(one.conversationId)).toHaveLength(4);
  });

  test('WhatsApp: the answer’s id finds the statuses; a failure can be sent again; an error that will stay fails at once', async () => {
    const meta = await connected(stage.of('Marta'), stage.queue('Banking'), `${sink.url}/v26.0`, 'whatsapp');
    sink.answer = (_got, count) => ({ status: 200, body: whatsappTaken(`wamid.ours${count}`) });
    const one = await talk(meta);
    const entryId = await says(one, 'Your flight is on time.');
    await stage.settle();
    expect(sink.got[0]).toMatchObject({
      path: '/v26.0/106540352242922/messages',
      headers: { authorization: `Bearer ${meta.outbound}` },
      json: { messaging_product: 'whatsapp', to: '15550100234', text: { body: 'Your flight is on time.' } },
    });
    expect(last('delivery:sent', entryId)).toMatchObject({ ref: 'wamid.ours1' });
    for (const [ref, state] of [
      ['wamid.ours1', 'sent'],
      ['wamid.somebody-else', 'read'],
      ['wamid.ours1', 'failed'],
    ] as const)
      expect((await postWhatsapp(floor, meta, whatsappStatus(ref, state, floor.now))).status).toBe(200);
    await stage.settle();
    expect(last('delivery:failed', entryId)).toMatchObject({ fault: 'not_reached' });
    await stage.does('Priya', 'delivery:retry', { conversationId: one.conversationId, entryId });
    await stage.settle();
    await postWhatsapp(floor, meta, whatsappStatus('wamid.ours2', 'delivered', floor.now));
    await postWhatsapp(floor, meta, whatsappStatus('wamid.ours2', 'read', floor.now));
    await stage.settle();
    expect(heard(one.conversationId)).toEqual(['queued', 'sent', 'failed', 'retried', 'sent', 'delivered', 'read']);

    sink.answer = () => ({ status: 400, body: whatsappError(131047) });
    const late = await says(one, 'After a day.');
    await stage.settle();
    expect(last('delivery:failed', late)).toMatchObject({ attempts: 1, fault: 'rejected' });
  });

  test('whoever is given the conversation later reads how far its lines have come', async () => {
    const one = await talk();
    await says(one, 'Hello.');
    await stage.settle();
    const { conversationId } = one;
    await stage.does('Priya', 'conversation:transfer', {
      conversationId,
      to: { kind: 'queue', queueId: stage.queue('Travel') },
    });
    await stage.does('Leo', 'conversation:take', { conversationId });
    const token = await floor.token(stage.home, 'Leo');
    const { text } = await request(floor.url, 'GET', `/api/conversation/${conversationId}/transcript`, { token });
    expect(text).toContain('delivery:sent');
  });
});

describe('S1.2 messaging, two hubs:', () => {
  test('both look, and each line is sent once', async () => {
    const second = await Floor.start({ beside: floor, now: floor.now });
    sink.answer = () => ({ status: 200 });
    const talks = await Promise.all(Array.from({ length: 6 }, () => talk()));
    await Promise.all(talks.flatMap((one, at) => [says(one, `a${at}`), says(one, `b${at}`)]));
    await Promise.all([floor.app.tick(), second.app.tick(), floor.app.tick(), second.app.tick()]);
    // What the second hub has taken is on its way when the first has nothing left to do.
    await until('every line', () => sink.texts.length >= 12);
    await stage.settle();
    expect(sink.texts.sort()).toEqual(talks.flatMap((_one, at) => [`a${at}`, `b${at}`]).sort());
    await second.close();
  });

  test('a hub that died in between leaves the line to another, which sends it again under the same id', async () => {
    const one = await talk();
    // As if another hub had taken it and been killed after the target had it, before it could note so.
    sink.answer = () => ({ status: 500 });
    const entryId = await says(one, 'Hello.');
    await stage.settle();
    const taken = (until_: number) =>
      floor.db.system.query(
        'update delivery set next_at = to_timestamp($2::double precision / 1000), taken_until = to_timestamp($3::double precision / 1000) where id = $1',
        [entryId, floor.now, until_],
      );
    await taken(floor.now + 30 * second);
    sink.answer = () => ({ status: 200 });
    await floor.pass(29 * second);
    expect(sink.got).toHaveLength(1);
    await floor.pass(2 * second);
    await stage.settle();
    expect(last('delivery:sent', entryId)).toBeDefined();
    expect(sink.got.map(({ headers }) => headers['webhook-id'])).toEqual([entryId, entryId]);
  });

  test('a provider that speaks of a line which is just being sent is asked to say so again', async () => {
    const meta = await connected(stage.of('Marta'), stage.queue('Banking'), sink.url, 'whatsapp');
    const one = await talk(meta);
    const statuses: number[] = [];
    sink.answer = () => {
      // The status overtakes the answer to the request.
      void postWhatsapp(floor, meta, whatsappStatus('wamid.quick', 'delivered', floor.now)).then(({ status }) =>
        statuses.push(status),
      );
      return null;
    };
    await says(one, 'Hello.');
    await until('the status to be answered', () => statuses.length > 0);
    expect(statuses).toEqual([503]);
    await stage.settle();
  });
});
