/**
 * Waits until `check` gives something other than false, null or undefined, asking every few milliseconds, and returns it.
 * @param what names the awaited thing in the error
 * @param limitMs real time after which it throws
 * @param everyMs real time between two looks
 */
export async function until<T>(
  what: string,
  check: () => T | Promise<T>,
  limitMs = 10_000,
  everyMs = 10,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const found = await check();
    if (found !== false && found !== null && found !== undefined) {
      return found as Exclude<T, false | null | undefined>;
    }
    if (performance.now() > deadline) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
