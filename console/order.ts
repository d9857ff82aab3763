/**
 * The order in which a list stands. While a pointer is over it, what stands keeps its place: new rows come last, and what
 * has left stays as a ghost, so that nothing moves away under a hand.
 * @param before the order as it stands
 * @param wanted the order by the sort
 * @param held whether a pointer is over the list
 */
export function settle<T>(before: readonly T[], wanted: readonly T[], held: boolean): readonly T[] {
  if (!held) return same(before, wanted) ? before : wanted;
  const standing = new Set(before);
  const fresh = wanted.filter((one) => !standing.has(one));
  return fresh.length === 0 ? before : [...before, ...fresh];
}

function same<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((one, at) => one === b[at]);
}
