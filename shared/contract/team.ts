import { z } from 'zod';
import { teamId } from './id-schema.ts';
import { limits } from './limits.ts';
import { oneLine } from './text.ts';

export const team = z.object({
  id: teamId,
  name: z.string(),
  active: z.boolean(),
  /** Its agents may raise help flags on Legacy chat (S1.3). */
  legacyFlag: z.boolean(),
});
export type Team = z.infer<typeof team>;

export const teamCommands = {
  /** Makes a team together with the queue of the same name that it serves. */
  'team:create': z.strictObject({ name: oneLine(limits.name) }),
  'team:rename': z.strictObject({ teamId, name: oneLine(limits.name) }),
  /** Refused while people belong to it or conversations are open in its queue. */
  'team:archive': z.strictObject({ teamId }),
  /** The chat agent configuration of this team: help flags on Legacy chat. */
  'team:set-legacy-flag': z.strictObject({ teamId, on: z.boolean() }),
} as const;

export interface TeamResults {
  'team:create': { teamId: string; queueId: string };
  'team:rename': null;
  'team:archive': null;
  'team:set-legacy-flag': null;
}

export const teamFacts = [
  z.object({ type: z.literal('team:created'), team }),
  z.object({ type: z.literal('team:renamed'), teamId, before: z.string(), name: z.string() }),
  z.object({ type: z.literal('team:archived'), teamId }),
  z.object({ type: z.literal('team:legacy-flag-set'), teamId, on: z.boolean() }),
] as const;
