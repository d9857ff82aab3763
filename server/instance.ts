import { randomBytes } from 'node:crypto';
import { newId } from '../shared/contract/uuid.ts';
import type { Database } from './db/pool.ts';

/** Which history this database holds, and the secret that signs visitor tokens. */
export interface Instance {
  readonly epoch: string;
  readonly secret: Buffer;
}

/**
 * Reads the instance, or makes it on the first start. A restored copy lives in another cluster, whose system identifier is
 * another: it gets another epoch, so that no screen trusts positions of the other history.
 * @param now the hub's clock, ms
 */
export async function readInstance(db: Database, now: number): Promise<Instance> {
  const { rows } = await db.system.query<{ epoch: string; secret: Buffer }>(
    `insert into instance (epoch, system_identifier, secret)
       values ($1, (select system_identifier::text from pg_control_system()), $2)
     on conflict (only_one) do update set
       epoch = case when instance.system_identifier = excluded.system_identifier then instance.epoch else excluded.epoch end,
       system_identifier = excluded.system_identifier
     returning epoch, secret`,
    [newId(now), randomBytes(32)],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('the instance could not be read');
  return row;
}
