import type { AdapterKind, Connection, DeliveryFault } from '../../shared/contract/connection.ts';
import type { ConversationId, EntryId } from '../../shared/contract/id.ts';

/** What a provider's adapter must do: recognise what comes in, read it, and say how a line goes out. */
export interface Adapter {
  readonly kind: AdapterKind;
  /**
   * Whether the provider's own message ids can never be given twice: then an id that comes again with something else around it
   * (another profile name) is a repetition and no mistake.
   */
  readonly idsAreUnique: boolean;
  /** Whether a request was signed by whoever holds the secret, and lately. Compares in constant time; never throws. */
  verify(request: Incoming, secrets: Secrets, now: number): Verdict;
  /** Reads a verified request for a connection. Fields that the adapter does not know are ignored; never throws. */
  parse(request: Incoming, connection: Pick<Connection, 'sender'>): Parsed;
  /** The text to answer when a provider asks whether this address is ours (a GET); null: refuse. */
  handshake(query: Readonly<Record<string, unknown>>, secrets: Secrets): string | null;
  /** One request that carries a line to the provider; the same `line.id` on every attempt. */
  request(
    line: OutgoingLine,
    connection: Pick<Connection, 'target' | 'sender'>,
    secrets: Secrets,
    now: number,
  ): OutgoingRequest;
  /** What the provider's answer means. */
  outcome(answer: TargetAnswer): SendOutcome;
}

/** What signs and verifies; see `connectionCommands`. */
export interface Secrets {
  readonly inbound: string;
  readonly outbound: string;
  readonly verify: string | null;
}

/** A request as it came in. */
export interface Incoming {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes that were signed. */
  readonly body: Buffer;
}

export type Verdict = 'ok' | 'bad_signature' | 'too_old';

/** A line of a customer. */
export interface IncomingMessage {
  readonly kind: 'message';
  /** The provider's own name for it: the same when it is sent again. */
  readonly ref: string;
  /** Where the customer is reached. */
  readonly address: string;
  readonly name: string;
  readonly text: string;
  /** When the customer sent it, ms, by the provider's word. */
  readonly at: number;
}

/** How far a line of ours has come. */
export interface IncomingStatus {
  readonly kind: 'status';
  /** The provider's name for the line, or the line's id. */
  readonly ref: string;
  readonly state: 'delivered' | 'read' | 'failed';
}

/** A part that cannot be taken; the others are. `field` names it as the sender does. */
export interface IncomingFault {
  readonly kind: 'fault';
  readonly field: string | null;
  readonly message: string;
}

export type Parsed = readonly (IncomingMessage | IncomingStatus | IncomingFault)[];

/** Something to be told to a customer. */
export interface OutgoingLine {
  readonly id: EntryId;
  readonly conversationId: ConversationId;
  /** Where the customer is reached. */
  readonly to: string;
  /** When it was said, ms. */
  readonly at: number;
  readonly said:
    | { readonly kind: 'line'; readonly text: string; readonly by: 'agent' | 'supervisor'; readonly name: string }
    | { readonly kind: 'joined' | 'left'; readonly name: string };
}

export interface OutgoingRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a target answered; the body is read up to 64 KB. */
export interface TargetAnswer {
  readonly status: number;
  readonly body: string;
}

export type SendOutcome =
  | { readonly kind: 'sent'; readonly ref: string | null }
  /** It may work later. */
  | { readonly kind: 'later'; readonly fault: DeliveryFault }
  /** It will never work as it is. */
  | { readonly kind: 'never'; readonly fault: DeliveryFault }
  /** There is nobody at the target any more, and there will not be. */
  | { readonly kind: 'gone' };

/** What staff sees of a customer who gave no name. */
export const nameless = 'Customer';

/** The words of a notice to the customer. */
export const noticeText = (kind: 'joined' | 'left', name: string): string =>
  kind === 'joined' ? `${name} joined the conversation.` : `${name} left the conversation.`;

/** What most providers mean by a status: 2xx is taken, 410 is gone for good, everything else may work later. */
export function outcomeOfStatus(status: number): Exclude<SendOutcome, { kind: 'sent' }> | null {
  if (status >= 200 && status < 300) return null;
  if (status === 410) return { kind: 'gone' };
  if (status >= 300 && status < 400) return { kind: 'later', fault: 'answered_3xx' };
  return { kind: 'later', fault: status >= 500 ? 'answered_5xx' : 'answered_4xx' };
}
