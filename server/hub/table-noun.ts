import type { Event } from '../../shared/contract/event.ts';
import type { OrganisationId } from '../../shared/contract/id.ts';
import type { Noun, Statement } from './room.ts';
import type { Table } from './table.ts';

/**
 * The noun of a table whose key is `id`: loads rows by id, saves what moved.
 * @param parts.of ids of the rows an event moves; `parts.born` those it brings into being; `parts.through` other things that name a row
 */
export function tableNoun<Row extends { readonly id: string }>(
  kind: string,
  rows: Table<Row>,
  parts: {
    readonly of: (event: Event) => string | undefined;
    readonly born?: (event: Event) => boolean;
    readonly evolve: (row: Row | undefined, event: Event) => Row | undefined;
    /** By kind: the table of that kind's rows, and its column that holds this table's id. */
    readonly through?: Readonly<Record<string, readonly [table: string, column: string]>>;
  },
): Noun<Row> {
  const ids = (event: Event): readonly string[] => {
    const id = parts.of(event);
    return id === undefined ? [] : [id];
  };
  const load = `${rows.select} where organisation_id = $1 and id = any($2::uuid[])`;
  const through = Object.entries(parts.through ?? {}).map(([other, [from, column]]) => {
    const named = `select "${column}" from "${from}" where organisation_id = $1 and id = any($2::uuid[])`;
    // As an array, so that the names are looked up first and the rows by their key, whatever is known about the tables.
    const text = `${rows.select} where organisation_id = $1 and id = any(array(${named}))`;
    return [
      other,
      (organisationId: OrganisationId, ids: readonly string[]): Statement => ({ text, values: [organisationId, ids] }),
    ] as const;
  });
  return {
    kind,
    load: (organisationId, wanted) => ({ text: load, values: [organisationId, wanted] }),
    through: Object.fromEntries(through),
    read: (raw) => {
      const row = rows.read(raw);
      return [row.id, row];
    },
    touches: ids,
    born: (event) => (parts.born?.(event) ? ids(event) : []),
    evolve: parts.evolve,
    save: (organisationId, changed) => rows.upsert(organisationId, changed),
  };
}
