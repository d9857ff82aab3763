import type pg from 'pg';
import type { OrganisationId } from '../../shared/contract/id.ts';
import type { LedgerEntry, LedgerKind } from '../../shared/contract/read.ts';
import { named } from '../hub/named.ts';

/** Whose ledger, and what of it. */
export interface LedgerAsk {
  /** Every entry, with watching that its agent does not know of; else only what concerns the reader. */
  readonly all: boolean;
  readonly readerId: string;
  readonly agentId: string | null;
  readonly conversationId: string | null;
  readonly kind: LedgerKind | null;
  /** Entries that began before this instant, ms. */
  readonly before: number | null;
  readonly limit: number;
}

/** Of their own sessions an agent reads watching only as the policy says that it began under: see docs/decisions/0010. */
const known = `(l.kind <> 'watched' or l.policy = 'announced' or (l.policy = 'announced_after' and l.until is not null))`;

/**
 * A page of the ledger, newest first. All that began in the instant of the last one are on it too, so that the next page may
 * begin before that instant.
 * @param query a client inside a transaction that has chosen its organisation
 */
export async function readLedger(
  query: pg.ClientBase,
  organisationId: OrganisationId,
  ask: LedgerAsk,
): Promise<LedgerEntry[]> {
  const { rows } = await query.query<LedgerEntry>(
    named({
      text: `select l.session_id as "sessionId", l.conversation_id as "conversationId", c.customer_name as "customerName",
          l.agent_id as "agentId", l.person_id as "personId", l.kind, l.since, l.until, l.lines, l.policy
        from ledger l join conversation c on c.organisation_id = l.organisation_id and c.id = l.conversation_id
        where l.organisation_id = $1 and ($2 or l.person_id = $3 or (l.agent_id = $3 and ${known}))
          and ($4::uuid is null or l.agent_id = $4) and ($5::uuid is null or l.conversation_id = $5)
          and ($6::text is null or l.kind = $6)
          and ($7::double precision is null or l.since < to_timestamp($7::double precision / 1000))
        order by l.since desc fetch first ($8::integer) rows with ties`,
      values: [organisationId, ask.all, ask.readerId, ask.agentId, ask.conversationId, ask.kind, ask.before, ask.limit],
    }),
  );
  return rows;
}
