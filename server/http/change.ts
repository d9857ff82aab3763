import type { Request, Response, Router } from 'express';
import { z } from 'zod';
import { changeKinds, changeTypes, isChangeKind } from '../../shared/contract/change.ts';
import { isId } from '../../shared/contract/id.ts';
import { holds } from '../../shared/contract/permission.ts';
import type { ChangePage } from '../../shared/contract/read.ts';
import { parse, Refused } from '../auth/answer.ts';
import type { Principal } from '../auth/principal.ts';
import type { Database } from '../db/pool.ts';
import { settingsLog } from '../hub/log.ts';
import { named } from '../hub/named.ts';
import { notAllowed } from '../hub/plan.ts';
import { read } from './read.ts';

export interface ChangeOptions {
  readonly db: Database;
  /** Who asks. @throws Refused */
  signedIn(request: Request): Promise<Principal>;
}

const changePage = 30;

const changeQuery = z.strictObject({
  of: z.string().refine(isChangeKind, { message: `must be one of ${Object.keys(changeKinds).join(', ')}` }),
  before: z.coerce.number().int().min(1).optional(),
});

/** Every id that a value holds, however deep. */
function idsIn(value: unknown, found: Set<string> = new Set()): Set<string> {
  if (typeof value === 'string' && isId(value)) found.add(value);
  else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) idsIn(one, found);
  return found;
}

/** Everything that settings name. Removed rules and archived teams keep their names. */
const namesOf = ['person', 'team', 'queue', 'reason', 'rule', 'connection']
  .map((table) => `select id, name from ${table} where organisation_id = $1 and id = any($2::uuid[])`)
  .join(' union all ');

/** The log as the audit of settings: who changed what, when and from where, newest first. */
export function change(router: Router, { db, signedIn }: ChangeOptions): void {
  router.get('/change', async (request: Request, response: Response) => {
    const principal = await signedIn(request);
    const { of, before = Number.MAX_SAFE_INTEGER } = parse(changeQuery, request.query);
    if (!changeKinds[of].every((permission) => holds(principal.person.role, permission))) throw new Refused(notAllowed);
    const { organisationId } = principal;
    const { position, value } = await read(db, principal, async (client) => {
      const changes = await settingsLog(client, organisationId, changeTypes(of), before, changePage);
      const ids = [...idsIn(changes.map(({ event }) => event))];
      const { rows } = await client.query<{ id: string; name: string }>(
        named({ text: namesOf, values: [organisationId, ids] }),
      );
      return { changes, names: Object.fromEntries(rows.map(({ id, name }) => [id, name])) };
    });
    const last = value.changes.length === changePage ? value.changes.at(-1) : undefined;
    response.json({
      ok: true,
      value: { position, of, ...value, before: last?.event.position ?? null } satisfies ChangePage,
    });
  });
}
