import type { Floors } from './floors.ts';
import type { Exactness } from './measure.ts';
import { isExact, median } from './measure.ts';
import type { Stage } from './stage.ts';

/** One line of the table: a goal of docs/bench.md and what this run found. */
export interface Figure {
  /** As in `P1`. */
  readonly id: string;
  /** What was measured, under which load. */
  readonly what: string;
  readonly unit: 'x' | 'KB' | 'ms' | 's' | '';
  /** Null: printed to explain another one, and held to nothing. */
  readonly goal: { readonly atMost: number } | { readonly atLeast: number } | null;
  /** Median over the rounds. */
  readonly figure: number;
  /** Every round's, in order. */
  readonly rounds: readonly number[];
  /** The absolute values behind it, medians. */
  readonly behind: string;
  /** What was sent, and what of it was lost, came twice or out of order; null where nothing is sent. */
  readonly exactness: Exactness | null;
}

export interface Bench {
  readonly stage: Stage;
  readonly floors: Floors;
  /** Rounds of a row; each measures its floors and the product anew. */
  readonly rounds: number;
  /** Shorter rounds: for a look, not for a table. */
  readonly quick: boolean;
  /** The built screens. */
  readonly web: string;
  say(line: string): void;
}

/**
 * The rounds of a row: as many as were asked for, less where the machine is so slow that they would not fit, one at least.
 * @param what names them in what is said after each
 */
export function* roundsOf(
  { rounds, say }: Pick<Bench, 'rounds' | 'say'>,
  what: string,
  budgetMs: number,
): Iterable<number> {
  const start = performance.now();
  for (let round = 0; round < rounds && (round === 0 || performance.now() - start < budgetMs); round += 1) {
    yield round;
    say(`${what}, round ${round + 1} of ${rounds}`);
  }
}

export interface Row {
  /** Ids of the goals it measures. */
  readonly ids: readonly string[];
  measure(bench: Bench): Promise<Figure[]>;
}

export function isMet({ goal, figure, exactness }: Figure): boolean | null {
  if (goal === null) return null;
  if (exactness !== null && !isExact(exactness)) return false;
  return 'atMost' in goal ? figure <= goal.atMost : figure >= goal.atLeast;
}

/** A figure from the ratios of its rounds. */
export function figureOf(parts: Omit<Figure, 'figure'>): Figure {
  return { ...parts, figure: median(parts.rounds) };
}

export const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} ms`;
export const perSecond = (value: number): string => `${Math.round(value).toLocaleString('en')}/s`;
