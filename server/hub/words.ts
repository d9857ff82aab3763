import { createHash, randomBytes } from 'node:crypto';
import type { Conversation } from '../../shared/contract/conversation.ts';
import type { Event, EventType } from '../../shared/contract/event.ts';

/**
 * People's words and the log. The log's payload holds ids and values; the words of an event stand in `entry` (what customers
 * may read) or `internal_entry`, where they can be erased. The row keeps a salted digest, so that the chain of hashes covers
 * them all the same.
 */

/** Events whose words are internal, and the kind under which they are kept. */
const internalKind: Partial<Readonly<Record<EventType, string>>> = {
  'side-chat:said': 'side-chat',
  'flag:raised': 'flag-message',
  'flag:amended': 'flag-message',
  'flag:join-declined': 'decline-word',
};

export interface Words {
  readonly entryId: string;
  readonly text: string;
  /** Null: words the customer may read. */
  readonly internal: string | null;
}

export function wordsOf(event: Event): Words | null {
  if (!('text' in event)) return null;
  return { entryId: event.entryId, text: event.text, internal: internalKind[event.type] ?? null };
}

const bare = (conversation: Conversation): Conversation =>
  conversation.lastLine === null ? conversation : { ...conversation, lastLine: { ...conversation.lastLine, text: '' } };

/** The event as the log keeps it: no words, and none of what stands in columns of its own. */
export function payloadOf(event: Event): object {
  const { organisationId: _o, position: _p, at: _a, by: _b, type: _t, ...payload } = event;
  const kept: Record<string, unknown> = { ...payload };
  delete kept.text;
  if ('conversation' in event) kept.conversation = bare(event.conversation);
  if (event.type === 'flag:raised') kept.flag = { ...event.flag, message: '' };
  return kept;
}

export const newSalt = (): Buffer => randomBytes(16);

export function digestWords(salt: Buffer, text: string): Buffer {
  return createHash('sha256').update(salt).update(text, 'utf8').digest();
}

/** What the chain covers of a row of the log. The address is left out: it is about a person, and may have to be erased. */
export interface Linked {
  readonly position: number;
  readonly type: string;
  readonly at: number;
  /** The exact text of the column. */
  readonly actor: string;
  readonly command: string;
  readonly commandId: string;
  readonly conversationId: string | null;
  /** The rooms, as the text of an array of PostgreSQL. */
  readonly audience: string;
  readonly hidden: string;
  /** The exact text of the column. */
  readonly payload: string;
  readonly digest: Buffer | null;
}

/** One link of the chain: SHA-256 over the link before and what the row says. */
export function link(before: Buffer, row: Linked): Buffer {
  const { position, type, at, actor, command, commandId, conversationId, audience, hidden, payload } = row;
  const said = [position, type, at, actor, command, commandId, conversationId ?? '', audience, hidden, payload];
  return createHash('sha256')
    .update(before)
    .update(`${said.join('\n')}\n`)
    .update(row.digest ?? '')
    .digest();
}
