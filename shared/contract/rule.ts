import { z } from 'zod';
import type { AuthorKind } from './conversation.ts';
import { channel } from './conversation.ts';
import type { ConversationId, EntryId } from './id.ts';
import { queueId, reasonId, ruleId } from './id-schema.ts';
import { limits } from './limits.ts';
import { oneLine } from './text.ts';

/** Words or a phrase, as an admin writes it. A last word that ends in `*` stands for every word that begins so. */
const phrase = oneLine(limits.phrase);
const phrases = z.array(phrase).max(limits.phrases);

/**
 * What a rule listens for in one line. A line matches when it holds one of `any` (unless that is empty), each of `all`, both
 * of `near` at most `within` words apart, and none of `not`. Case and accents do not count.
 */
export const ruleWords = z.strictObject({
  any: phrases,
  all: phrases,
  near: z.strictObject({ first: phrase, second: phrase, within: z.number().int().min(1).max(limits.near) }).nullable(),
  not: phrases,
});
export type RuleWords = z.infer<typeof ruleWords>;

const definition = {
  name: oneLine(limits.name),
  /** Whose lines it hears. */
  side: z.enum(['customer', 'agent', 'either']),
  /** Empty: every one. */
  channels: z.array(channel),
  queueIds: z.array(queueId).max(limits.phrases),
  /** The reason that its flags are raised with. */
  reasonId,
  words: ruleWords,
};

/** A rule that raises a help flag when a line matches (S1.17). */
export const rule = z.object({ id: ruleId, active: z.boolean(), ...definition });
export type Rule = z.infer<typeof rule>;

export const ruleDefinition = z.strictObject(definition);
export type RuleDefinition = z.infer<typeof ruleDefinition>;

export const ruleCommands = {
  'rule:create': ruleDefinition,
  'rule:redefine': ruleDefinition.extend({ ruleId }),
  'rule:activate': z.strictObject({ ruleId }),
  'rule:deactivate': z.strictObject({ ruleId }),
  'rule:remove': z.strictObject({ ruleId }),
} as const;

export interface RuleResults {
  'rule:create': { ruleId: string };
  'rule:redefine': null;
  'rule:activate': null;
  'rule:deactivate': null;
  'rule:remove': null;
}

export const ruleFacts = [
  z.object({ type: z.literal('rule:created'), rule }),
  z.object({ type: z.literal('rule:redefined'), before: rule, rule }),
  z.object({ type: z.literal('rule:activated'), ruleId }),
  z.object({ type: z.literal('rule:deactivated'), ruleId }),
  z.object({ type: z.literal('rule:removed'), ruleId }),
] as const;

/** `GET /api/rule` (permission `flag.manage`): every rule that is not removed, by name, with what came of it in 30 days. */
export interface RulePage {
  readonly position: number;
  readonly rules: readonly RuleInUse[];
}

export interface RuleInUse extends Rule {
  /** Flags it raised, and those of them that went down as not needed. */
  readonly raised: number;
  readonly notNeeded: number;
}

/** `POST /api/rule/try`: what a rule listens for, before it is one. */
export const ruleTrial = z.strictObject({
  side: definition.side,
  channels: definition.channels,
  queueIds: definition.queueIds,
  words: ruleWords,
  /** How far back to look; the newest lines are enough. */
  days: z.number().int().min(1).max(365).optional(),
});
export type RuleTrial = z.infer<typeof ruleTrial>;

/** From this share of the lines on, a rule is said to be broad. */
export const broadShare = 0.2;

/** What a rule would have heard: of the newest lines on its side, channels and queues. */
export interface RuleTried {
  readonly position: number;
  /** Lines that were read, and those that match. */
  readonly lines: number;
  readonly matched: number;
  /** Conversations that the matching lines belong to. */
  readonly conversations: number;
  /** `matched / lines`, 0 to 1. */
  readonly share: number;
  /** More than `broadShare`. */
  readonly broad: boolean;
  /** When the oldest line that was read was said, ms; null where there is none. */
  readonly since: number | null;
  /** There are older lines that were not read: there are many, or the time was up. */
  readonly more: boolean;
  /** Matching lines, newest first. */
  readonly samples: readonly RuleSample[];
}

export interface RuleSample {
  readonly entryId: EntryId;
  readonly conversationId: ConversationId;
  readonly customerName: string;
  readonly at: number;
  readonly author: AuthorKind;
  /** Who said it. */
  readonly name: string;
  /** The line, or a piece of it around the words. */
  readonly text: string;
  /** What to mark in it, in UTF-16 units. */
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
}
