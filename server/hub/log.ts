import type pg from 'pg';
import type { SettingsEvent, SettingsEventType } from '../../shared/contract/change.ts';
import type { Conversation } from '../../shared/contract/conversation.ts';
import type { CustomerLine, CustomerNotice } from '../../shared/contract/customer.ts';
import type { ActorRef, Event } from '../../shared/contract/event.ts';
import type { ConversationId, CustomerId, OrganisationId } from '../../shared/contract/id.ts';
import { preview } from '../../shared/live/conversation.ts';
import { named } from './named.ts';
import type { CustomerFrame, Room } from './room.ts';

/** An event as it is sent: with its words, and with who may have it. */
export interface Sent {
  readonly event: Event;
  readonly audience: readonly Room[];
  readonly hidden: readonly Room[];
  readonly frames: readonly CustomerFrame[];
}

interface LogRow {
  readonly position: number;
  readonly type: string;
  readonly at: number;
  readonly actor: ActorRef;
  readonly payload: Record<string, unknown>;
  readonly audience: readonly Room[];
  readonly hidden: readonly Room[];
  readonly words: string | null;
  /** Whether it carries words at all: a delivery names a line and does not repeat it. */
  readonly worded: boolean;
  /** For events that carry a whole conversation: its last line at that position. */
  readonly line: string | null;
}

const columns = `l.position, l.type, l.at, l.actor, l.payload, l.audience, l.hidden,
  coalesce(e.text, i.text) as words, l.digest is not null as worded,
  case when l.payload::jsonb -> 'conversation' -> 'lastLine' is not null then
    (select text from entry where organisation_id = l.organisation_id and conversation_id = l.conversation_id
       and position < l.position and text is not null order by position desc limit 1) end as line`;

const joined = `from log l
  left join entry e on e.organisation_id = l.organisation_id and e.position = l.position and e.text is not null and l.type = 'message:sent' and e.conversation_id = l.conversation_id
  left join internal_entry i on i.organisation_id = l.organisation_id and i.position = l.position and i.conversation_id = l.conversation_id`;

/** Puts the words back that the log itself does not hold; erased ones are an empty text. */
export function hydrate(organisationId: OrganisationId, row: LogRow): Event {
  const payload = { ...row.payload };
  if (row.worded) payload.text = row.words ?? '';
  const conversation = payload.conversation as Conversation | undefined;
  if (conversation?.lastLine)
    payload.conversation = { ...conversation, lastLine: { ...conversation.lastLine, text: preview(row.line ?? '') } };
  // The row was written from a typed event; its form is held by the contract's version and the convergence test.
  return { ...payload, type: row.type, organisationId, position: row.position, at: row.at, by: row.actor } as Event;
}

/**
 * Events after a position, oldest first.
 * @param query a client inside a transaction that has chosen its organisation, or the system pool
 * @param limit the most rows
 */
export async function readLog(
  query: Pick<pg.Pool, 'query'>,
  organisationId: OrganisationId,
  after: number,
  upTo: number,
  limit: number,
): Promise<Sent[]> {
  const { rows } = await query.query<LogRow>(
    named({
      text: `select ${columns} ${joined} where l.organisation_id = $1 and l.position > $2 and l.position <= $3 order by l.position limit $4`,
      values: [organisationId, after, upTo, limit],
    }),
  );
  const lines = await readLines(query, organisationId, after, rows.at(-1)?.position ?? after);
  return rows.map((row) => ({
    event: hydrate(organisationId, row),
    audience: row.audience,
    hidden: row.hidden,
    frames: lines.filter((frame) => frame.line.position === row.position),
  }));
}

/** A page of one conversation's events, newest page first, oldest event first within it. */
export async function readConversationLog(
  query: Pick<pg.Pool, 'query'>,
  organisationId: OrganisationId,
  conversationId: ConversationId,
  before: number,
  limit: number,
): Promise<{ readonly event: Event; readonly audience: readonly Room[] }[]> {
  const { rows } = await query.query<LogRow>(
    named({
      text: `select ${columns} ${joined} where l.organisation_id = $1 and l.conversation_id = $2 and l.position < $3 order by l.position desc limit $4`,
      values: [organisationId, conversationId, before, limit],
    }),
  );
  return rows.reverse().map((row) => ({ event: hydrate(organisationId, row), audience: row.audience }));
}

/** Changes of settings of these types before a position, newest first, each with the address it came from. */
export async function settingsLog(
  query: Pick<pg.Pool, 'query'>,
  organisationId: OrganisationId,
  types: readonly SettingsEventType[],
  before: number,
  limit: number,
): Promise<{ readonly event: SettingsEvent; readonly address: string | null }[]> {
  const { rows } = await query.query<SettingsRow>(
    named({
      text: `select position, type, at, actor, payload, address from log
        where organisation_id = $1 and type = any($2::text[]) and position < $3 and conversation_id is null
        order by position desc limit $4`,
      values: [organisationId, types, before, limit],
    }),
  );
  return rows.map(({ payload, type, position, at, actor, address }) => ({
    // Written from a typed event, as above; no fact of settings has words of its own.
    event: { ...payload, type, organisationId, position, at, by: actor } as SettingsEvent,
    address,
  }));
}

type SettingsRow = Pick<LogRow, 'position' | 'at' | 'actor' | 'payload'> & {
  readonly type: SettingsEventType;
  readonly address: string | null;
};

type LineFrame = Extract<CustomerFrame, { kind: 'line' }>;

async function readLines(
  query: Pick<pg.Pool, 'query'>,
  organisationId: OrganisationId,
  after: number,
  upTo: number,
): Promise<LineFrame[]> {
  const { rows } = await query.query<EntryRow & { conversation_id: ConversationId; customer_id: CustomerId }>(
    named({
      text: `select id, conversation_id, customer_id, position, at, author, name, text, notice, helps from entry
        where organisation_id = $1 and position > $2 and position <= $3`,
      values: [organisationId, after, upTo],
    }),
  );
  return rows.map((row) => ({
    kind: 'line',
    customerId: row.customer_id,
    conversationId: row.conversation_id,
    line: lineOf(row),
  }));
}

export interface EntryRow {
  readonly id: string;
  readonly position: number;
  readonly at: number;
  readonly author: 'customer' | 'agent' | 'supervisor' | 'notice';
  readonly name: string;
  readonly text: string | null;
  readonly notice: CustomerNotice | null;
  readonly helps: string | null;
}

/** A stored line as the customer's screen takes it. */
export function lineOf(row: EntryRow): CustomerLine {
  const { id, position, at, name } = row;
  return row.author === 'notice'
    ? { id, position, at, from: 'notice', notice: row.notice ?? 'closed', name, helps: row.helps ?? '' }
    : { id, position, at, from: row.author, name, text: row.text ?? '' };
}
