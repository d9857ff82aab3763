/** Every so often the whole picture moves a little, so that no edge burns into the screen. */
const everyMs = 3 * 60_000;
const mostPx = 8;

/** Corners and middles of a small square, in an order in which no step is far. */
const ring = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
  [-1, -1],
  [0, -1],
  [1, -1],
] as const;

/** Where the picture stands at an instant: px to the side and down, each at most 8. */
export function shiftAt(now: number): { readonly x: number; readonly y: number } {
  const step = Math.floor(Math.max(0, now) / everyMs);
  const [x, y] = ring[step % ring.length] ?? ring[0];
  return { x: x * mostPx, y: y * mostPx };
}
