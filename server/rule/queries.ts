import type pg from 'pg';
import type { AuthorKind } from '../../shared/contract/conversation.ts';
import type { ConversationId, EntryId, OrganisationId } from '../../shared/contract/id.ts';
import type { Refusal } from '../../shared/contract/refusal.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import type { RuleInUse, RuleTrial, RuleTried } from '../../shared/contract/rule.ts';
import { sqlState } from '../db/errors.ts';
import { named } from '../hub/named.ts';
import type { Raw } from '../hub/room.ts';
import { wordsFault } from './check.ts';
import { ruleTable } from './rule.ts';
import { tryRule } from './try.ts';

/** Every rule that is not removed, by name, with the flags it raised since an instant. */
export async function rulesInUse(
  query: pg.ClientBase,
  organisationId: OrganisationId,
  since: number,
): Promise<RuleInUse[]> {
  const { rows } = await query.query<Raw & { raised: number | null; not_needed: number | null }>(
    named({
      text: `with used as (
          select (source ->> 'ruleId')::uuid as rule_id, count(*)::int as raised,
              (count(*) filter (where lowered ->> 'outcome' = 'not_needed'))::int as not_needed
            from flag where organisation_id = $1 and raised_at > to_timestamp($2::double precision / 1000)
              and source ->> 'kind' = 'rule' group by 1
        ) select rule.*, used.raised, used.not_needed
          from (${ruleTable.select} where organisation_id = $1 and not removed) rule
          left join used on used.rule_id = rule.id order by lower(rule.name), rule.id`,
      values: [organisationId, since],
    }),
  );
  return rows.map((raw) => {
    const { removed: _removed, ...rule } = ruleTable.read(raw);
    return { ...rule, raised: raw.raised ?? 0, notNeeded: raw.not_needed ?? 0 };
  });
}

/** A line of the past, as a rule would have heard it. */
export interface PastLine {
  readonly entryId: EntryId;
  readonly conversationId: ConversationId;
  readonly customerName: string;
  readonly at: number;
  readonly author: AuthorKind;
  readonly name: string;
  readonly text: string;
}

/** The newest lines that are looked at, and those among them that are given back. */
export const mostLooked = 20_000;
export const mostLines = 5000;

const authors: Readonly<Record<RuleTrial['side'], readonly AuthorKind[]>> = {
  customer: ['customer'],
  agent: ['agent', 'supervisor'],
  either: ['customer', 'agent', 'supervisor'],
};

/**
 * The newest lines of a side, and of channels and queues where some are named, newest first. Bounded whatever is asked: it
 * looks at `mostLooked` lines of the organisation and no further.
 * @param since ms; null for as far back as that goes
 */
export async function pastLines(
  query: pg.ClientBase,
  organisationId: OrganisationId,
  { side, channels, queueIds }: Pick<RuleTrial, 'side' | 'channels' | 'queueIds'>,
  since: number | null,
): Promise<{ lines: PastLine[]; more: boolean }> {
  const { rows } = await query.query<{
    looked: number;
    id: EntryId | null;
    conversation_id: ConversationId;
    customer_name: string;
    at: number;
    author: AuthorKind;
    name: string;
    text: string;
  }>(
    named({
      text: `with recent as materialized (
          select id, conversation_id, position, at, author, name, text from entry
            where organisation_id = $1 and text is not null and author = any($2::text[])
              and ($3::double precision is null or at > to_timestamp($3::double precision / 1000))
            order by position desc limit ${mostLooked}
        ), fitting as (
          select r.*, c.customer_name from recent r join conversation c on c.organisation_id = $1 and c.id = r.conversation_id
            where ($4::text[] = '{}' or c.channel = any($4::text[])) and ($5::uuid[] = '{}' or c.queue_id = any($5::uuid[]))
            order by r.position desc limit ${mostLines + 1}
        ) select (select count(*)::int from recent) as looked, fitting.* from (select 1) as one left join fitting on true
          order by fitting.position desc`,
      values: [organisationId, authors[side], since, channels, queueIds],
    }),
  );
  const found = rows.flatMap(({ id, ...row }): PastLine[] =>
    id === null
      ? []
      : [
          {
            entryId: id,
            conversationId: row.conversation_id,
            customerName: row.customer_name,
            at: row.at,
            author: row.author,
            name: row.name,
            text: row.text,
          },
        ],
  );
  return { lines: found.slice(0, mostLines), more: found.length > mostLines || (rows[0]?.looked ?? 0) >= mostLooked };
}

/** How long the database may look for past lines, ms. */
const queryMs = 3000;

const tooLong = refusal(
  'try_again',
  'The past lines could not be read in time.',
  'Try again in a moment, or choose fewer days.',
);

/** Reads in one transaction of the organisation, and says at which position. */
export type Reading = <T>(
  run: (client: pg.ClientBase) => Promise<T>,
) => Promise<{ readonly position: number; readonly value: T }>;

/**
 * What a rule would have heard. The transaction is over before lines are looked at, so that a trial keeps no connection.
 * @param since ms; null for as far back as `pastLines` goes
 * @returns a refusal where the words are no rule, or the database took too long
 */
export async function triedRule(
  organisationId: OrganisationId,
  trial: RuleTrial,
  since: number | null,
  read: Reading,
): Promise<{ readonly refusal: Refusal } | { readonly value: RuleTried }> {
  const fault = wordsFault(trial.words);
  if (fault !== null) return { refusal: fault };
  try {
    const { position, value } = await read(async (client) => {
      await client.query(`select set_config('statement_timeout', $1, true)`, [String(queryMs)]);
      return pastLines(client, organisationId, trial, since);
    });
    return { value: { position, ...(await tryRule(trial, value)) } };
  } catch (error) {
    if (sqlState(error) === '57014') return { refusal: tooLong };
    throw error;
  }
}
