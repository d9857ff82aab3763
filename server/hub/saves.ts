import type { OrganisationId } from '../../shared/contract/id.ts';
import type { Happened, Plan, Settled } from './plan.ts';
import { actorKey } from './plan.ts';
import type { Statement } from './room.ts';
import { table } from './table.ts';
import { digestWords, type Linked, link, newSalt, payloadOf, wordsOf } from './words.ts';

interface LogRow {
  position: number;
  type: string;
  at: number;
  actor: string;
  command: string;
  commandId: string;
  address: string | null;
  conversationId: string | null;
  payload: string;
  audience: string;
  hidden: string;
  digest: Buffer | null;
  hash: Buffer;
}

const logTable = table<LogRow>(
  'log',
  {
    position: ['position', 'bigint'],
    type: ['type', 'text'],
    at: ['at', 'instant'],
    actor: ['actor', 'json'],
    command: ['command', 'text'],
    commandId: ['command_id', 'uuid'],
    address: ['address', 'text'],
    conversationId: ['conversation_id', 'uuid'],
    payload: ['payload', 'json'],
    audience: ['audience', 'texts'],
    hidden: ['hidden', 'texts'],
    digest: ['digest', 'bytea'],
    hash: ['hash', 'bytea'],
  },
  ['organisation_id', 'position'],
);

interface EntryRow {
  id: string;
  conversationId: string;
  customerId: string;
  position: number;
  at: number;
  author: string;
  name: string;
  text: string | null;
  notice: string | null;
  helps: string | null;
  salt: Buffer;
}

const entryTable = table<EntryRow>('entry', {
  id: ['id', 'uuid'],
  conversationId: ['conversation_id', 'uuid'],
  customerId: ['customer_id', 'uuid'],
  position: ['position', 'bigint'],
  at: ['at', 'instant'],
  author: ['author', 'text'],
  name: ['name', 'text'],
  text: ['text', 'text'],
  notice: ['notice', 'text'],
  helps: ['helps', 'text'],
  salt: ['salt', 'bytea'],
});

interface InternalRow {
  id: string;
  conversationId: string;
  position: number;
  at: number;
  kind: string;
  text: string;
  salt: Buffer;
}

const internalTable = table<InternalRow>('internal_entry', {
  id: ['id', 'uuid'],
  conversationId: ['conversation_id', 'uuid'],
  position: ['position', 'bigint'],
  at: ['at', 'instant'],
  kind: ['kind', 'text'],
  text: ['text', 'text'],
  salt: ['salt', 'bytea'],
});

interface AnswerRow {
  actor: string;
  commandId: string;
  payloadHash: Buffer;
  answer: string;
  at: number;
}

const answerTable = table<AnswerRow>(
  'answer',
  {
    actor: ['actor', 'text'],
    commandId: ['command_id', 'uuid'],
    payloadHash: ['payload_hash', 'bytea'],
    answer: ['answer', 'json'],
    at: ['at', 'instant'],
  },
  ['organisation_id', 'actor', 'command_id'],
);

interface JobRow {
  id: string;
  kind: string;
  subject: string;
  planned: number;
  dueAt: number;
}

const jobTable = table<JobRow>(
  'job',
  {
    id: ['id', 'text'],
    kind: ['kind', 'text'],
    subject: ['subject', 'text'],
    planned: ['planned', 'bigint'],
    dueAt: ['due_at', 'instant'],
  },
  ['organisation_id', 'id'],
);

