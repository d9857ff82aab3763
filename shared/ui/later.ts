/** After the frame that shows what has just changed; at once in a page that nobody sees, which draws no frames. */
export function afterPaint(): Promise<void> {
  return new Promise((go) => {
    if (document.hidden) go();
    else requestAnimationFrame(() => setTimeout(go));
  });
}

/** In the next frame, before it is painted; at once in a page that nobody sees, which draws no frames. */
export function beforePaint(run: () => void): void {
  if (document.hidden) run();
  else requestAnimationFrame(run);
}

/** Loads once; a failed load is tried again the next time, because the network may be back. */
export function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | null = null;
  return () => {
    loaded ??= load().catch((error: unknown) => {
      loaded = null;
      throw error;
    });
    return loaded;
  };
}

/**
 * Runs loads one after another while nothing else happens, so that what is asked for opens in the frame it is asked for. One that
 * fails is left for when it is asked for.
 * @returns stops what has not begun
 */
export function inIdleTime(loads: readonly (() => Promise<unknown>)[]): () => void {
  let stopped = false;
  const idle = (run: () => void): void => {
    // Safari has no idle callback.
    if (typeof requestIdleCallback === 'function') requestIdleCallback(run, { timeout: 2000 });
    else setTimeout(run, 500);
  };
  const left = [...loads];
  const next = (): void => {
    const load = left.shift();
    if (load === undefined || stopped) return;
    load()
      .catch(() => undefined)
      .finally(() => idle(next));
  };
  idle(next);
  return () => {
    stopped = true;
  };
}
