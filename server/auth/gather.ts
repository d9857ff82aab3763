/** How long the next query waits for company, ms: so much for each that the last one was asked for, up to so much. */
const eachMs = 5;
const mostMs = 50;

/**
 * Turns many single look-ups into few: what is asked for while one query is under way is asked for by the next, all of it at
 * once. Thousands of screens that come back in one second cost tens of queries (F13), and a screen that comes alone waits for
 * nobody. An answer was always read after it was asked for, so that nobody gets rights of before.
 * @param find answers a number of keys; what it leaves out is null
 */
export function gather<K, V>(find: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>): (key: K) => Promise<V | null> {
  let waiting = new Map<K, { readonly give: (found: V | null) => void; readonly fail: (error: unknown) => void }[]>();
  let running = false;

  const run = async (): Promise<void> => {
    running = true;
    // Whatever is asked for in this turn goes along.
    await Promise.resolve();
    while (waiting.size > 0) {
      const batch = waiting;
      waiting = new Map();
      try {
        const found = await find([...batch.keys()]);
        for (const [key, askers] of batch) for (const { give } of askers) give(found.get(key) ?? null);
      } catch (error) {
        for (const askers of batch.values()) for (const { fail } of askers) fail(error);
      }
      if (batch.size > 1) await new Promise((resume) => setTimeout(resume, Math.min(batch.size * eachMs, mostMs)));
    }
    running = false;
  };

  return (key) =>
    new Promise((give, fail) => {
      const askers = waiting.get(key);
      if (askers === undefined) waiting.set(key, [{ give, fail }]);
      else askers.push({ give, fail });
      if (!running) void run();
    });
}
