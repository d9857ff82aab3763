/**
 * What a customer's screen may hold. This file imports types alone and nothing internal: a side chat, a note or a flag
 * cannot be written in these types (I7). Namespace `/customer`; handshake `auth: { visitor?: string }`, a signed token.
 */
export type CustomerLine = {
  readonly id: string;
  /** Log position: the order of lines, and what a returning widget already has. */
  readonly position: number;
  readonly at: number;
} & (
  | { readonly from: 'customer' | 'agent' | 'supervisor'; readonly name: string; readonly text: string }
  | { readonly from: 'notice'; readonly notice: CustomerNotice; readonly name: string; readonly helps: string }
);

/** `helps`: whose conversation a supervisor joined. */
export type CustomerNotice = 'serving' | 'joined' | 'left' | 'queued' | 'closed';

export interface CustomerStaff {
  readonly id: string;
  readonly name: string;
  readonly role: 'agent' | 'supervisor';
}

export interface CustomerConversation {
  readonly id: string;
  readonly state: 'waiting' | 'active' | 'closed';
  readonly helpers: readonly CustomerStaff[];
  /** It ends when its customer has left (Legacy chat), so the page says so. */
  readonly endsWithCustomer: boolean;
}

/** Everything the widget shows; comes after `hello`, with the lines after `after`. */
export interface CustomerSnapshot {
  readonly visitor: string;
  readonly organisation: string;
  readonly demo: boolean;
  readonly position: number;
  readonly at: number;
  readonly conversation: CustomerConversation | null;
  readonly lines: readonly CustomerLine[];
}

export interface CustomerRefusal {
  readonly code: string;
  readonly message: string;
  readonly next: string;
}

/** What a customer's own screen may begin a chat on; `widgetChannels` of channel.ts, without its values. */
export type CustomerChannel = 'chat' | 'legacy';

export type CustomerAnswer =
  | {
      readonly ok: true;
      readonly position: number;
      readonly value: { readonly conversationId?: string; readonly entryId?: string } | null;
    }
  | { readonly ok: false; readonly refusal: CustomerRefusal };

export interface CustomerToHub {
  hello: (
    hello: { readonly version: number; readonly organisation: string | null; readonly after: number },
    answer: (refusal: CustomerRefusal | null) => void,
  ) => void;
  /** `id`: a UUIDv7 that the widget made; sending it again is safe. Without `queueId` the default queue takes it. */
  start: (
    frame: {
      readonly id: string;
      readonly name: string;
      readonly text: string;
      readonly queueId?: string;
      /** Without it: `chat`. */
      readonly channel?: CustomerChannel | undefined;
    },
    answer: (answer: CustomerAnswer) => void,
  ) => void;
  send: (
    frame: { readonly id: string; readonly conversationId: string; readonly text: string },
    answer: (answer: CustomerAnswer) => void,
  ) => void;
  close: (
    frame: { readonly id: string; readonly conversationId: string },
    answer: (answer: CustomerAnswer) => void,
  ) => void;
  typing: (on: boolean) => void;
}

export interface HubToCustomer {
  snapshot: (snapshot: CustomerSnapshot) => void;
  line: (line: CustomerLine) => void;
  conversation: (change: { readonly position: number; readonly conversation: CustomerConversation }) => void;
  typing: (mark: { readonly name: string; readonly on: boolean }) => void;
  /** Once a second: the feed stands. */
  alive: (at: number) => void;
}
