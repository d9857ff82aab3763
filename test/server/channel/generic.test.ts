import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import type { OutgoingLine } from '../../../server/channel/channel.ts';
import { generic, genericOutgoing, sign } from '../../../server/channel/generic.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import { received, signingSecret } from '../../support/messaging.ts';

const secrets = { inbound: signingSecret(), outbound: signingSecret(), verify: null };
const now = Date.UTC(2026, 2, 1, 9, 30);
const body = JSON.stringify(received('rosa', 'Hello?', now));
const signedAt = (at: number) => ({ headers: sign(secrets.inbound, 'msg_1', at, body), body: Buffer.from(body) });

const line: OutgoingLine = {
  id: newId(now),
  conversationId: newId(now),
  to: 'rosa',
  at: now,
  said: { kind: 'line', text: 'From which account?', by: 'supervisor', name: 'Tomasz' },
};
const connection = { target: 'https://crm.example/replies', sender: null };

describe('S1.2 messaging, generic', () => {
  test.each([
    [0, 'ok'],
    [299_000, 'ok'],
    [-299_000, 'ok'],
    [301_000, 'too_old'],
    [-301_000, 'too_old'],
  ])('a request that was signed %i ms ago is %s', (age, verdict) => {
    expect(generic.verify(signedAt(now - age), secrets, now)).toBe(verdict);
  });

  test('an old request that is badly signed is not told that it is old', () => {
    const request = signedAt(0);
    expect(generic.verify(request, { ...secrets, inbound: signingSecret() }, now)).toBe('bad_signature');
  });

  test('one of several signatures is enough, as while a sender changes its secret', () => {
    const { headers, body: bytes } = signedAt(now);
    const other = sign(signingSecret(), 'msg_1', now, body)['webhook-signature'];
    const both = { ...headers, 'webhook-signature': `${other} v1a,abc ${headers['webhook-signature']}` };
    expect(generic.verify({ headers: both, body: bytes }, secrets, now)).toBe('ok');
    expect(
      generic.verify({ headers: { ...headers, 'webhook-signature': `${other}` }, body: bytes }, secrets, now),
    ).toBe('bad_signature');
  });

  test('id and time belong to what is signed', () => {
    const { headers, body: bytes } = signedAt(now);
    for (const change of [{ 'webhook-id': 'msg_2' }, { 'webhook-timestamp': String(now / 1000 + 1) }])
      expect(generic.verify({ headers: { ...headers, ...change }, body: bytes }, secrets, now)).toBe('bad_signature');
  });

  test('a secret that is none lets nobody in', () => {
    for (const inbound of ['', 'whsec_', 'whsec_***', 'nonsense'])
      expect(generic.verify(signedAt(now), { ...secrets, inbound }, now)).toBe('bad_signature');
  });

  test('the library of the specification verifies what goes out', () => {
    const at = Date.now();
    const request = generic.request(line, connection, secrets, at);
    const verified = new Webhook(secrets.outbound).verify(request.body, { ...request.headers });
    expect(genericOutgoing.parse(verified)).toEqual({
      type: 'message.sent',
      timestamp: '2026-03-01T09:30:00.000Z',
      data: {
        id: line.id,
        conversationId: line.conversationId,
        to: 'rosa',
        text: 'From which account?',
        from: { name: 'Tomasz', role: 'supervisor' },
      },
    });
    expect(() => new Webhook(secrets.inbound).verify(request.body, { ...request.headers })).toThrow();
    expect(request.headers['webhook-id']).toBe(line.id);
  });

  test('a notice has a type of its own', () => {
    const { body: text } = generic.request(
      { ...line, said: { kind: 'joined', name: 'Ines' } },
      connection,
      secrets,
      now,
    );
    expect(genericOutgoing.parse(JSON.parse(text))).toMatchObject({ type: 'notice.joined', data: { name: 'Ines' } });
  });

  test('a customer without a name has none', () => {
    const { data, ...rest } = received('rosa', 'Hello?', now) as { data: { name?: string } };
    delete data.name;
    const given = { headers: { 'webhook-id': 'msg_1' }, body: Buffer.from(JSON.stringify({ ...rest, data })) };
    expect(generic.parse(given, connection)).toMatchObject([{ name: 'Customer' }]);
  });

  test('nobody asks it whether this address is ours', () => {
    expect(generic.handshake({ 'hub.mode': 'subscribe', 'hub.challenge': '1' }, secrets)).toBeNull();
  });
});
