import type { CommandInput, CommandName } from './command.ts';
import type { Event } from './event.ts';
import type { CommandId, ConversationId, OrganisationId, PersonId, SessionId } from './id.ts';
import type { Answer, Refusal } from './refusal.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Socket.IO namespace `/staff`. Frames are numbered in docs/protocol.md; every name here is the name on the wire.
 * The handshake carries `auth: { token?: string }` (a tab's session) or the session cookie.
 */
export interface Hello {
  readonly version: number;
  readonly screen: 'console' | 'wallboard';
  /** What the client already holds, per organisation. Absent: it wants a snapshot. */
  readonly resume: Readonly<Record<string, Cursor>>;
}

/** A place in an organisation's log. Another epoch means another history (a restore): positions do not compare. */
export interface Cursor {
  readonly epoch: string;
  readonly position: number;
}

export interface CommandFrame<N extends CommandName = CommandName> {
  readonly id: CommandId;
  readonly organisationId: OrganisationId;
  readonly name: N;
  readonly input: CommandInput<N>;
}

/** Something that a person could see and no longer may: the screen drops it. */
export interface Tombstone {
  readonly organisationId: OrganisationId;
  readonly position: number;
  readonly at: number;
  readonly conversationId: ConversationId;
}

/** Comes once a second: everything up to `position` that this socket may see has been sent. */
export interface Complete {
  readonly at: number;
  /** By organisation id. */
  readonly position: Readonly<Record<string, number>>;
  /** False while the fast path between hubs is down: events arrive within about a second instead of at once. */
  readonly fast: boolean;
  readonly fallback: AutoFallback | null;
}

/**
 * Why flags cannot reach supervisors in time just now, as this hub finds by itself (S1.6): it hears the log more than 10 s late,
 * or another hub does, or the database takes no writes. The switch of an admin stands in the organisation instead.
 */
export interface AutoFallback {
  readonly why: 'hub_behind' | 'read_only';
  readonly since: number;
}

/** When automatic fallback begins and ends, ms: the settings show these figures, the hub keeps to them. */
export const autoFallbackRules = {
  /** A hub that hears the log later than this cannot bring flags to its supervisors in time. */
  behindMs: 10_000,
  /** It is taken to be well again only below this. */
  wellMs: 5000,
  /** And only after having been well for so long: a state that flickers is worse than one that lasts. */
  settleMs: 10_000,
} as const;

/** Lives beside the log and may be lost. `typing` lapses on the screen after 5 s. */
export type Volatile =
  | {
      readonly kind: 'typing';
      readonly organisationId: OrganisationId;
      readonly conversationId: ConversationId;
      readonly by: 'customer' | 'agent' | 'supervisor';
      readonly personId: PersonId | null;
      readonly on: boolean;
    }
  | {
      readonly kind: 'side-typing';
      readonly organisationId: OrganisationId;
      readonly sessionId: SessionId;
      readonly personId: PersonId;
      readonly on: boolean;
    };

export interface StaffToHub {
  hello: (hello: Hello, answer: (refusal: Refusal | null) => void) => void;
  command: (frame: CommandFrame, answer: (answer: Answer) => void) => void;
  volatile: (mark: Volatile) => void;
}

export interface HubToStaff {
  snapshot: (snapshot: Snapshot) => void;
  /** Events since the client's cursor, oldest first; whole, or a snapshot comes instead. */
  replay: (replay: {
    readonly organisationId: OrganisationId;
    readonly events: readonly Event[];
    readonly upTo: number;
  }) => void;
  /** The client may apply what it held back, and show itself live. */
  ready: (ready: {
    readonly organisationId: OrganisationId;
    readonly epoch: string;
    readonly position: number;
    readonly at: number;
    readonly fallback: AutoFallback | null;
  }) => void;
  /** Automatic fallback begins or ends on this hub. It comes at once, and from a hub that can call nothing complete just now. */
  fallback: (standing: AutoFallback | null) => void;
  /** What this person may see has changed: hold everything back until `ready`; a snapshot comes. */
  again: (again: { readonly organisationId: OrganisationId }) => void;
  event: (event: Event) => void;
  tombstone: (tombstone: Tombstone) => void;
  complete: (complete: Complete) => void;
  volatile: (mark: Volatile) => void;
  /** The session is over (signed out elsewhere, deactivated): the screen goes to sign-in. */
  ended: (why: Refusal) => void;
}
