import { z } from 'zod';
import { connectionFacts } from './connection.ts';
import { conversationFacts } from './conversation.ts';
import { flagFacts } from './flag.ts';
import { customerId, organisationId, personId } from './id-schema.ts';
import { organisationFacts } from './organisation.ts';
import { personFacts } from './person.ts';
import { ruleFacts } from './rule.ts';
import { sessionFacts } from './session.ts';
import { teamFacts } from './team.ts';

/** Who did it. `system` is the hub itself: a timed job, or a rule. */
export const actorRef = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('person'), id: personId }),
  z.object({ kind: z.literal('customer'), id: customerId }),
  z.object({ kind: z.literal('system') }),
]);
export type ActorRef = z.infer<typeof actorRef>;

/** What happened, in past tense; one fact per event and never a general "updated". */
export const fact = z.discriminatedUnion('type', [
  ...organisationFacts,
  ...teamFacts,
  ...personFacts,
  ...conversationFacts,
  ...sessionFacts,
  ...flagFacts,
  ...ruleFacts,
  ...connectionFacts,
]);
export type Fact = z.infer<typeof fact>;
export type EventType = Fact['type'];
export type FactOf<T extends EventType> = Extract<Fact, { type: T }>;

/** Where and when it happened: `position` counts up by one within an organisation's log; `at` is the hub's clock in ms. */
export const stamp = z.object({ organisationId, position: z.number().int(), at: z.number(), by: actorRef });
export type Stamp = z.infer<typeof stamp>;

export type Event = Fact & Stamp;
export type EventOf<T extends EventType> = FactOf<T> & Stamp;
