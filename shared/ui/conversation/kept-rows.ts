/**
 * Rows that say the same as before stay the same objects, so that a list draws what is new and leaves the rest: in a conversation
 * of hundreds of lines each new one would draw them all again.
 */
export class KeptRows<Row extends { readonly key: string }> {
  #before: ReadonlyMap<string, Row> = new Map();

  /** The rows as given, each as the object it was before if nothing in it has changed. */
  keep(rows: readonly Row[]): readonly Row[] {
    const kept = rows.map((row) => {
      const before = this.#before.get(row.key);
      return before !== undefined && saysTheSame(before, row) ? before : row;
    });
    this.#before = new Map(kept.map((row) => [row.key, row]));
    return kept;
  }
}

/** Whether two plain values (objects, lists, what stands in them) hold the same. */
function saysTheSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [these, those] = [Object.entries(a), Object.entries(b)];
  return these.length === those.length && these.every(([name, value]) => saysTheSame(value, Reflect.get(b, name)));
}
