import { z } from 'zod';
import { channel } from './conversation.ts';
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
