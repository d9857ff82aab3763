import type pg from 'pg';
import type { OrganisationId } from '../../shared/contract/id.ts';
import { named } from './named.ts';
import { digestWords, type Linked, link } from './words.ts';

/** A place of the log that does not hold; `position` is that of the row, or of the missing one. */
export interface Fault {
  readonly position: number;
  readonly what:
    | 'a row is missing'
    | 'the row is not what was written'
    | 'its words are not what was written'
    | 'the log does not end where the clock stands';
}

interface Row extends Linked {
  readonly hash: Buffer;
}

interface Spoken {
  readonly position: number;
  readonly salt: Buffer;
  readonly text: string;
}

const page = 1000;
const start = Buffer.alloc(32);

/**
 * Follows an organisation's chain of hashes from its first row to its clock: the audit log was neither changed, cut nor added
 * to (ASVS 16.4.2). Words that were erased are no fault: their digest stands for them.
 * @param query a client of the system's login, or one inside a transaction that has chosen the organisation
 * @returns the faults, in order, at most one per row; empty when the log holds
 */
export async function verifyLog(query: Pick<pg.Pool, 'query'>, organisationId: OrganisationId): Promise<Fault[]> {
  const faults: Fault[] = [];
  let last = 0;
  let hash: Buffer = start;
  for (;;) {
    const { rows } = await query.query<Row>(
      named({
        text: `select position, type, at, actor::text as actor, command, command_id as "commandId",
            conversation_id as "conversationId", '{"' || array_to_string(audience, '","') || '"}' as audience,
            case when hidden = '{}' then '{}' else '{"' || array_to_string(hidden, '","') || '"}' end as hidden,
            payload::text as payload, digest, hash from log
          where organisation_id = $1 and position > $2 order by position limit ${page}`,
        values: [organisationId, last],
      }),
    );
    if (rows.length === 0) break;
    const words = await wordsAt(query, organisationId, last, rows.at(-1)?.position ?? last);
    for (const row of rows) {
      if (row.position !== last + 1) faults.push({ position: last + 1, what: 'a row is missing' });
      else if (!link(hash, row).equals(row.hash))
        faults.push({ position: row.position, what: 'the row is not what was written' });
      else if (!wordsHold(row, words.get(row.position)))
        faults.push({ position: row.position, what: 'its words are not what was written' });
      // From a broken place on, the stored hash is taken as it stands, so that one fault is told once.
      hash = row.hash;
      last = row.position;
    }
  }
  const { rows } = await query.query<{ position: number; hash: Buffer }>(
    named({ text: 'select position, hash from clock where organisation_id = $1', values: [organisationId] }),
  );
  const [clock] = rows;
  if (clock === undefined || clock.position !== last || !clock.hash.equals(hash))
    faults.push({ position: last, what: 'the log does not end where the clock stands' });
  return faults;
}

/** Erased words are an empty text, or no row at all. */
function wordsHold(row: Row, spoken: Spoken | undefined): boolean {
  if (spoken === undefined || spoken.text === '') return true;
  return row.digest?.equals(digestWords(spoken.salt, spoken.text)) ?? false;
}

async function wordsAt(
  query: Pick<pg.Pool, 'query'>,
  organisationId: OrganisationId,
  after: number,
  upTo: number,
): Promise<Map<number, Spoken>> {
  const { rows } = await query.query<Spoken>(
    named({
      text: `select position, salt, text from entry
          where organisation_id = $1 and position > $2 and position <= $3 and text is not null
        union all select position, salt, text from internal_entry
          where organisation_id = $1 and position > $2 and position <= $3`,
      values: [organisationId, after, upTo],
    }),
  );
  return new Map(rows.map((row) => [row.position, row]));
}
