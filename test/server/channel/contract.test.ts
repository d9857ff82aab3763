import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adapters } from '../../../server/channel/adapters.ts';
import type { Adapter, Incoming, OutgoingLine, Secrets } from '../../../server/channel/channel.ts';
import { sign } from '../../../server/channel/generic.ts';
import type { AdapterKind } from '../../../shared/contract/connection.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import { received, signingSecret } from '../../support/messaging.ts';
import { envelope, phone, phoneNumberId, whatsappStatus, whatsappTaken, whatsappText } from '../../support/whatsapp.ts';

/** S1.2 messaging: what every adapter must do, held against each of them by the same cases. */
const now = Date.UTC(2026, 2, 1, 9, 30);

interface Subject {
  readonly adapter: Adapter;
  readonly secrets: Secrets;
  readonly connection: { readonly target: string; readonly sender: string | null };
  /** Signs as the provider does. */
  signed(body: string): Incoming;
  text(words: string, id: string): object;
  status(ref: string, state: string): object;
  /** A customer's address in the form of this provider. */
  readonly address: string;
  /** Something that is well signed and none of our business. */
  readonly other: object;
  readonly taken: { readonly status: number; readonly body: string };
}

const signing: Secrets = { inbound: signingSecret(), outbound: signingSecret(), verify: null };
const meta: Secrets = { inbound: 'app-secret-0123456789', outbound: 'EAAtoken0123456789', verify: 'a-word-to-verify' };
let count = 0;

const subjects: Readonly<Record<AdapterKind, Subject>> = {
  generic: {
    adapter: adapters.generic,
    secrets: signing,
    connection: { target: 'https://crm.example/replies', sender: null },
    signed: (body) => ({ headers: sign(signing.inbound, `msg_${count}`, now, body), body: Buffer.from(body) }),
    text: (words, id) => {
      count = Number(id);
      return received('+34 600 100 200', words, now);
    },
    status: (ref, state) => ({ type: `message.${state}`, timestamp: new Date(now).toISOString(), data: { id: ref } }),
    address: '+34 600 100 200',
    other: { type: 'contact.updated', timestamp: new Date(now).toISOString(), data: { vip: true } },
    taken: { status: 202, body: '' },
  },
  whatsapp: {
    adapter: adapters.whatsapp,
    secrets: meta,
    connection: { target: 'https://graph.facebook.com/v26.0', sender: phoneNumberId },
    signed: (body) => ({
      headers: { 'x-hub-signature-256': `sha256=${createHmac('sha256', meta.inbound).update(body).digest('hex')}` },
      body: Buffer.from(body),
    }),
    text: (words, id) => whatsappText(words, `msg_${id}`, now),
    status: (ref, state) => whatsappStatus(ref, state, now),
    address: phone,
    other: envelope({ event: 'APPROVED' }, 'message_template_status_update'),
    taken: { status: 200, body: whatsappTaken('wamid.ours') },
  },
};

const line = (said: OutgoingLine['said'], to: string): OutgoingLine => ({
  id: newId(now),
  conversationId: newId(now),
  to,
  at: now,
  said,
});