/** Everything a plan writes, but for the commit: one statement per table. */
export function saves(
  organisationId: OrganisationId,
  decided: Plan,
  taken: { readonly position: number; readonly hash: Buffer },
  now: number,
): Statement[] {
  const statements: Statement[] = [];
  for (const [noun, rows] of decided.state.moved())
    if (noun.save !== undefined) statements.push(noun.save(organisationId, rows));
  for (const [writer, rows] of decided.rows) statements.push(writer.save(organisationId, rows));

  const { log, entries, internal, hash } = logRows(decided.happened, taken.hash);
  const record: Statement[] = [];
  if (log.length > 0) {
    record.push(logTable.insert(organisationId, log, ''));
    if (entries.length > 0) record.push(entryTable.insert(organisationId, entries, ''));
    if (internal.length > 0) record.push(internalTable.insert(organisationId, internal, ''));
    record.push({
      text: 'update clock set position = $2, hash = $3 where organisation_id = $1',
      values: [organisationId, taken.position + log.length, hash],
    });
  }
  const fresh = decided.settled.filter(
    (one) => one.fresh && (one.order.actor.kind !== 'system' || one.order.job !== undefined),
  );
  if (fresh.length > 0)
    record.push(
      answerTable.insert(
        organisationId,
        fresh.map((one) => answerRow(one, now)),
        'on conflict do nothing',
      ),
    );
  if (record.length > 0) statements.push(together(record));
  if (decided.answered.length > 0)
    // What was planned anew since the row was taken stays.
    statements.push({
      text: `delete from job j using unnest($2::text[], $3::bigint[]) as done (id, planned)
        where j.organisation_id = $1 and j.id = done.id and j.planned = done.planned`,
      values: [organisationId, decided.answered.map((job) => job.id), decided.answered.map((job) => job.planned)],
    });
  const last = new Map(decided.jobs.map((change) => ['plan' in change ? change.plan.id : change.drop, change]));
  const dropped = [...last].flatMap(([id, change]) => ('drop' in change ? [id] : []));
  if (dropped.length > 0)
    statements.push({
      text: 'delete from job where organisation_id = $1 and id = any($2::text[])',
      values: [organisationId, dropped],
    });
  const jobs = [...last.values()].flatMap((change) =>
    'plan' in change ? [{ ...change.plan, planned: change.position }] : [],
  );
  if (jobs.length > 0) {
    const upsert = jobTable.upsert(organisationId, jobs);
    statements.push({ ...upsert, text: `${upsert.text}, taken_until = null` });
  }
  return statements;
}

const joined = new Map<string, string>();

/**
 * One statement out of several that write different tables. All of them have the organisation as their first value, and a
 * batch has few kinds of them, so that the server keeps few plans.
 */
function together(statements: readonly Statement[]): Statement {
  const key = statements.map(({ text }) => text).join('\n');
  let text = joined.get(key);
  if (text === undefined) {
    let before = 0;
    const parts = statements.map((one) => {
      const offset = before;
      before += one.values.length - 1;
      return one.text.replace(/\$(\d+)/g, (_, digits: string) =>
        digits === '1' ? '$1' : `$${Number(digits) + offset}`,
      );
    });
    const last = parts.pop();
    text =
      parts.length === 0 ? `${last}` : `with ${parts.map((part, at) => `part${at} as (${part})`).join(', ')} ${last}`;
    joined.set(key, text);
  }
  const [first] = statements;
  return { text, values: [first?.values[0], ...statements.flatMap(({ values }) => values.slice(1))] };
}

function answerRow({ order, answer }: Settled, now: number): AnswerRow {
  return {
    actor: actorKey(order.actor),
    commandId: order.id,
    payloadHash: order.payloadHash,
    answer: JSON.stringify(answer),
    at: now,
  };
}

function logRows(
  happened: readonly Happened[],
  before: Buffer,
): { log: LogRow[]; entries: EntryRow[]; internal: InternalRow[]; hash: Buffer } {
  const log: LogRow[] = [];
  const entries: EntryRow[] = [];
  const internal: InternalRow[] = [];
  let hash = before;
  for (const { event, audience, hidden, frames, order } of happened) {
    const words = wordsOf(event);
    const salt = newSalt();
    const payload = JSON.stringify(payloadOf(event));
    const actor = JSON.stringify(event.by);
    const digest = words === null ? null : digestWords(salt, words.text);
    const conversationId = 'conversationId' in event ? event.conversationId : null;
    const linked: Linked = {
      position: event.position,
      type: event.type,
      at: event.at,
      actor,
      command: order.name,
      commandId: order.id,
      conversationId,
      payload,
      audience: literal(audience),
      hidden: literal(hidden),
      digest,
    };
    hash = link(hash, linked);
    log.push({ ...linked, address: order.address, hash });
    if (words !== null && words.internal !== null && conversationId !== null)
      internal.push({
        id: words.entryId,
        conversationId,
        position: event.position,
        at: event.at,
        kind: words.internal,
        text: words.text,
        salt,
      });
    for (const frame of frames) {
      if (frame.kind !== 'line') continue;
      const { line } = frame;
      const said = line.from === 'notice' ? null : line.text;
      entries.push({
        id: line.id,
        conversationId: frame.conversationId,
        customerId: frame.customerId,
        position: line.position,
        at: line.at,
        author: line.from,
        name: line.name,
        text: said,
        notice: line.from === 'notice' ? line.notice : null,
        helps: line.from === 'notice' ? line.helps : null,
        salt,
      });
    }
  }
  return { log, entries, internal, hash };
}

/** A text[] literal of room names, which hold no quote, comma or brace. */
const literal = (rooms: readonly string[]): string => `{${rooms.map((room) => `"${room}"`).join(',')}}`;
