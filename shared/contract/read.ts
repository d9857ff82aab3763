import type { ChangeKind, SettingsEvent } from './change.ts';
import type { Connection, DeliveryFault } from './connection.ts';
import type { Conversation } from './conversation.ts';
import type { Event } from './event.ts';
import type { ConversationId, PersonId, SessionId } from './id.ts';
import type { Person } from './person.ts';
import type { MonitoringPolicy } from './policy.ts';
import type { HelpReport } from './report.ts';

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

/** What a supervisor did in a session, as the ledger names it. */
export const ledgerKinds = ['watched', 'whispered', 'joined', 'took_over'] as const;
export type LedgerKind = (typeof ledgerKinds)[number];

/**
 * `GET /api/ledger?agentId=&kind=&conversationId=&before=<since>`: who watched, whispered, joined and took over, newest
 * first, 50 a page. A person reads what concerns them as agent, as far as the policy lets them, and what they did themselves;
 * holders of `ledger.view.any` read everything.
 */
export interface LedgerPage {
  readonly position: number;
  readonly entries: readonly LedgerEntry[];
  readonly before: number | null;
}

export interface LedgerEntry {
  readonly sessionId: SessionId;
  readonly conversationId: ConversationId;
  readonly customerName: string;
  readonly agentId: PersonId;
  readonly personId: PersonId;
  readonly kind: LedgerKind;
  readonly since: number;
  /** Null: it goes on. Of a whisper its last line, of a take-over its instant. */
  readonly until: number | null;
  /** Lines whispered; otherwise 0. */
  readonly lines: number;
  /** The policy that a watching began under; what is not watching is always seen. */
  readonly policy: MonitoringPolicy;
}

/**
 * `GET /api/flag/report?from=&to=&zone=&team=&queue=&reason=&channel=&by=` (permission `floor.view`): time to help over the flags
 * that the person sees. `from` and `to` in ms; `zone` is an IANA name, UTC without one. The same query on
 * `GET /api/flag/export.csv` gives one row per flag.
 */
export interface HelpReportPage {
  readonly position: number;
  readonly report: HelpReport;
}

/** `GET /api/change?of=<kind>&before=<position>`: what was changed in settings of a kind, newest first, 30 a page. */
export interface ChangePage {
  readonly position: number;
  readonly of: ChangeKind;
  readonly changes: readonly SettingsChange[];
  /** Names of what the changes are about, as they are now, by id. */
  readonly names: Readonly<Record<string, string>>;
  /** Ask again with `before` = this to get what came earlier; null when there is nothing earlier. */
  readonly before: number | null;
}

export interface SettingsChange {
  readonly event: SettingsEvent;
  /** The network address it came from; null: the hub itself, or not known. */
  readonly address: string | null;
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
