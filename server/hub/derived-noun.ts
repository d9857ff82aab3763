import type { OrganisationId } from '../../shared/contract/id.ts';
import type { Noun, Raw, Statement } from './room.ts';

/**
 * A noun that is nobody's record and follows no event: a question to the tables, asked anew for each batch. A command that
 * decides by its answer must be `alone` in its batch.
 */
export function derivedNoun<Row>(
  kind: string,
  load: (organisationId: OrganisationId, ids: readonly string[]) => Statement,
  read: (raw: Raw) => readonly [id: string, row: Row],
): Noun<Row> {
  return { kind, load, read, touches: () => [], evolve: (row) => row };
}
