/** Small helpers for immutable lists that hold one entry per key. */

export function without<T>(list: readonly T[], drop: (item: T) => boolean): T[] {
  return list.filter((item) => !drop(item));
}

/** The list with `item` in it once: an earlier one with the same key makes way. */
export function withOne<T>(list: readonly T[], item: T, same: (other: T) => boolean): T[] {
  return [...list.filter((other) => !same(other)), item];
}
