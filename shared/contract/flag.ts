import { z } from 'zod';
import { channel } from './conversation.ts';
import {
  conversationId,
  entryId,
  flagId,
  personId,
  queueId,
  reasonId,
  ruleId,
  sessionId,
  teamId,
} from './id-schema.ts';
import { limits } from './limits.ts';
import { reach } from './organisation.ts';
import { outcomes } from './outcome.ts';
import { words } from './text.ts';

export const outcome = z.enum(outcomes);
export type Outcome = (typeof outcomes)[number];

/** Why a flag went down: a person lowered it, or its session ended in the named way. */
export const lowerReason = z.enum(['lowered', 'closed', 'customer_left', 'transferred', 'taken_over', 'unassigned']);
export type LowerReason = z.infer<typeof lowerReason>;

/** The agent's request that a supervisor joins the customer conversation (S1.10). */
export const joinRequest = z.object({
  state: z.enum(['asked', 'accepted', 'declined']),
  askedAt: z.number(),
  answeredAt: z.number().nullable(),
  answeredBy: personId.nullable(),
  /** The supervisor's word with a decline. */
  word: z.string().nullable(),
});
export type JoinRequest = z.infer<typeof joinRequest>;

/** Who called: the agent, or a rule that heard words of one side (S1.17). `heard`: the rule's own phrases, as written there. */
export const flagSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('agent') }),
  z.object({
    kind: z.literal('rule'),
    ruleId,
    ruleName: z.string(),
    side: z.enum(['customer', 'agent']),
    heard: z.array(z.string()),
    /** The line that was heard. */
    lineId: entryId,
  }),
]);
export type FlagSource = z.infer<typeof flagSource>;

/** A help flag: an agent's live call for a supervisor. Each step of its life keeps its instant. */
export const flag = z.object({
  id: flagId,
  sessionId,
  conversationId,
  agentId: personId,
  channel,
  queueId,
  teamId,
  customerName: z.string(),
  reasonId,
  source: flagSource,
  /** The agent's words; of a flag by rule the line that was heard, cut for cards. */
  message: z.string(),
  raisedAt: z.number(),
  /** By when somebody should have claimed it: `raisedAt` plus the target of its reason. */
  targetAt: z.number(),
  amendedAt: z.number().nullable(),
  /** First arrival on a supervisor's screen. */
  deliveredAt: z.number().nullable(),
  /** Shown on a focused, visible tab of these people. */
  seenBy: z.array(z.object({ personId, at: z.number() })),
  claim: z.object({ personId, at: z.number() }).nullable(),
  /** First claim ever; kept when the claim is released. */
  claimedAt: z.number().nullable(),
  /** First answer: a supervisor's first line in the side chat, or joining, whichever came first. */
  answeredAt: z.number().nullable(),
  join: joinRequest.nullable(),
  joinedAt: z.number().nullable(),
  /** Supervisors in the customer conversation now. */
  joinedBy: z.array(personId),
  /** How far it calls now, and since when. */
  reach,
  reachedAt: z.number(),
  /** When it calls further unless somebody claims it; null: claimed, or there is no further step. */
  nextAt: z.number().nullable(),
  lowered: z
    .object({
      at: z.number(),
      by: personId.nullable(),
      side: z.enum(['agent', 'supervisor', 'system']),
      outcome: outcome.nullable(),
      reason: lowerReason,
    })
    .nullable(),
});
export type Flag = z.infer<typeof flag>;
export type FlagState = 'raised' | 'seen' | 'claimed' | 'joined' | 'lowered';

const message = words(limits.flagMessage);

export const flagCommands = {
  /** On an own live session. Raising again while one is up changes its message and reason instead (S1.1). */
  'flag:raise': z.strictObject({ sessionId, reasonId, message, askJoin: z.boolean() }),
  'flag:amend': z.strictObject({ flagId, reasonId, message }),
  /** Sent by every supervisor's screen when the flag arrives; the first one counts. */
  'flag:mark-delivered': z.strictObject({ flagId }),
  /** Sent by a focused, visible tab that shows the flag. */
  'flag:mark-seen': z.strictObject({ flagId }),
  'flag:claim': z.strictObject({ flagId }),
  'flag:release': z.strictObject({ flagId }),
  'flag:ask-join': z.strictObject({ flagId }),
  'flag:decline-join': z.strictObject({ flagId, word: words(limits.declineWord) }),
  'flag:lower': z.strictObject({ flagId, outcome }),
} as const;

export interface FlagResults {
  /** `watching`: people whom this flag calls now and who are connected; 0 is said to the agent at once (S1.19). */
  'flag:raise': { flagId: string; watching: number };
  'flag:amend': null;
  'flag:mark-delivered': null;
  'flag:mark-seen': null;
  'flag:claim': null;
  'flag:release': null;
  'flag:ask-join': null;
  'flag:decline-join': null;
  'flag:lower': null;
}

export const releaseReason = z.enum(['released', 'unreachable', 'right_lost']);

export const flagFacts = [
  /** `flag.message` stands in `text`, so that the log can leave people's words out. */
  z.object({ type: z.literal('flag:raised'), conversationId, flag, entryId, text: z.string() }),
  z.object({
    type: z.literal('flag:amended'),
    conversationId,
    sessionId,
    flagId,
    reasonId,
    targetAt: z.number(),
    entryId,
    text: z.string(),
  }),
  z.object({ type: z.literal('flag:delivered'), conversationId, sessionId, flagId, personId }),
  z.object({ type: z.literal('flag:seen'), conversationId, sessionId, flagId, personId }),
  z.object({ type: z.literal('flag:claimed'), conversationId, sessionId, flagId, personId }),
  z.object({
    type: z.literal('flag:released'),
    conversationId,
    sessionId,
    flagId,
    personId,
    reason: releaseReason,
    /** It calls on from here: when it reaches the next step. */
    nextAt: z.number().nullable(),
  }),
  /** Nobody claimed it in time, or nobody of the step before is there: it calls further. */
  z.object({
    type: z.literal('flag:escalated'),
    conversationId,
    sessionId,
    flagId,
    agentId: personId,
    before: reach,
    reach,
    because: z.enum(['waited', 'nobody_there']),
    nextAt: z.number().nullable(),
  }),
  z.object({
    type: z.literal('flag:answered'),
    conversationId,
    sessionId,
    flagId,
    personId,
    how: z.enum(['side_chat', 'joined']),
  }),
  z.object({ type: z.literal('flag:join-asked'), conversationId, flagId }),
  z.object({ type: z.literal('flag:join-accepted'), conversationId, sessionId, flagId, personId }),
  z.object({
    type: z.literal('flag:join-declined'),
    conversationId,
    sessionId,
    flagId,
    personId,
    entryId,
    text: z.string(),
  }),
  z.object({ type: z.literal('flag:joined'), conversationId, sessionId, flagId, personId }),
  z.object({ type: z.literal('flag:left'), conversationId, sessionId, flagId, personId }),
  z.object({
    type: z.literal('flag:lowered'),
    conversationId,
    sessionId,
    flagId,
    personId: personId.nullable(),
    side: z.enum(['agent', 'supervisor', 'system']),
    outcome: outcome.nullable(),
    reason: lowerReason,
  }),
] as const;
