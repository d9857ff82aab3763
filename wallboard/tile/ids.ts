/**
 * Ids of all tiles in the order of a fresh board, for whoever keeps layouts: the tiles themselves are fetched once the flags are
 * there. `register.ts` is held to it by a test.
 */
export const tileIds: readonly string[] = [
  'waiting',
  'longest-wait',
  'service-level',
  'unassigned',
  'flags-today',
  'agents-by-state',
  'time-to-claim',
  'time-to-help',
  'open',
];

/** Those that are not on a fresh board: they wait under Arrange. */
export const spareIds: readonly string[] = ['open'];
