/** The box that small charts are drawn in; they stretch to the room they get, and strokes do not. */
export const box = { width: 120, height: 36, pad: 4 } as const;

export interface Range {
  readonly min: number;
  readonly max: number;
}

/**
 * The range a small chart shows: all values and the target, never of no height, and from zero where that costs less than half
 * of the drawing (a count of 9 to 14 should not look like a cliff).
 */
export function rangeOf(values: readonly number[], target?: number, min?: number, max?: number): Range {
  const all = target === undefined ? values : [...values, target];
  const low = min ?? Math.min(...all, Number.POSITIVE_INFINITY);
  const high = max ?? Math.max(...all, Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(low) || !Number.isFinite(high)) return { min: 0, max: 1 };
  const from = min === undefined && low > 0 && low < high * 0.5 ? 0 : low;
  return from < high ? { min: from, max: high } : { min: from - 1, max: high + 1 };
}

const short = (value: number): string => String(Math.round(value * 10) / 10);

/** Height of a value in the box. */
export function y(value: number, range: Range): number {
  const share = (value - range.min) / (range.max - range.min);
  return box.height - box.pad - Math.min(1, Math.max(0, share)) * (box.height - 2 * box.pad);
}

/** Places of equally spaced values; the last one leaves room for its dot. */
export function places(values: readonly number[], range: Range): { readonly x: number; readonly y: number }[] {
  const step = values.length > 1 ? (box.width - 3) / (values.length - 1) : 0;
  return values.map((value, index) => ({ x: index * step, y: y(value, range) }));
}

/** Path of a line through places. */
export function linePath(points: readonly { readonly x: number; readonly y: number }[]): string {
  return points.map((point, index) => `${index === 0 ? 'M' : 'L'}${short(point.x)} ${short(point.y)}`).join('');
}

/** The same, closed down to the ground. */
export function areaPath(points: readonly { readonly x: number; readonly y: number }[]): string {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return '';
  return `${linePath(points)}L${short(last.x)} ${box.height}L${short(first.x)} ${box.height}Z`;
}

/** Dots of a strip plot: each value at its place, stacked over five rows so that near ones do not cover each other. */
export function dotsPath(values: readonly number[], range: Range): string {
  const rows = [18, 10, 26, 14, 22];
  const sorted = [...values].sort((a, b) => a - b);
  return sorted
    .map((value, index) => {
      const share = (value - range.min) / (range.max - range.min);
      return `M${short(4 + share * (box.width - 8))} ${rows[index % rows.length] ?? 18}h0`;
    })
    .join('');
}
