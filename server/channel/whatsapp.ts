import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { limits } from '../../shared/contract/limits.ts';
import type { Adapter, IncomingFault, OutgoingLine, Parsed, SendOutcome } from './channel.ts';
import { nameless, noticeText, outcomeOfStatus } from './channel.ts';
import { asOneLine, cut, header, readJson, sameSecret, storable } from './text.ts';
import { wordsOf } from './whatsapp-kind.ts';

/**
 * The WhatsApp Cloud API, as Meta documents it: webhook field `messages` (messages and statuses), `X-Hub-Signature-256`, the
 * subscription's `hub.challenge`, and `POST /<phone number id>/messages`. A number may be hidden: then the customer is known by
 * a user id of the business alone, two letters of a country and a dot before it.
 */

const contact = z.object({
  wa_id: z.string().optional(),
  user_id: z.string().optional(),
  profile: z.object({ name: z.string().optional(), username: z.string().optional() }).optional(),
});

const seconds = z.union([z.string(), z.number()]).transform(Number).pipe(z.number().int().min(0).max(99_999_999_999));

const message = z.looseObject({
  id: z.string().min(1).max(limits.address),
  from: z.string().max(limits.address).optional(),
  from_user_id: z.string().max(limits.address).optional(),
  timestamp: seconds,
  type: z.string().max(40),
});

const status = z.object({ id: z.string().min(1).max(limits.address), status: z.string() });

const change = z.object({
  field: z.string(),
  value: z.object({
    metadata: z.object({ phone_number_id: z.string() }).optional(),
    contacts: z.array(z.unknown()).optional(),
    messages: z.array(z.unknown()).optional(),
    statuses: z.array(z.unknown()).optional(),
  }),
});

/** The envelope; what is in it is read one by one, so that a broken part harms no other. */
export const whatsappIncoming = z.object({
  object: z.literal('whatsapp_business_account'),
  entry: z.array(z.object({ changes: z.array(z.unknown()) })),
});

const taken = z.object({ messages: z.array(z.object({ id: z.string().min(1).max(limits.address) })).min(1) });
const failed = z.object({ error: z.object({ code: z.number() }) });

/** Codes that will not work however often it is tried: the window of 24 hours is over, the customer cannot be reached, the line is refused. */
const neverCodes = new Set([100, 131008, 131009, 131021, 131026, 131030, 131047, 131051, 132000]);

export const whatsapp: Adapter = {
  kind: 'whatsapp',
  idsAreUnique: true,

  verify: (request, { inbound }) => {
    const given = header(request, 'x-hub-signature-256');
    if (given === null) return 'bad_signature';
    const right = `sha256=${createHmac('sha256', inbound).update(request.body).digest('hex')}`;
    return sameSecret(given, right) ? 'ok' : 'bad_signature';
  },

  parse: (request, { sender }): Parsed => {
    const envelope = whatsappIncoming.safeParse(readJson(request.body));
    if (!envelope.success) return [fault(null, 'is not a webhook of WhatsApp')];
    return envelope.data.entry.flatMap(({ changes }, at) =>
      changes.flatMap((given, place): Parsed => {
        const one = change.safeParse(given);
        if (!one.success) return [fault(`entry.${at}.changes.${place}`, 'is malformed')];
        // Templates, account and quality news: not for us.
        if (one.data.field !== 'messages') return [];
        const { metadata, contacts = [], messages = [], statuses = [] } = one.data.value;
        // One app has one address for all its numbers: what is for another number is for another connection.
        if (metadata !== undefined && metadata.phone_number_id !== sender) return [];
        const names = namesOf(contacts);
        return [...messages.flatMap((each) => readMessage(each, names)), ...statuses.flatMap(readStatus)];
      }),
    );
  },

  handshake: (query, { verify }) => {
    const { 'hub.mode': mode, 'hub.verify_token': word, 'hub.challenge': challenge } = query;
    if (mode !== 'subscribe' || verify === null || typeof word !== 'string' || typeof challenge !== 'string')
      return null;
    return sameSecret(word, verify) && /^[\x21-\x7e]{1,200}$/.test(challenge) ? challenge : null;
  },

  request: (line, connection, { outbound }) => ({
    url: `${connection.target.replace(/\/+$/, '')}/${connection.sender ?? ''}/messages`,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${outbound}` },
    body: JSON.stringify({
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      ...(isUserId(line.to) ? { recipient: line.to } : { to: line.to }),
      type: 'text',
      text: { preview_url: false, body: textOf(line) },
    }),
  }),

  outcome: ({ status: code, body }): SendOutcome => {
    const given = readJson(Buffer.from(body));
    const refused = outcomeOfStatus(code);
    if (refused === null) {
      const answer = taken.safeParse(given);
      return { kind: 'sent', ref: answer.success ? (answer.data.messages[0]?.id ?? null) : null };
    }
    const error = failed.safeParse(given);
    if (error.success && code >= 400 && code < 500 && neverCodes.has(error.data.error.code))
      return { kind: 'never', fault: 'rejected' };
    return refused;
  },
};

const isUserId = (address: string): boolean => /^[A-Z]{2}\.[A-Za-z0-9.]+$/.test(address);

const textOf = ({ said }: OutgoingLine): string =>
  said.kind === 'line' ? said.text : noticeText(said.kind, said.name);

const fault = (field: string | null, message: string): IncomingFault => ({ kind: 'fault', field, message });

/** Names by every id under which a contact is known. */
function namesOf(contacts: readonly unknown[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const given of contacts) {
    const one = contact.safeParse(given);
    if (!one.success) continue;
    const { wa_id: number, user_id: user, profile } = one.data;
    const name = asOneLine((profile?.name ?? profile?.username ?? '').toWellFormed(), limits.name);
    if (name === '') continue;
    for (const id of [number, user]) if (id !== undefined) names.set(id, name);
  }
  return names;
}

function readMessage(given: unknown, names: ReadonlyMap<string, string>): Parsed {
  const parsed = message.safeParse(given);
  if (!parsed.success) return [fault(parsed.error.issues[0]?.path.map(String).join('.') || null, 'is malformed')];
  const { id: ref, from, from_user_id: user, timestamp, type } = parsed.data;
  const address = [from, user].find((one) => one !== undefined && one.trim() !== '');
  const words = wordsOf(type, parsed.data);
  if (words === null) return [];
  if (address === undefined) return [fault('from', 'is missing')];
  if (![ref, address, words].every(storable))
    return [fault('text', 'holds a character that cannot be stored (NUL or half of a surrogate pair)')];
  const name = names.get(from ?? '') ?? names.get(user ?? '') ?? nameless;
  // The customer cannot be told that a line was too long, so it is cut.
  return [{ kind: 'message', ref, address, name, text: cut(words, limits.message), at: timestamp * 1000 }];
}

function readStatus(given: unknown): Parsed {
  const parsed = status.safeParse(given);
  if (!parsed.success) return [];
  const { id: ref, status: state } = parsed.data;
  // `sent` says no more than the answer to our own request did; kinds to come are not for us.
  if (state !== 'delivered' && state !== 'read' && state !== 'failed') return [];
  return storable(ref) ? [{ kind: 'status', ref, state }] : [];
}
