import type pg from 'pg';
import { z } from 'zod';
import { conversationId, personId } from '../../shared/contract/id-schema.ts';
import { holds } from '../../shared/contract/permission.ts';
import { type LedgerPage, ledgerKinds } from '../../shared/contract/read.ts';
import { parse } from '../auth/answer.ts';
import type { Principal } from '../auth/principal.ts';
import { readLedger } from '../supervision/queries.ts';

const ledgerQuery = z.strictObject({
  agentId: personId.optional(),
  conversationId: conversationId.optional(),
  kind: z.enum(ledgerKinds).optional(),
  // As far as instants go (ECMA-262, 21.4.1.1).
  before: z.coerce.number().min(0).max(8.64e15).optional(),
});

const ledgerPage = 50;

/** Reads in one transaction of the organisation, and says at which position. */
type Read = <T>(run: (client: pg.ClientBase) => Promise<T>) => Promise<{ position: number; value: T }>;

/** `GET /api/ledger`: who watched, whispered, joined and took over. */
export async function ledger(principal: Principal, query: unknown, read: Read): Promise<LedgerPage> {
  const { agentId = null, conversationId: whose = null, kind = null, before = null } = parse(ledgerQuery, query);
  const { position, value: entries } = await read((client) =>
    readLedger(client, principal.organisationId, {
      all: holds(principal.person.role, 'ledger.view.any'),
      readerId: principal.personId,
      agentId,
      conversationId: whose,
      kind,
      before,
      limit: ledgerPage,
    }),
  );
  return { position, entries, before: entries.length < ledgerPage ? null : (entries.at(-1)?.since ?? null) };
}
