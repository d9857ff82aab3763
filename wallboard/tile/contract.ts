import type { Component } from 'svelte';
import type { ClockState, Presence } from '../../shared/ui/kind.ts';
import type { View } from '../view.ts';

/** What a tile draws beside its figure. Every chart has a sentence for those who cannot see it. */
export type Chart =
  | { readonly kind: 'line'; readonly points: readonly number[]; readonly target?: number; readonly label: string }
  | { readonly kind: 'bars'; readonly values: readonly number[]; readonly label: string }
  | {
      readonly kind: 'dots';
      readonly values: readonly number[];
      readonly median: number;
      readonly target?: number;
      readonly label: string;
    }
  | {
      readonly kind: 'segments';
      readonly parts: readonly { readonly kind: Presence; readonly value: number }[];
      readonly label: string;
    };

/** What a tile shows, in words: made from its reading. */
export interface Face {
  /** Null: there is nothing to count yet, and `empty` says why. */
  readonly figure: string | null;
  readonly unit?: string;
  readonly empty?: string;
  readonly clock: ClockState;
  readonly chart: Chart | null;
  /** The line below: what the figure counts, short. */
  readonly foot: string;
  /** The same for the wall, in a few words. */
  readonly wallFoot: string;
  /** A running time in the foot: ms it has run, and the ms it should stay under. */
  readonly oldest?: { readonly ms: number; readonly target: number };
  /** The foot is the target, told with a clock's sign. */
  readonly targetInFoot?: boolean;
  /** Counts by presence in the foot, as a legend of the chart. */
  readonly legend?: readonly { readonly kind: Presence; readonly value: number }[];
}

export interface FaceProps {
  readonly tile: Tile;
  readonly face: Face | null;
  /** Ms since the figures were last known to be right. */
  readonly age: number;
  readonly stale: boolean;
  readonly wall: boolean;
}

/** A tile of the board. Adding one touches no other: a file here and a line in `register.ts`. */
export interface Tile {
  /** Remembered in saved layouts: never change it. */
  readonly id: string;
  title(): string;
  /** A shorter name for the wall, where `title` is too long for a tile. */
  wallTitle?(): string;
  /** One sentence that says exactly what is counted. */
  definition(): string;
  /** What a press on it opens beside the board. */
  readonly opens?: 'report';
  /** Not on a fresh board: it waits under Arrange. */
  readonly spare?: boolean;
  /** Pure. @param now hub time, ms */
  read(view: View, now: number): Face;
  readonly component: Component<FaceProps>;
}

/**
 * Makes a tile from a reading in numbers and the words for it, so that the numbers can be tested by themselves.
 * @param spec `read` counts, `face` says it
 */
export function tile<R>(spec: {
  readonly id: string;
  readonly title: () => string;
  readonly wallTitle?: () => string;
  readonly definition: () => string;
  readonly opens?: 'report';
  readonly spare?: boolean;
  readonly read: (view: View, now: number) => R;
  readonly face: (reading: R) => Face;
  readonly component: Component<FaceProps>;
}): Tile {
  return {
    id: spec.id,
    title: spec.title,
    ...(spec.wallTitle === undefined ? {} : { wallTitle: spec.wallTitle }),
    definition: spec.definition,
    ...(spec.opens === undefined ? {} : { opens: spec.opens }),
    ...(spec.spare === undefined ? {} : { spare: spec.spare }),
    read: (view, now) => spec.face(spec.read(view, now)),
    component: spec.component,
  };
}
