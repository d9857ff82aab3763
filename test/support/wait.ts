/** One look counts for no more than this, ms: what lies beyond is a machine that stood still, and not the awaited thing's. */
const mostPerLook = 2000;

/**
 * Waits until `check` gives something other than false, null or undefined, asking every few milliseconds, and returns it.
 * @param what names the awaited thing in the error
 * @param limitMs real time after which it throws; long, because nobody waits for it where the thing comes
 * @param everyMs real time between two looks
 */
export async function until<T>(
  what: string,
  check: () => T | Promise<T>,
  limitMs = 30_000,
  everyMs = 10,
): Promise<Exclude<T, false | null | undefined>> {
  let left = limitMs;
  let looked = performance.now();
  for (;;) {
    const found = await check();
    if (found !== false && found !== null && found !== undefined) {
      return found as Exclude<T, false | null | undefined>;
    }
    const now = performance.now();
    left -= Math.min(now - looked, mostPerLook);
    looked = now;
    if (left < 0) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
