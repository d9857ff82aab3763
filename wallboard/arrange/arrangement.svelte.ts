import type { Layout } from './layout.ts';
import { freshLayout, readLayout } from './layout.ts';

const keyOf = (personId: string): string => `halyard.wallboard.layout.${personId}`;
const mostUndo = 50;

/** One person's layout: changed step by step, each step can be undone, and kept in this browser. */
export class Arrangement {
  readonly #known: readonly string[];
  readonly #spare: readonly string[];
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'> | undefined;
  #personId: string | null = null;
  #layout = $state.raw<Layout>(freshLayout([]));
  #past = $state.raw<readonly Layout[]>([]);

  /** @param known ids of all tiles in their first order @param spare those that a fresh board hides */
  constructor(
    known: readonly string[],
    storage: Pick<Storage, 'getItem' | 'setItem'> | undefined,
    spare: readonly string[] = [],
  ) {
    this.#known = known;
    this.#spare = spare;
    this.#storage = storage;
    this.#layout = freshLayout(known, spare);
  }

  /** Takes up what this person arranged last time. */
  recall(personId: string): void {
    this.#personId = personId;
    this.#layout = readLayout(this.#storage?.getItem(keyOf(personId)) ?? null, this.#known, this.#spare);
    this.#past = [];
  }

  get layout(): Layout {
    return this.#layout;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  change(step: (layout: Layout) => Layout): void {
    const next = step(this.#layout);
    if (next === this.#layout) return;
    this.#past = [...this.#past, this.#layout].slice(-mostUndo);
    this.#keep(next);
  }

  undo(): void {
    const before = this.#past.at(-1);
    if (before === undefined) return;
    this.#past = this.#past.slice(0, -1);
    this.#keep(before);
  }

  reset(): void {
    this.change(() => freshLayout(this.#known, this.#spare));
  }

  #keep(layout: Layout): void {
    this.#layout = layout;
    if (this.#personId === null) return;
    try {
      this.#storage?.setItem(keyOf(this.#personId), JSON.stringify(layout));
    } catch {
      // A full or closed storage: the layout holds for this page.
    }
  }
}
