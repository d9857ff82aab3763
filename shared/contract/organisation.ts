import { z } from 'zod';
import { organisationId, personId, queueId, reasonId, teamId } from './id-schema.ts';
import { limits } from './limits.ts';
import { monitoringPolicies, reaches } from './policy.ts';
import { oneLine, words } from './text.ts';

export const reach = z.enum(reaches);

/** One step of the chain: `afterMs` since the flag went up, or since a claim on it was given back. */
export const escalationStep = z.object({ reach, afterMs: z.number().int() });
export type EscalationStep = z.infer<typeof escalationStep>;

export const monitoringPolicy = z.enum(monitoringPolicies);

/** Fallback mode by switch: no flag can be raised until it is switched off. */
export const fallback = z.object({ by: personId, since: z.number(), note: z.string() });
export type Fallback = z.infer<typeof fallback>;

export const organisation = z.object({
  id: organisationId,
  name: z.string(),
  parentId: organisationId.nullable(),
  /** Made by the first start for looking around; screens mark it. */
  demo: z.boolean(),
  monitoring: monitoringPolicy,
  /** From which share of its target, in percent, a flag's clock warns. */
  warnPercent: z.number().int(),
  /** In order; the first is `own` after 0 ms. */
  escalation: z.array(escalationStep),
  fallback: fallback.nullable(),
});
export type Organisation = z.infer<typeof organisation>;

/** A reason preset of the Raise dialog, and the time to the first claim that the organisation aims for. */
export const reason = z.object({
  id: reasonId,
  name: z.string(),
  /** Order in the dialog, from 1: also its key. */
  order: z.number().int(),
  targetMs: z.number().int(),
  /** False: archived. Flags that were raised with it keep it; new ones cannot. */
  active: z.boolean(),
});
export type Reason = z.infer<typeof reason>;

export const queue = z.object({ id: queueId, name: z.string(), teamId, active: z.boolean() });
export type Queue = z.infer<typeof queue>;

const targetMs = z
  .number()
  .int()
  .min(10_000, { message: 'must be at least 10 s' })
  .max(24 * 3_600_000, { message: 'must be at most 24 h' });

/** The chain as an admin may set it: `own` at once, then each reach once, each later than the one before. */
const chain = z
  .array(
    z.strictObject({
      reach,
      afterMs: z
        .number()
        .int()
        .min(0)
        .max(24 * 3_600_000),
    }),
  )
  .min(1)
  .max(reaches.length)
  .refine((steps) => steps[0]?.reach === 'own' && steps[0].afterMs === 0, {
    message: 'must begin with the own supervisors, at once',
  })
  .refine(
    (steps) =>
      steps.every((step, at) => {
        const before = steps[at - 1];
        return (
          before === undefined ||
          (reaches.indexOf(step.reach) > reaches.indexOf(before.reach) && step.afterMs >= before.afterMs + 10_000)
        );
      }),
    { message: 'must reach further with each step, each at least 10 s after the one before' },
  );

export const organisationCommands = {
  'organisation:set-monitoring': z.strictObject({ policy: monitoringPolicy }),
  'organisation:set-thresholds': z.strictObject({ warnPercent: z.number().int().min(10).max(95) }),
  'organisation:set-escalation': z.strictObject({ steps: chain }),
  /** Switches fallback mode on or off for everybody, at once. */
  'organisation:set-fallback': z.discriminatedUnion('on', [
    z.strictObject({ on: z.literal(true), note: words(limits.note) }),
    z.strictObject({ on: z.literal(false) }),
  ]),
  'reason:create': z.strictObject({ name: oneLine(limits.name), targetMs }),
  'reason:rename': z.strictObject({ reasonId, name: oneLine(limits.name) }),
  'reason:set-target': z.strictObject({ reasonId, targetMs }),
  /** All active reasons, in their new order. */
  'reason:reorder': z.strictObject({ reasonIds: z.array(reasonId).min(1).max(limits.reasons) }),
  'reason:archive': z.strictObject({ reasonId }),
  'reason:restore': z.strictObject({ reasonId }),
} as const;

export interface OrganisationResults {
  'organisation:set-monitoring': null;
  'organisation:set-thresholds': null;
  'organisation:set-escalation': null;
  'organisation:set-fallback': null;
  'reason:create': { reasonId: string };
  'reason:rename': null;
  'reason:set-target': null;
  'reason:reorder': null;
  'reason:archive': null;
  'reason:restore': null;
}

export const organisationFacts = [
  z.object({ type: z.literal('organisation:created'), organisation }),
  z.object({ type: z.literal('organisation:monitoring-set'), before: monitoringPolicy, policy: monitoringPolicy }),
  z.object({ type: z.literal('organisation:thresholds-set'), before: z.number().int(), warnPercent: z.number().int() }),
  z.object({
    type: z.literal('organisation:escalation-set'),
    before: z.array(escalationStep),
    steps: z.array(escalationStep),
  }),
  z.object({ type: z.literal('organisation:fallback-entered'), fallback }),
  z.object({ type: z.literal('organisation:fallback-left'), personId }),
  z.object({ type: z.literal('reason:created'), reason }),
  z.object({ type: z.literal('reason:renamed'), reasonId, before: z.string(), name: z.string() }),
  z.object({
    type: z.literal('reason:target-set'),
    reasonId,
    before: z.number().int(),
    targetMs: z.number().int(),
  }),
  z.object({ type: z.literal('reason:reordered'), before: z.array(reasonId), reasonIds: z.array(reasonId) }),
  z.object({ type: z.literal('reason:archived'), reasonId }),
  z.object({ type: z.literal('reason:restored'), reasonId, order: z.number().int() }),
  z.object({ type: z.literal('queue:created'), queue }),
  z.object({ type: z.literal('queue:renamed'), queueId, before: z.string(), name: z.string() }),
  z.object({ type: z.literal('queue:deactivated'), queueId }),
] as const;
