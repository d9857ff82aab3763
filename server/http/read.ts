import type pg from 'pg';
import type { Principal } from '../auth/principal.ts';
import { commit, sendAll } from '../db/pipeline.ts';
import type { Database } from '../db/pool.ts';
import { named } from '../hub/named.ts';

/** Reads in one transaction of the organisation, and says at which position. */
export async function read<T>(
  db: Database,
  principal: Principal,
  run: (client: pg.ClientBase) => Promise<T>,
): Promise<{ position: number; value: T }> {
  const client = await db.app.connect();
  let broken = false;
  try {
    const { organisationId } = principal;
    const [, , clock] = await sendAll(client, [
      { text: 'begin isolation level repeatable read read only' },
      named({ text: `select set_config('halyard.organisation', $1, true)`, values: [organisationId] }),
      named({ text: 'select position from clock where organisation_id = $1', values: [organisationId] }),
    ]);
    const value = await run(client);
    await sendAll(client, [commit]);
    return { position: (clock?.rows[0] as { position: number } | undefined)?.position ?? 0, value };
  } catch (error) {
    broken = true;
    throw error;
  } finally {
    client.release(broken);
  }
}
