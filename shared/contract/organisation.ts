import { z } from 'zod';
import { organisationId, queueId, reasonId, teamId } from './id-schema.ts';

export const organisation = z.object({
  id: organisationId,
  name: z.string(),
  parentId: organisationId.nullable(),
  /** Made by the first start for looking around; screens mark it. */
  demo: z.boolean(),
});
export type Organisation = z.infer<typeof organisation>;

/** A reason preset of the Raise dialog, and the time to the first claim that the organisation aims for. */
export const reason = z.object({
  id: reasonId,
  name: z.string(),
  /** Order in the dialog, from 1: also its key. */
  order: z.number().int(),
  targetMs: z.number().int(),
});
export type Reason = z.infer<typeof reason>;

export const queue = z.object({ id: queueId, name: z.string(), teamId, active: z.boolean() });
export type Queue = z.infer<typeof queue>;

export const organisationFacts = [
  z.object({ type: z.literal('organisation:created'), organisation }),
  z.object({ type: z.literal('reason:created'), reason }),
  z.object({ type: z.literal('queue:created'), queue }),
  z.object({ type: z.literal('queue:renamed'), queueId, before: z.string(), name: z.string() }),
  z.object({ type: z.literal('queue:deactivated'), queueId }),
] as const;
