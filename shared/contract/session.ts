import { z } from 'zod';
import { endReason } from './conversation.ts';
import { conversationId, entryId, flagId, personId, ruleId, sessionId } from './id-schema.ts';
import { limits } from './limits.ts';
import { monitoringPolicy, reach } from './organisation.ts';
import { words } from './text.ts';

/** A supervisor who watches (`monitoring`: the customer does not know) or takes part (`joined`: the customer does). */
export const presence = z.object({
  personId,
  mode: z.enum(['monitoring', 'joined']),
  since: z.number(),
  /** The organisation's policy when it began: whether the agent is told of the watching. */
  policy: monitoringPolicy,
});
export type Presence = z.infer<typeof presence>;

/** One agent's stretch of a conversation, from accept to close, transfer or take-over. Its id is the work id. */
export const session = z.object({
  id: sessionId,
  conversationId,
  agentId: personId,
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  endReason: endReason.nullable(),
  supervisors: z.array(presence),
  /** The help flag that is up, or null: at most one per session. */
  flagId: flagId.nullable(),
  /** Lines in the side chat so far. */
  sideLines: z.number().int(),
  /** How many of them each person has read; whoever is absent has read none. */
  sideRead: z.record(z.string(), z.number().int()),
  sideLastAt: z.number().nullable(),
  /** How far its flag has called: who may help here beside the agent's own supervisors, until it ends. */
  reach,
  /** Rules that have raised a flag in it: each does so once. */
  ruleIds: z.array(ruleId),
});
export type Session = z.infer<typeof session>;

export const sessionCommands = {
  'side-chat:say': z.strictObject({ sessionId, text: words(limits.sideChat) }),
  'side-chat:mark-read': z.strictObject({ sessionId }),
  /** Starts to watch without a word to the customer; what the agent sees of it is the organisation's policy. */
  'supervision:monitor': z.strictObject({ sessionId }),
  'supervision:join': z.strictObject({ sessionId }),
  /** Ends watching, or leaves the customer conversation. */
  'supervision:leave': z.strictObject({ sessionId }),
  /** The supervisor becomes the assignee; the agent's session ends. */
  'supervision:take-over': z.strictObject({ sessionId }),
} as const;

export interface SessionResults {
  'side-chat:say': { entryId: string };
  'side-chat:mark-read': null;
  'supervision:monitor': null;
  'supervision:join': null;
  'supervision:leave': null;
  'supervision:take-over': { sessionId: string };
}

/** `joined`: who watched is in the conversation now; `ended`: the session that was watched is over. */
export const leaveReason = z.enum(['left', 'unreachable', 'right_lost', 'joined', 'ended']);

export const sessionFacts = [
  z.object({ type: z.literal('session:started'), conversationId, session }),
  z.object({ type: z.literal('session:ended'), conversationId, sessionId, agentId: personId, reason: endReason }),
  z.object({ type: z.literal('side-chat:said'), conversationId, sessionId, entryId, personId, text: z.string() }),
  z.object({ type: z.literal('side-chat:read'), conversationId, sessionId, personId, lines: z.number().int() }),
  z.object({
    type: z.literal('supervision:monitored'),
    conversationId,
    sessionId,
    personId,
    agentId: personId,
    policy: monitoringPolicy,
  }),
  z.object({ type: z.literal('supervision:joined'), conversationId, sessionId, personId }),
  z.object({
    type: z.literal('supervision:left'),
    conversationId,
    sessionId,
    personId,
    agentId: personId,
    was: z.enum(['monitoring', 'joined']),
    /** Since when, and under which policy it began. */
    since: z.number(),
    policy: monitoringPolicy,
    reason: leaveReason,
  }),
  z.object({ type: z.literal('supervision:took-over'), conversationId, sessionId, personId, agentId: personId }),
] as const;
