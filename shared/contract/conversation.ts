import { z } from 'zod';
import type { Channel } from './channel.ts';
import { channels, widgetChannels } from './channel.ts';
import {
  connectionId,
  conversationId,
  customerId,
  entryId,
  offerId,
  personId,
  queueId,
  sessionId,
  teamId,
} from './id-schema.ts';
import { limits } from './limits.ts';
import { reach } from './organisation.ts';
import { oneLine, words } from './text.ts';

export const channel = z.enum(Object.keys(channels) as [Channel, ...Channel[]]);

export const authorKind = z.enum(['customer', 'agent', 'supervisor']);
export type AuthorKind = z.infer<typeof authorKind>;

/** An offer of a waiting conversation to one agent; it is answered, or it lapses at `expiresAt`. */
export const offer = z.object({ id: offerId, personId, madeAt: z.number(), expiresAt: z.number() });
export type Offer = z.infer<typeof offer>;

/** The newest line that the customer can see, cut for lists. */
export const lastLine = z.object({
  author: authorKind,
  personId: personId.nullable(),
  text: z.string(),
  at: z.number(),
});

export const conversation = z.object({
  id: conversationId,
  channel,
  /** The connection it came in through; null where the customer's own screen is the channel. */
  connectionId: connectionId.nullable(),
  queueId,
  /** The team whose queue it is in: decides who may see it. */
  teamId,
  customerId,
  customerName: z.string(),
  lifecycle: z.enum(['open', 'closed']),
  /** The person in charge, or null: then it is unassigned. */
  assigneeId: personId.nullable(),
  sessionId: sessionId.nullable(),
  /** When it last entered a queue; null while somebody serves it. */
  queuedAt: z.number().nullable(),
  offer: offer.nullable(),
  /** Agents who let an offer of this queueing lapse or declined it, oldest first: they are asked last. */
  passedBy: z.array(personId),
  startedAt: z.number(),
  /** First line of an agent or supervisor. */
  answeredAt: z.number().nullable(),
  /** Since when the customer has had no answer to their newest lines; null when they have. */
  customerWaitsSince: z.number().nullable(),
  /** Customer lines that the assignee has not read. */
  unread: z.number().int(),
  lastLine: lastLine.nullable(),
  closedAt: z.number().nullable(),
  /**
   * As its session's: who may see it beside its team, because a flag has called that far. Kept by hubs; on screens it is always
   * `own`, because a conversation is also seen by people who are not to know of its flag.
   */
  reach,
});
export type Conversation = z.infer<typeof conversation>;

export const endReason = z.enum(['closed', 'customer_left', 'transferred', 'taken_over', 'unassigned']);
export type EndReason = z.infer<typeof endReason>;

export const conversationCommands = {
  /** The customer's first line opens the conversation. */
  'conversation:start': z.strictObject({
    queueId: queueId.nullable(),
    channel: z.enum(widgetChannels),
    name: oneLine(limits.name),
    text: words(limits.message),
  }),
  'message:send': z.strictObject({ conversationId, text: words(limits.message) }),
  /** The assignee has read up to here: sets unread to 0. */
  'conversation:mark-read': z.strictObject({ conversationId }),
  'conversation:transfer': z.strictObject({
    conversationId,
    to: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('queue'), queueId }),
      z.strictObject({ kind: z.literal('person'), personId }),
    ]),
  }),
  'conversation:close': z.strictObject({ conversationId }),
  /** An unassigned conversation is taken by hand by somebody of its team. */
  'conversation:take': z.strictObject({ conversationId }),
  'offer:accept': z.strictObject({ conversationId, offerId }),
  'offer:decline': z.strictObject({ conversationId, offerId }),
} as const;

export interface ConversationResults {
  'conversation:start': { conversationId: string };
  'message:send': { entryId: string };
  'conversation:mark-read': null;
  'conversation:transfer': null;
  'conversation:close': null;
  'conversation:take': { sessionId: string };
  'offer:accept': { sessionId: string };
  'offer:decline': null;
}

export const conversationFacts = [
  z.object({ type: z.literal('conversation:started'), conversationId, conversation }),
  z.object({
    type: z.literal('message:sent'),
    conversationId,
    entryId,
    author: authorKind,
    personId: personId.nullable(),
    text: z.string(),
  }),
  z.object({ type: z.literal('conversation:read'), conversationId, personId }),
  /** Waiting (again): it carries the whole thing, because people of another team may see it for the first time. */
  z.object({
    type: z.literal('conversation:queued'),
    conversationId,
    before: z.object({ queueId, teamId }),
    conversation,
  }),
  z.object({ type: z.literal('conversation:assigned'), conversationId, personId, conversation }),
  z.object({
    type: z.literal('conversation:closed'),
    conversationId,
    customerId,
    side: z.enum(['staff', 'customer']),
  }),
  z.object({ type: z.literal('offer:made'), conversationId, offer }),
  z.object({ type: z.literal('offer:accepted'), conversationId, offerId, personId }),
  z.object({ type: z.literal('offer:declined'), conversationId, offerId, personId }),
  z.object({ type: z.literal('offer:expired'), conversationId, offerId, personId }),
  z.object({ type: z.literal('offer:cancelled'), conversationId, offerId, personId }),
] as const;