describe.each(Object.entries(subjects))('S1.2 messaging, the adapter %s', (kind, subject) => {
  const { adapter, secrets, connection, address } = subject;
  const parse = (given: object | string) =>
    adapter.parse(subject.signed(typeof given === 'string' ? given : JSON.stringify(given)), connection);

  test('is the one it says it is', () => expect(adapter.kind).toBe(kind));

  test('knows its provider by the signature, and nobody else', () => {
    const body = JSON.stringify(subject.text('Hello?', '1'));
    const request = subject.signed(body);
    expect(adapter.verify(request, secrets, now)).toBe('ok');
    expect(adapter.verify({ ...request, headers: {} }, secrets, now)).toBe('bad_signature');
    expect(adapter.verify({ ...request, body: Buffer.from(`${body} `) }, secrets, now)).toBe('bad_signature');
    const others = { ...secrets, inbound: kind === 'generic' ? signingSecret() : 'another-app-secret' };
    expect(adapter.verify(request, others, now)).toBe('bad_signature');
    for (const [name, value] of Object.entries(request.headers))
      expect(adapter.verify({ ...request, headers: { ...request.headers, [name]: `${value}0` } }, secrets, now)).toBe(
        'bad_signature',
      );
  });

  test('reads a message: its id, from whom, what and when', () => {
    expect(parse(subject.text('Hello?\nAnybody?', '7'))).toEqual([
      { kind: 'message', ref: 'msg_7', address, name: 'Rosa Iglesias', text: 'Hello?\nAnybody?', at: now },
    ]);
  });

  test('reads the same message the same way when it comes again', () => {
    expect(parse(subject.text('Hello?', '8'))).toEqual(parse(subject.text('Hello?', '8')));
  });

  test.each(['delivered', 'read', 'failed'])('reads that a line was %s', (state) => {
    expect(parse(subject.status('wamid.ours', state))).toEqual([{ kind: 'status', ref: 'wamid.ours', state }]);
  });

  test('leaves out fields and kinds that it does not know', () => {
    const more = JSON.parse(JSON.stringify(subject.text('Hello?', '9')), (_key, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value, later: { x: 1 } } : value,
    ) as object;
    expect(parse(more)).toMatchObject([{ kind: 'message', text: 'Hello?' }]);
    expect(parse(subject.other)).toEqual([]);
  });

  test.each([
    ['NUL', 'a\0b'],
    ['half a surrogate pair', 'a\ud83d'],
  ])('refuses %s in a text', (_what, words) => {
    expect(parse(subject.text(words, '10'))).toMatchObject([{ kind: 'fault' }]);
  });

  test('refuses what is no JSON, no UTF-8, or another form', () => {
    for (const body of ['', 'hello', '[]', '{}', 'null', '3', '{"object":', '"x"'])
      expect(parse(body), body).toMatchObject([{ kind: 'fault' }]);
    const bytes = Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]);
    expect(adapter.parse({ headers: {}, body: bytes }, connection)).toMatchObject([{ kind: 'fault' }]);
  });

  test('takes a text of 4,000 characters, and no longer one whole', () => {
    expect(parse(subject.text('x'.repeat(4000), '11'))).toMatchObject([{ kind: 'message', text: 'x'.repeat(4000) }]);
    const [long] = parse(subject.text(`${'x'.repeat(3998)}\u{1F600}xx`, '12'));
    // A program is told; a customer's phone cannot be.
    if (kind === 'generic')
      expect(parse(subject.text('x'.repeat(4001), '12'))).toMatchObject([{ kind: 'fault', field: 'data.text' }]);
    else expect(long).toMatchObject({ kind: 'message', text: `${'x'.repeat(3998)}…` });
  });

  test('sends a line to the customer, under the same id and with the same words each time', () => {
    const one = line({ kind: 'line', text: 'From which account?', by: 'agent', name: 'Priya' }, address);
    const request = adapter.request(one, connection, secrets, now);
    expect(request.url.startsWith(connection.target)).toBe(true);
    expect(request.body).toContain('From which account?');
    expect(request.body).toContain(address);
    expect(request.headers['content-type']).toBe('application/json');
    const later = adapter.request(one, connection, secrets, now + 60_000);
    expect(later.body).toBe(request.body);
    expect(later.headers['webhook-id']).toBe(request.headers['webhook-id']);
    for (const secret of [secrets.inbound, secrets.verify ?? 'nothing'])
      expect(JSON.stringify(request)).not.toContain(secret);
  });

  test.each(['joined', 'left'] as const)('says in words that a supervisor %s', (what) => {
    const { body } = adapter.request(line({ kind: what, name: 'Tomasz' }, address), connection, secrets, now);
    expect(body).toContain(`Tomasz ${what} the conversation.`);
  });

  test('understands the answers of a target', () => {
    expect(adapter.outcome(subject.taken)).toMatchObject({ kind: 'sent' });
    for (const [status, expected] of [
      [410, { kind: 'gone' }],
      [301, { kind: 'later', fault: 'answered_3xx' }],
      [401, { kind: 'later', fault: 'answered_4xx' }],
      [429, { kind: 'later', fault: 'answered_4xx' }],
      [500, { kind: 'later', fault: 'answered_5xx' }],
      [503, { kind: 'later', fault: 'answered_5xx' }],
    ] as const)
      expect(adapter.outcome({ status, body: 'whatever' }), `${status}`).toEqual(expected);
  });

  test('survives anything', () => {
    const headers = fc.dictionary(
      fc.constantFrom('webhook-id', 'webhook-timestamp', 'webhook-signature', 'x-hub-signature-256', 'content-type'),
      fc.oneof(fc.string(), fc.array(fc.string()), fc.constant(String(now / 1000))),
    );
    fc.assert(
      fc.property(headers, fc.uint8Array(), (given, bytes) => {
        const request: Incoming = { headers: given, body: Buffer.from(bytes) };
        expect(adapter.verify(request, secrets, now)).toBe('bad_signature');
        expect(Array.isArray(adapter.parse(request, connection))).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.json(), fc.integer({ min: 100, max: 599 }), (text, status) => {
        expect(Array.isArray(parse(text))).toBe(true);
        expect(adapter.outcome({ status, body: text }).kind).toBeTypeOf('string');
      }),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('hub.mode', 'hub.verify_token', 'hub.challenge'), fc.anything()),
        (query) => {
          expect(adapter.handshake(query, secrets)).toBeNull();
        },
      ),
    );
    // Nearly right: one value anywhere in a good message is something else.
    const good = JSON.stringify(subject.text('Hello?', '13'));
    const places: string[] = [];
    JSON.parse(good, (key, value: unknown) => {
      places.push(key);
      return value;
    });
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), (place, odd) => {
        const text = JSON.stringify(JSON.parse(good, (key, value: unknown) => (key === place ? odd : value)));
        for (const part of parse(text)) expect(['message', 'status', 'fault']).toContain(part.kind);
      }),
    );
  });
});
