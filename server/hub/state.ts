import type { Event } from '../../shared/contract/event.ts';
import type { Need, Noun } from './room.ts';

/**
 * Thrown by `State.get` for something nobody has loaded. The batch catches it, loads the thing and decides again from the
 * start: decisions are pure, so asking twice changes nothing. Commands must not catch.
 */
export class NotLoaded extends Error {
  readonly needs: readonly Need[];
  constructor(needs: readonly Need[]) {
    super(`not loaded: ${needs.map(({ noun, id }) => `${noun.kind} ${id}`).join(', ')}`);
    this.name = 'NotLoaded';
    this.needs = needs;
  }
}

/** What commands look at: rows as they stand at this place in the batch. */
export interface State {
  /** The row, or undefined when there is none. Throws `NotLoaded` when it was not asked for yet. */
  get<Row>(noun: Noun<Row>, id: string): Row | undefined;
  /**
   * The rows of many ids, in their order, without those that are not there. What is not loaded is asked for in one go, so that
   * a command which moves many things takes no more rounds than one which moves a single one.
   */
  all<Row>(noun: Noun<Row>, ids: readonly string[]): Row[];
}

/**
 * Asks for things of several kinds in one go: whoever needs them all waits one round for them, not one round for each.
 * Afterwards `get` answers.
 */
export function gather(state: State, needs: readonly Need[]): void {
  const missing: Need[] = [];
  for (const { noun, id } of needs) {
    try {
      state.get(noun, id);
    } catch (error) {
      if (!(error instanceof NotLoaded)) throw error;
      missing.push(...error.needs);
    }
  }
  if (missing.length > 0) throw new NotLoaded(missing);
}

type Rows = Map<string, unknown>;

/** Rows as loaded from the database in one transaction; a batch starts from it, and starts again from it. */
export class Loaded {
  readonly rows = new Map<Noun<unknown>, Rows>();

  has(need: Need): boolean {
    return this.rows.get(need.noun)?.has(need.id) ?? false;
  }

  /** Notes what a load answered: ids without a row are known to be absent. */
  put(noun: Noun<unknown>, ids: readonly string[], found: ReadonlyMap<string, unknown>): void {
    let rows = this.rows.get(noun);
    if (rows === undefined) {
      rows = new Map();
      this.rows.set(noun, rows);
    }
    for (const id of ids) rows.set(id, found.get(id));
  }
}

/** The moving state of one attempt at a batch, over what is loaded. */
export class BatchState implements State {
  readonly #loaded: Loaded;
  readonly #nouns: readonly Noun<unknown>[];
  readonly #moved = new Map<Noun<unknown>, Rows>();
  readonly #journal: (() => void)[] = [];
  readonly #unborn = new Map<Noun<unknown>, Set<string>>();

  constructor(loaded: Loaded, nouns: readonly Noun<unknown>[]) {
    this.#loaded = loaded;
    this.#nouns = nouns;
  }

  get<Row>(noun: Noun<Row>, id: string): Row | undefined {
    const key = noun as Noun<unknown>;
    const moved = this.#moved.get(key);
    if (moved?.has(id)) return moved.get(id) as Row | undefined;
    const rows = this.#loaded.rows.get(key);
    if (rows?.has(id)) return rows.get(id) as Row | undefined;
    if (this.#unborn.get(key)?.has(id)) return undefined;
    throw new NotLoaded([{ noun: key, id }]);
  }

  all<Row>(noun: Noun<Row>, ids: readonly string[]): Row[] {
    const rows: Row[] = [];
    const missing: Need[] = [];
    for (const id of ids) {
      try {
        const row = this.get(noun, id);
        if (row !== undefined) rows.push(row);
      } catch (error) {
        if (!(error instanceof NotLoaded)) throw error;
        missing.push(...error.needs);
      }
    }
    if (missing.length > 0) throw new NotLoaded(missing);
    return rows;
  }

  /** Notes what the event will bring into being: it is known to be absent until then, and is not looked for. */
  expect(event: Event): void {
    for (const noun of this.#nouns) {
      const born = noun.born?.(event) ?? [];
      if (born.length > 0) this.#unborn.set(noun, new Set([...(this.#unborn.get(noun) ?? []), ...born]));
    }
  }

  /** Moves every noun that the event touches. A derived noun that nobody loaded stays unloaded. */
  apply(event: Event): void {
    for (const noun of this.#nouns) {
      const ids = noun.touches(event).filter((id) => noun.save !== undefined || this.#knows(noun, id));
      // An event that moves many (an order) asks for all of them in one go.
      if (ids.length > 1) this.all(noun, ids);
      for (const id of ids) {
        const before = this.get(noun, id);
        const after = noun.evolve(before, event, id);
        if (after !== before) this.#put(noun, id, after);
      }
    }
  }

  /** A mark to return to: what a refused command's half-made events moved is taken back. */
  mark(): number {
    return this.#journal.length;
  }

  back(mark: number): void {
    for (const undo of this.#journal.splice(mark).reverse()) undo();
  }

  /** Rows to save, by noun. */
  *moved(): Iterable<readonly [Noun<unknown>, readonly unknown[]]> {
    for (const [noun, rows] of this.#moved) {
      if (noun.save === undefined) continue;
      const present = [...rows.values()].filter((row) => row !== undefined);
      if (present.length > 0) yield [noun, present];
    }
  }

  #knows(noun: Noun<unknown>, id: string): boolean {
    return (this.#moved.get(noun)?.has(id) ?? false) || this.#loaded.has({ noun, id });
  }

  #put(noun: Noun<unknown>, id: string, row: unknown): void {
    let rows = this.#moved.get(noun);
    if (rows === undefined) {
      rows = new Map();
      this.#moved.set(noun, rows);
    }
    const moved = rows;
    const had = moved.has(id);
    const before = moved.get(id);
    this.#journal.push(() => (had ? moved.set(id, before) : moved.delete(id)));
    moved.set(id, row);
  }
}
