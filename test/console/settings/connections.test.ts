import { describe, expect, test } from 'vitest';
import {
  type ConnectionForm,
  connectionFaults,
  connectionFieldOf,
  makeSecret,
  makeWord,
  saveConnection,
} from '../../../console/settings/connection-form.ts';
import { ConnectionList } from '../../../console/settings/connections.svelte.ts';
import type { Connection } from '../../../shared/contract/connection.ts';
import { connectionCommands } from '../../../shared/contract/connection.ts';
import type { Event } from '../../../shared/contract/event.ts';
import type { ConnectionPage } from '../../../shared/contract/read.ts';
import { refusal } from '../../../shared/contract/refusal.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import { fromSnapshot, type Live } from '../../../shared/live/apply.ts';
import { deliveries } from '../../../shared/ui/conversation/delivery.ts';

const form: ConnectionForm = {
  adapter: 'generic',
  name: 'Shop',
  queueId: newId(0),
  target: 'https://crm.example/replies',
  sender: '',
  app: '',
  token: '',
  verify: '',
};
const faulty = (given: ConnectionForm, fresh = true): string[] =>
  Object.entries(connectionFaults(given, fresh)).flatMap(([field, fault]) => (fault === null ? [] : [field]));

describe('S1.2 messaging, the form of a connection', () => {
  test('says what is wrong before it is sent', () => {
    expect(faulty(form)).toEqual([]);
    expect(faulty({ ...form, name: ' ', queueId: '', target: 'crm.example' })).toEqual(['name', 'queueId', 'target']);
    const meta: ConnectionForm = { ...form, adapter: 'whatsapp' };
    expect(faulty(meta)).toEqual(['sender', 'app', 'token', 'verify']);
    expect(faulty({ ...meta, sender: '106540352242922' }, false)).toEqual([]);
  });

  test('makes secrets that the contract takes, and never the same twice', () => {
    const secrets = Array.from({ length: 20 }, makeSecret);
    expect(new Set(secrets).size).toBe(20);
    const { inbound } = connectionCommands['connection:set-secrets'].shape;
    for (const secret of secrets) {
      expect(inbound.safeParse(secret).success).toBe(true);
      expect(atob(secret.slice('whsec_'.length))).toHaveLength(32);
    }
    expect(makeWord()).toMatch(/^[A-Za-z0-9]{24}$/);
  });

  test('sends what has changed, and stops at a refusal', async () => {
    const before: Connection = {
      id: newId(0),
      adapter: 'generic',
      name: 'Shop',
      queueId: newId(0),
      target: form.target,
      sender: null,
      active: true,
    };
    const sent: string[] = [];
    const send = (name: string) => {
      sent.push(name);
      return Promise.resolve(
        name === 'connection:set-queue'
          ? { ok: false, refusal: refusal('queue_inactive', 'No.', 'Choose.', { field: 'queueId' }) }
          : { ok: true, position: 1, value: null },
      );
    };
    expect(await saveConnection(before, { ...form, queueId: before.queueId }, send as never)).toBeNull();
    expect(sent).toEqual([]);
    const answer = await saveConnection(
      before,
      { ...form, name: 'Store', target: 'https://b.example/' },
      send as never,
    );
    expect(sent).toEqual(['connection:rename', 'connection:set-queue']);
    expect(answer?.ok === false && connectionFieldOf(answer.refusal)).toBe('queueId');
  });
});

describe('S1.2 messaging, the list of connections', () => {
  test('is read at once, and on a busy floor once in a while, not later and later', async () => {
    const due: (() => void)[] = [];
    let reads = 0;
    const list = new ConnectionList({
      read: () => {
        reads += 1;
        return Promise.resolve({ ok: true, value: { position: reads, connections: [] } satisfies ConnectionPage });
      },
      setTimeout: (run) => due.push(run),
      clearTimeout: () => {},
    });
    let tell: (events: readonly Event[], live: Live) => void = () => {};
    const stop = list.follow({
      onEvents: (given) => {
        tell = given;
        return () => {};
      },
      onAgain: () => () => {},
    });
    expect(list.connections).toBeNull();
    await Promise.resolve();
    await Promise.resolve();
    expect(list.connections).toEqual([]);
    const happened = (type: string) => tell([{ type } as Event], fromSnapshot as never);
    happened('person:status-set');
    expect(due).toHaveLength(0);
    for (let more = 0; more < 5; more += 1) happened('delivery:sent');
    expect(due).toHaveLength(1);
    due[0]?.();
    expect(reads).toBe(2);
    happened('connection:deactivated');
    expect(due).toHaveLength(2);
    stop();
  });
});

test('S1.2 messaging, a line has come as far as its last event says', () => {
  const [one, two] = [newId<'entry'>(1), newId<'entry'>(2)];
  const event = (type: string, entryId: string, more: object = {}) => ({ type, entryId, ...more }) as unknown as Event;
  const views = deliveries([
    event('delivery:queued', one),
    event('delivery:queued', two),
    event('delivery:delayed', one, { fault: 'timeout', nextAt: 5 }),
    event('delivery:sent', one),
    event('delivery:delivered', one),
    event('delivery:read', one),
    event('delivery:failed', two, { fault: 'gone' }),
    event('message:sent', newId(3)),
  ]);
  expect([...views.values()]).toEqual([
    { entryId: one, state: 'read', fault: null, nextAt: null },
    { entryId: two, state: 'failed', fault: 'gone', nextAt: null },
  ]);
  expect(
    deliveries([event('delivery:failed', two, { fault: 'gone' }), event('delivery:retried', two)]).get(two),
  ).toMatchObject({
    state: 'waiting',
    fault: null,
  });
});
