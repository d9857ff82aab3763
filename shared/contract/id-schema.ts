import { z } from 'zod';
import { type Id, isId } from './id.ts';

// Apart from the ids themselves, so that screens, which parse nothing, do not load the schema library.
const idSchema = <K extends string>() =>
  z.string().refine((text): text is Id<K> => isId<K>(text), { message: 'must be an id: a lower-case UUID' });

export const organisationId = idSchema<'organisation'>();
export const personId = idSchema<'person'>();
export const teamId = idSchema<'team'>();
export const queueId = idSchema<'queue'>();
export const reasonId = idSchema<'reason'>();
export const customerId = idSchema<'customer'>();
export const conversationId = idSchema<'conversation'>();
export const sessionId = idSchema<'session'>();
export const offerId = idSchema<'offer'>();
export const flagId = idSchema<'flag'>();
export const entryId = idSchema<'entry'>();
export const commandId = idSchema<'command'>();
export const ruleId = idSchema<'rule'>();
export const connectionId = idSchema<'connection'>();
