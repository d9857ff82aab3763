import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { limits } from '../../shared/contract/limits.ts';
import { oneLine, words } from '../../shared/contract/text.ts';
import type { Adapter, Incoming, IncomingFault, OutgoingLine, Parsed } from './channel.ts';
import { nameless, noticeText, outcomeOfStatus } from './channel.ts';
import { header, readJson, sameSecret } from './text.ts';

/** A signature counts for so long, before and after the hub's own time. */
const toleranceMs = 5 * 60_000;

/** ISO 8601 with an offset, as in 2026-03-01T09:30:00Z. */
const instant = z.iso.datetime({ offset: true });

const message = z.object({
  type: z.literal('message.received'),
  timestamp: instant,
  data: z.object({
    from: oneLine(limits.address),
    name: oneLine(limits.name).optional(),
    text: words(limits.message),
  }),
});

const status = z.object({
  type: z.enum(['message.delivered', 'message.read', 'message.failed']),
  timestamp: instant,
  data: z.object({ id: oneLine(limits.address) }),
});

/** What comes in. Fields beside these are ignored. */
export const genericIncoming = z.discriminatedUnion('type', [message, status]);
const anyType = z.object({ type: z.string() });

const sent = { id: z.string(), conversationId: z.string(), to: z.string(), text: z.string() };

/** What goes out. */
export const genericOutgoing = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('message.sent'),
    timestamp: instant,
    data: z.strictObject({
      ...sent,
      from: z.strictObject({ name: z.string(), role: z.enum(['agent', 'supervisor']) }),
    }),
  }),
  z.strictObject({
    type: z.enum(['notice.joined', 'notice.left']),
    timestamp: instant,
    data: z.strictObject({ ...sent, name: z.string() }),
  }),
]);
type Outgoing = z.infer<typeof genericOutgoing>;

/** The headers of Standard Webhooks for a body. @param secret `whsec_` and base64 */
export function sign(secret: string, id: string, now: number, body: string): Record<string, string> {
  const seconds = Math.floor(now / 1000);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': new Webhook(secret).sign(id, new Date(seconds * 1000), body),
  };
}

/** Halyard's own form: signed webhooks after the Standard Webhooks specification, both ways. docs/messaging.md shows it. */
export const generic: Adapter = {
  kind: 'generic',
  idsAreUnique: false,

  verify: (request, { inbound }, now) => {
    const id = header(request, 'webhook-id');
    const seconds = header(request, 'webhook-timestamp');
    const given = header(request, 'webhook-signature');
    if (id === null || seconds === null || given === null || id.length > 200 || !/^\d{1,11}$/.test(seconds))
      return 'bad_signature';
    const at = Number(seconds) * 1000;
    let right: string;
    try {
      // The library verifies against the machine's clock; the hub has one of its own. So it signs, and this compares.
      right = new Webhook(inbound).sign(id, new Date(at), request.body);
    } catch {
      return 'bad_signature';
    }
    // A sender that changes its secret signs with both for a while.
    const signed = given.split(' ').some((one) => sameSecret(one, right));
    if (!signed) return 'bad_signature';
    return Math.abs(now - at) > toleranceMs ? 'too_old' : 'ok';
  },

  parse: (request): Parsed => {
    const given = readJson(request.body);
    const known = genericIncoming.safeParse(given);
    if (known.success) return [read(known.data, header(request, 'webhook-id') ?? '')];
    // What a sender of a later version has to say beside this is none of our business, and no mistake.
    const other = anyType.safeParse(given);
    const types: readonly string[] = [message.shape.type.value, ...status.shape.type.options];
    if (other.success && !types.includes(other.data.type)) return [];
    return [faultOf(known.error)];
  },

  handshake: () => null,

  request: (line, connection, { outbound }, now) => {
    const body = JSON.stringify(outgoing(line));
    return {
      url: connection.target,
      headers: { 'content-type': 'application/json', ...sign(outbound, line.id, now, body) },
      body,
    };
  },

  outcome: (answer) => outcomeOfStatus(answer.status) ?? { kind: 'sent', ref: null },
};

function read(given: z.infer<typeof genericIncoming>, id: string): Parsed[number] {
  if (given.type === 'message.received') {
    const { from, name, text } = given.data;
    return {
      kind: 'message',
      ref: id,
      address: from.trim(),
      name: name?.trim() ?? nameless,
      text,
      at: Date.parse(given.timestamp),
    };
  }
  const states = { 'message.delivered': 'delivered', 'message.read': 'read', 'message.failed': 'failed' } as const;
  return { kind: 'status', ref: given.data.id, state: states[given.type] };
}

function faultOf(error: z.ZodError): IncomingFault {
  const [issue] = error.issues;
  const field = issue?.path.map(String).join('.') || null;
  return { kind: 'fault', field, message: issue?.message ?? 'is malformed' };
}

function outgoing(line: OutgoingLine): Outgoing {
  const { id, conversationId, to, said } = line;
  const timestamp = new Date(line.at).toISOString();
  if (said.kind === 'line')
    return {
      type: 'message.sent',
      timestamp,
      data: { id, conversationId, to, text: said.text, from: { name: said.name, role: said.by } },
    };
  return {
    type: `notice.${said.kind}`,
    timestamp,
    data: { id, conversationId, to, text: noticeText(said.kind, said.name), name: said.name },
  };
}

/** For whoever signs by hand: tests, the demo's sender. */
export const signedRequest = (secret: string, id: string, now: number, body: object): Incoming => {
  const text = JSON.stringify(body);
  return { headers: { 'content-type': 'application/json', ...sign(secret, id, now, text) }, body: Buffer.from(text) };
};
