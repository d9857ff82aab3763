import { z } from 'zod';
import { connectionId, conversationId, entryId, queueId } from './id-schema.ts';
import { limits } from './limits.ts';
import { oneLine } from './text.ts';

/** How a messaging provider speaks: Halyard's own signed webhooks, or the WhatsApp Cloud API's. */
export const adapters = ['generic', 'whatsapp'] as const;
export const adapter = z.enum(adapters);
export type AdapterKind = (typeof adapters)[number];

/** A messaging channel joined to a queue. Its secrets are never sent to a screen, answered or logged. */
export const connection = z.object({
  id: connectionId,
  name: z.string(),
  adapter,
  queueId,
  active: z.boolean(),
  /** Where replies are sent: the webhook's address, or the base of the provider's API. */
  target: z.string(),
  /** Who writes: of WhatsApp the phone number's id; of the generic adapter nothing. */
  sender: z.string().nullable(),
});
export type Connection = z.infer<typeof connection>;

const target = z
  .string()
  .max(limits.url)
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), {
    message: 'must be an address that begins with https:// or http://',
  });
const secret = oneLine(limits.secret).min(16, { message: 'must be at least 16 characters' });

/**
 * Generic: `inbound` and `outbound` sign what comes and goes, as `whsec_` and base64 (Standard Webhooks). WhatsApp: `inbound` is the
 * app secret, `outbound` the access token, `verify` the word of the subscription handshake.
 */
const secrets = { inbound: secret, outbound: secret, verify: secret.nullable() };

export const connectionCommands = {
  'connection:create': z.strictObject({
    name: oneLine(limits.name),
    adapter,
    queueId,
    target,
    sender: oneLine(limits.address).nullable(),
    ...secrets,
  }),
  'connection:rename': z.strictObject({ connectionId, name: oneLine(limits.name) }),
  'connection:set-queue': z.strictObject({ connectionId, queueId }),
  'connection:set-target': z.strictObject({ connectionId, target, sender: oneLine(limits.address).nullable() }),
  'connection:set-secrets': z.strictObject({ connectionId, ...secrets }),
  'connection:activate': z.strictObject({ connectionId }),
  'connection:deactivate': z.strictObject({ connectionId }),
  /** Sends a line again that could not be delivered. */
  'delivery:retry': z.strictObject({ conversationId, entryId }),
} as const;

export interface ConnectionResults {
  'connection:create': { connectionId: string };
  'connection:rename': null;
  'connection:set-queue': null;
  'connection:set-target': null;
  'connection:set-secrets': null;
  'connection:activate': null;
  'connection:deactivate': null;
  'delivery:retry': null;
}

/** Why a line could not be delivered. */
export const deliveryFault = z.enum([
  'unreachable',
  'timeout',
  'refused_address',
  'answered_3xx',
  'answered_4xx',
  'answered_5xx',
  'gone',
  'not_reached',
  'rejected',
]);
export type DeliveryFault = z.infer<typeof deliveryFault>;

/** How far a line of the staff has come on its way to the customer. */
export const deliveryState = z.enum(['waiting', 'sent', 'delivered', 'read', 'failed']);
export type DeliveryState = z.infer<typeof deliveryState>;

const line = { conversationId, entryId } as const;

export const connectionFacts = [
  z.object({ type: z.literal('connection:created'), connection }),
  z.object({ type: z.literal('connection:renamed'), connectionId, before: z.string(), name: z.string() }),
  z.object({ type: z.literal('connection:queue-set'), connectionId, before: queueId, queueId }),
  z.object({
    type: z.literal('connection:target-set'),
    connectionId,
    before: z.object({ target: z.string(), sender: z.string().nullable() }),
    target: z.string(),
    sender: z.string().nullable(),
  }),
  z.object({ type: z.literal('connection:secrets-set'), connectionId }),
  z.object({ type: z.literal('connection:activated'), connectionId }),
  z.object({
    type: z.literal('connection:deactivated'),
    connectionId,
    because: z.enum(['switched_off', 'target_gone']),
  }),
  /** A line, or a notice that a supervisor joined or left, is to be sent. `entryId` is the line's, or the notice's own. */
  z.object({
    type: z.literal('delivery:queued'),
    ...line,
    connectionId,
    notice: z.object({ kind: z.enum(['joined', 'left']), name: z.string() }).nullable(),
  }),
  /** The provider took it; `ref` is the provider's own name for it. */
  z.object({ type: z.literal('delivery:sent'), ...line, attempts: z.number().int(), ref: z.string().nullable() }),
  z.object({ type: z.literal('delivery:delivered'), ...line }),
  z.object({ type: z.literal('delivery:read'), ...line }),
  /** It is tried again at `nextAt`. */
  z.object({
    type: z.literal('delivery:delayed'),
    ...line,
    attempts: z.number().int(),
    fault: deliveryFault,
    nextAt: z.number(),
  }),
  z.object({ type: z.literal('delivery:failed'), ...line, attempts: z.number().int(), fault: deliveryFault }),
  z.object({ type: z.literal('delivery:retried'), ...line }),
] as const;
