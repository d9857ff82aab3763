import { z } from 'zod';
import { personId, teamId } from './id-schema.ts';
import { limits } from './limits.ts';
import { roles } from './permission.ts';
import { statuses } from './status.ts';
import { email, oneLine } from './text.ts';

export const status = z.enum(statuses);
export type Status = (typeof statuses)[number];

export const role = z.enum(roles);

/** A person of the staff, as colleagues see them. The e-mail address is not part of it. */
export const person = z.object({
  id: personId,
  name: z.string(),
  role,
  /** Teams whose queues the person serves. */
  teamIds: z.array(teamId),
  /** Teams whose agents the person supervises. */
  supervises: z.array(teamId),
  status,
  statusSince: z.number(),
  /** Live sessions the person takes at most. */
  capacity: z.number().int(),
  /** False once every connection has been gone for longer than the grace delay. */
  reachable: z.boolean(),
  /** False: invited and not yet joined, or deactivated. */
  active: z.boolean(),
});
export type Person = z.infer<typeof person>;

const capacity = z.number().int().min(1).max(50);
const placing = { teamIds: z.array(teamId).max(50), supervises: z.array(teamId).max(50) };
/** SHA-256, in hex, of a secret that only the screen which made the link has seen. */
export const tokenHash = z.string().regex(/^[0-9a-f]{64}$/, { message: 'must be a SHA-256 in hex' });

export const personCommands = {
  /** The inviting screen makes the secret of the link and sends its hash: no answer, log or table ever holds it. */
  'person:invite': z.strictObject({
    name: oneLine(limits.name),
    email,
    role,
    ...placing,
    capacity,
    tokenHash,
  }),
  /** Makes a new link for somebody who has not joined, or who must set a new password; the old link dies. */
  'person:renew-invitation': z.strictObject({ personId, tokenHash }),
  'person:rename': z.strictObject({ personId, name: oneLine(limits.name) }),
  'person:set-role': z.strictObject({ personId, role }),
  'person:set-teams': z.strictObject({ personId, ...placing }),
  'person:set-capacity': z.strictObject({ personId, capacity }),
  'person:deactivate': z.strictObject({ personId }),
  'person:reactivate': z.strictObject({ personId }),
  /** One's own; a manager may set another's. */
  'person:set-status': z.strictObject({ personId, status }),
  /** Ends every session of the person on every device, and closes their sockets within a second (I8). */
  'person:sign-out-everywhere': z.strictObject({ personId }),
} as const;

export interface PersonResults {
  'person:invite': { personId: string };
  'person:renew-invitation': null;
  'person:rename': null;
  'person:set-role': null;
  'person:set-teams': null;
  'person:set-capacity': null;
  'person:deactivate': null;
  'person:reactivate': null;
  'person:set-status': null;
  'person:sign-out-everywhere': null;
}

export const personFacts = [
  z.object({ type: z.literal('person:invited'), person, expiresAt: z.number() }),
  z.object({ type: z.literal('person:invitation-renewed'), personId, expiresAt: z.number() }),
  z.object({ type: z.literal('person:joined'), personId }),
  z.object({ type: z.literal('person:renamed'), personId, before: z.string(), name: z.string() }),
  z.object({ type: z.literal('person:role-set'), personId, before: role, role }),
  z.object({
    type: z.literal('person:teams-set'),
    personId,
    before: z.object(placing),
    ...placing,
  }),
  z.object({ type: z.literal('person:capacity-set'), personId, before: z.number(), capacity: z.number() }),
  z.object({ type: z.literal('person:deactivated'), personId }),
  z.object({ type: z.literal('person:reactivated'), personId }),
  z.object({ type: z.literal('person:status-set'), personId, before: status, status }),
  z.object({ type: z.literal('person:signed-out-everywhere'), personId }),
  z.object({ type: z.literal('person:reachable'), personId }),
  z.object({ type: z.literal('person:unreachable'), personId }),
] as const;
