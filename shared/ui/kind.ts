/** How far help has come. A lowered flag has no mark of its own: it is gone from every list. */
export type FlagState = 'raised' | 'seen' | 'claimed' | 'joined';

/** What a person says about themselves, or what the hub knows of them (offline). */
export type Presence = 'available' | 'busy' | 'break' | 'offline';

/** The way a customer came in. */
export type Channel = 'voice' | 'messaging' | 'chat' | 'legacy' | 'email';

/** Urgency of a conversation. */
export type Priority = 'urgent' | 'high' | 'medium' | 'low';

/** Where a clock stands against its target. */
export type ClockState = 'ok' | 'warn' | 'breach';

/** One icon of `lucide/dist/esm/icons/<name>.mjs`: what it is drawn with, on 24 by 24. */
export type Icon = readonly (readonly [tag: string, attributes: Readonly<Record<string, string>>])[];
