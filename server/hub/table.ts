import type { Raw, Statement } from './room.ts';

/**
 * How a column is written and read. `instant` is timestamptz(3) in the database and ms since 1970 here; the pools read it
 * back as a number. `uuids` is uuid[] and `texts` text[]: they travel as
 * array literals, because a list of lists does not fit `unnest`; `json` takes a text that is already JSON, to the letter.
 */
export type ColumnType =
  | 'uuid'
  | 'text'
  | 'integer'
  | 'bigint'
  | 'boolean'
  | 'instant'
  | 'json'
  | 'jsonb'
  | 'uuids'
  | 'texts'
  | 'bytea';

/** The columns of a table, by the property that holds each: `{ raisedAt: ['raised_at', 'instant'] }`. */
export type Columns<Row> = { readonly [P in keyof Row & string]: readonly [column: string, type: ColumnType] };

const arrayType: Readonly<Record<ColumnType, string>> = {
  uuid: 'uuid[]',
  text: 'text[]',
  integer: 'integer[]',
  bigint: 'bigint[]',
  boolean: 'boolean[]',
  instant: 'double precision[]',
  json: 'text[]',
  jsonb: 'text[]',
  uuids: 'text[]',
  texts: 'text[]',
  bytea: 'bytea[]',
};

const fromArray = (column: string, type: ColumnType): string => {
  if (type === 'instant') return `to_timestamp(given."${column}" / 1000)`;
  if (type === 'json' || type === 'jsonb') return `given."${column}"::${type}`;
  if (type === 'uuids') return `given."${column}"::uuid[]`;
  if (type === 'texts') return `given."${column}"::text[]`;
  return `given."${column}"`;
};

const toValue = (value: unknown, type: ColumnType): unknown => {
  if (value === null || value === undefined) return null;
  if (type === 'jsonb') return JSON.stringify(value);
  if (type === 'uuids') return `{${(value as readonly string[]).join(',')}}`;
  if (type === 'texts' && Array.isArray(value)) return `{${value.map((one) => JSON.stringify(String(one))).join(',')}}`;
  return value;
};

export interface Table<Row> {
  /** `select` of whole rows; add a `where`. */
  readonly select: string;
  read(raw: Raw): Row;
  /** One statement that writes many rows; `then` is what follows the insert (`on conflict ...`). */
  insert(organisationId: string, rows: readonly Row[], then: string): Statement;
  /** Inserts, or replaces every column of the row that has the key. */
  upsert(organisationId: string, rows: readonly Row[]): Statement;
}

/**
 * Describes a table once, so that rows are loaded and saved set-based with `unnest`. Every table has `organisation_id`
 * beside the named columns.
 * @param name the table
 * @param columns its columns by property, in any order
 * @param key the columns of its primary key
 */
export function table<Row>(name: string, columns: Columns<Row>, key: readonly string[] = ['id']): Table<Row> {
  const list = Object.entries<readonly [string, ColumnType]>(columns).map(([property, [column, type]]) => ({
    property: property as keyof Row & string,
    column,
    type,
  }));
  const quoted = list.map(({ column }) => `"${column}"`);
  const head = `insert into "${name}" (organisation_id, ${quoted.join(', ')}) select $1::uuid, ${list
    .map(({ column, type }) => fromArray(column, type))
    .join(
      ', ',
    )} from unnest(${list.map(({ type }, at) => `$${at + 2}::${arrayType[type]}`).join(', ')}) as given (${quoted.join(', ')})`;
  const replaced = list
    .filter(({ column }) => !key.includes(column))
    .map(({ column }) => `"${column}" = excluded."${column}"`);
  const onConflict = `on conflict (${key.map((column) => `"${column}"`).join(', ')}) do update set ${replaced.join(', ')}`;
  // The very same text each time: its name is looked up by it.
  const texts = new Map<string, string>();
  const insert = (organisationId: string, rows: readonly Row[], then: string): Statement => ({
    text: texts.get(then) ?? remember(then),
    values: [organisationId, ...list.map(({ property, type }) => rows.map((row) => toValue(row[property], type)))],
  });
  function remember(then: string): string {
    const text = `${head} ${then}`;
    texts.set(then, text);
    return text;
  }
  return {
    select: `select ${quoted.join(', ')} from "${name}"`,
    // Names and types of the columns are held against the row's type above, and against the database by a test.
    read: (raw) => Object.fromEntries(list.map(({ property, column }) => [property, raw[column]])) as Row,
    insert,
    upsert: (organisationId, rows) => insert(organisationId, rows, onConflict),
  };
}
