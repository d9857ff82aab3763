import { describe, expect, test } from 'vitest';
import type { OutgoingLine } from '../../../server/channel/channel.ts';
import { whatsapp } from '../../../server/channel/whatsapp.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import {
  envelope,
  kinds,
  phone,
  phoneNumberId,
  whatsappError,
  whatsappMessage,
  whatsappTaken,
} from '../../support/whatsapp.ts';

const now = Date.UTC(2026, 2, 1, 9, 30);
const secrets = { inbound: 'app-secret-0123456789', outbound: 'EAAtoken', verify: 'a-word-to-verify' };
const connection = { target: 'https://graph.facebook.com/v26.0/', sender: phoneNumberId };
const parse = (given: object) => whatsapp.parse({ headers: {}, body: Buffer.from(JSON.stringify(given)) }, connection);

const line = (to: string): OutgoingLine => ({
  id: newId(now),
  conversationId: newId(now),
  to,
  at: now,
  said: { kind: 'line', text: 'From which account?', by: 'agent', name: 'Priya' },
});

describe('S1.2 messaging, WhatsApp', () => {
  test.each(kinds)('%s is read in words (%#)', (type, content, read) => {
    const parts = parse(whatsappMessage(type, content, 'wamid.theirs', now));
    expect(parts).toEqual(
      read === null
        ? []
        : [{ kind: 'message', ref: 'wamid.theirs', address: phone, name: 'Rosa Iglesias', text: read, at: now }],
    );
  });

  test('a request holds several, in their order, and a broken one harms no other', () => {
    const at = String(now / 1000);
    const text = (id: string, words: string) => ({
      from: phone,
      id,
      timestamp: at,
      type: 'text',
      text: { body: words },
    });
    const parts = parse(
      envelope({
        contacts: [{ wa_id: phone, profile: { name: 'Rosa' } }, 'odd'],
        messages: [text('wamid.1', 'One'), { id: 7 }, text('wamid.2', 'Two'), text('wamid.3', '')],
        statuses: [{ id: 'wamid.ours', status: 'read' }, { status: 'read' }, { id: 'wamid.ours', status: 'played' }],
      }),
    );
    expect(parts.map((part) => (part.kind === 'message' ? part.text : part.kind))).toEqual([
      'One',
      'fault',
      'Two',
      'status',
    ]);
  });

  test('what is for another number of the same app is not for this connection', () => {
    const metadata = { display_phone_number: '1', phone_number_id: '999' };
    const messages = [{ from: phone, id: 'wamid.1', timestamp: '1', type: 'text', text: { body: 'Hello?' } }];
    expect(parse(envelope({ metadata, messages }))).toEqual([]);
  });

  test('a customer who hides the number is known, and reached, by the user id', () => {
    const user = 'ES.13491208655302741918';
    const parts = parse(
      envelope({
        contacts: [{ profile: { name: 'Rosa', username: '@rosa' }, user_id: user }],
        messages: [
          { from_user_id: user, id: 'wamid.1', timestamp: String(now / 1000), type: 'text', text: { body: 'Hello?' } },
        ],
      }),
    );
    expect(parts).toMatchObject([{ kind: 'message', address: user, name: 'Rosa' }]);
    const hidden = JSON.parse(whatsapp.request(line(user), connection, secrets, now).body) as object;
    expect(hidden).toMatchObject({ recipient: user });
    expect(hidden).not.toHaveProperty('to');
  });

  test('a name is one line, and cut', () => {
    const contacts = [{ wa_id: phone, profile: { name: `Rosa\n\u0007${'x'.repeat(200)}` } }];
    const messages = [{ from: phone, id: 'wamid.1', timestamp: '1', type: 'text', text: { body: 'Hello?' } }];
    const [part] = parse(envelope({ contacts, messages }));
    expect(part).toMatchObject({ name: `Rosa ${'x'.repeat(74)}…` });
  });

  test('a line goes out as the Cloud API takes it', () => {
    const { url, headers, body } = whatsapp.request(line(phone), connection, secrets, now);
    expect(url).toBe(`https://graph.facebook.com/v26.0/${phoneNumberId}/messages`);
    expect(headers.authorization).toBe('Bearer EAAtoken');
    expect(JSON.parse(body)).toEqual({
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to: phone,
      type: 'text',
      text: { preview_url: false, body: 'From which account?' },
    });
  });

  test('the answer names the line, so that statuses find it', () => {
    expect(whatsapp.outcome({ status: 200, body: whatsappTaken('wamid.ours') })).toEqual({
      kind: 'sent',
      ref: 'wamid.ours',
    });
    expect(whatsapp.outcome({ status: 200, body: 'no json' })).toEqual({ kind: 'sent', ref: null });
  });

  test.each([
    [131047, 'never'],
    [131026, 'never'],
    [190, 'later'],
    [130429, 'later'],
  ])('error %i may be tried again: %s', (code, kind) => {
    expect(whatsapp.outcome({ status: 400, body: whatsappError(code) })).toMatchObject({ kind });
  });

  test('the handshake is answered to whoever knows the word', () => {
    const query = { 'hub.mode': 'subscribe', 'hub.verify_token': secrets.verify, 'hub.challenge': '1158201444' };
    expect(whatsapp.handshake(query, secrets)).toBe('1158201444');
    for (const wrong of [
      { 'hub.mode': 'unsubscribe' },
      { 'hub.verify_token': 'guess' },
      { 'hub.verify_token': [secrets.verify] },
      { 'hub.challenge': '<script>alert(1) </script>' },
      { 'hub.challenge': 'x'.repeat(201) },
      { 'hub.challenge': '' },
    ])
      expect(whatsapp.handshake({ ...query, ...wrong }, secrets), JSON.stringify(wrong)).toBeNull();
    expect(whatsapp.handshake(query, { ...secrets, verify: null })).toBeNull();
  });
});
