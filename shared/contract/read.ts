import type { Connection, DeliveryFault } from './connection.ts';
import type { Conversation } from './conversation.ts';
import type { Event } from './event.ts';
import type { Person } from './person.ts';

/** Paged reads over HTTP, under `/api`; each answer carries the log position it was read at. */

/** `GET /api/conversation/:id/transcript?before=<position>`: a page of at most 200 events, oldest first. */
export interface TranscriptPage {
  readonly position: number;
  readonly events: readonly Event[];
  /** Ask again with `before` = this to get what came earlier; null when there is nothing earlier. */
  readonly earlier: number | null;
}

/** `GET /api/conversation?closed&before=<closedAt>&customerId=<id>`: history, newest first, 50 a page. */
export interface ConversationPage {
  readonly position: number;
  readonly conversations: readonly Conversation[];
  readonly before: number | null;
}

/** `GET /api/person`: for the people page (permission `person.manage`). */
export interface PersonPage {
  readonly position: number;
  readonly people: readonly PersonDetail[];
}

export interface PersonDetail extends Person {
  readonly email: string;
  /** An open invitation or password link lapses then; null when there is none. */
  readonly invitationExpiresAt: number | null;
  /** False: never joined. */
  readonly joined: boolean;
  readonly lastSeenAt: number | null;
}

/** `GET /api/connection`: for the connections page (permission `channel.manage`). */
export interface ConnectionPage {
  readonly position: number;
  readonly connections: readonly ConnectionDetail[];
}

/** A connection, and how it did in the last 24 hours. */
export interface ConnectionDetail extends Connection {
  /** Lines of customers that came in. */
  readonly received: number;
  /** Of the lines that were to go out: how far they have come. */
  readonly sent: number;
  readonly failed: number;
  readonly waiting: number;
  /** What went wrong last, within these 24 hours. */
  readonly fault: { readonly fault: DeliveryFault; readonly at: number } | null;
}

/** `POST /auth/sign-in`, `POST /auth/join`, `POST /auth/demo`, `GET /auth/me`. */
export interface SignedIn {
  readonly personId: string;
  readonly organisationId: string;
  readonly name: string;
  readonly role: string;
  /** Only for a demo tab, which keeps it in sessionStorage; everybody else has a cookie. */
  readonly token: string | null;
}

/** `GET /auth/door`: what the sign-in page may offer. */
export interface Door {
  /** Demo people, when the demo door is open for this request. */
  readonly demo: readonly {
    readonly personId: string;
    readonly name: string;
    readonly role: string;
    readonly teams: readonly string[];
  }[];
}

/** `POST /auth/invitation`: whom a link is for, so that the page can greet them and a password manager knows the address. */
export interface InvitationView {
  readonly name: string;
  /** Null: a first owner, who types the address while redeeming. */
  readonly email: string | null;
  readonly organisation: string;
  /** True: the link sets a new password. */
  readonly joined: boolean;
  readonly expiresAt: number;
}
