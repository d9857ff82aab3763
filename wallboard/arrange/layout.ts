/** How one person's board is laid out. Tiles are named by their ids. */
export interface Layout {
  /** Shown tiles in their order. */
  readonly tiles: readonly string[];
  readonly hidden: readonly string[];
  /** Whether the agents table is shown. */
  readonly agents: boolean;
  /** Raised Flags on the far side, the tiles on the near one. */
  readonly swapped: boolean;
}

/** @param spare those of them that a fresh board hides */
export function freshLayout(known: readonly string[], spare: readonly string[] = []): Layout {
  return {
    tiles: known.filter((id) => !spare.includes(id)),
    hidden: known.filter((id) => spare.includes(id)),
    agents: true,
    swapped: false,
  };
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

/**
 * Reads a kept layout. Tiles that are gone fall out; tiles that are new since then come last, so that nobody misses one.
 * @param kept what was stored, or null
 * @param known ids of all tiles in their first order
 */
export function readLayout(kept: string | null, known: readonly string[], spare: readonly string[] = []): Layout {
  let value: unknown;
  try {
    value = JSON.parse(kept ?? 'null');
  } catch {
    value = null;
  }
  if (typeof value !== 'object' || value === null) return freshLayout(known, spare);
  const hidden = [...new Set('hidden' in value ? texts(value.hidden) : [])].filter((id) => known.includes(id));
  const tiles = [...new Set('tiles' in value ? texts(value.tiles) : [])].filter(
    (id) => known.includes(id) && !hidden.includes(id),
  );
  const missing = known.filter((id) => !tiles.includes(id) && !hidden.includes(id));
  return {
    tiles: [...tiles, ...missing],
    hidden,
    agents: !('agents' in value) || value.agents !== false,
    swapped: 'swapped' in value && value.swapped === true,
  };
}

/** Moves a shown tile to a place, counted from 0 and kept inside the list. */
export function moveTile(layout: Layout, id: string, to: number): Layout {
  const from = layout.tiles.indexOf(id);
  const at = Math.max(0, Math.min(layout.tiles.length - 1, to));
  if (from < 0 || from === at) return layout;
  const rest = layout.tiles.filter((one) => one !== id);
  return { ...layout, tiles: [...rest.slice(0, at), id, ...rest.slice(at)] };
}

export function hideTile(layout: Layout, id: string): Layout {
  if (!layout.tiles.includes(id)) return layout;
  return { ...layout, tiles: layout.tiles.filter((one) => one !== id), hidden: [...layout.hidden, id] };
}

export function showTile(layout: Layout, id: string): Layout {
  if (!layout.hidden.includes(id)) return layout;
  return { ...layout, hidden: layout.hidden.filter((one) => one !== id), tiles: [...layout.tiles, id] };
}
