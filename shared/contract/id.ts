/**
 * Ids are UUIDv7: they sort by the time they were made, and whoever makes a thing may name it before the hub has seen it.
 * The brand keeps one kind of id from standing where another belongs; it exists only in types.
 */
declare const kind: unique symbol;
export type Id<K extends string> = string & { readonly [kind]: K };

export type OrganisationId = Id<'organisation'>;
export type PersonId = Id<'person'>;
export type TeamId = Id<'team'>;
export type QueueId = Id<'queue'>;
export type ReasonId = Id<'reason'>;
export type CustomerId = Id<'customer'>;
export type ConversationId = Id<'conversation'>;
export type SessionId = Id<'session'>;
export type OfferId = Id<'offer'>;
export type FlagId = Id<'flag'>;
export type EntryId = Id<'entry'>;
export type CommandId = Id<'command'>;
/** A rule that raises help flags when it hears words. */
export type RuleId = Id<'rule'>;
/** A connection joins a messaging channel to a queue through an adapter. */
export type ConnectionId = Id<'connection'>;

const canonical = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Says whether a text is an id in its one accepted spelling: lower case, with hyphens. */
export function isId<K extends string>(text: string): text is Id<K> {
  return canonical.test(text);
}
