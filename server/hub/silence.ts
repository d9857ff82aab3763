/** A socket that has not said hello is closed after this, ms. */
export const helloMs = 5000;

/**
 * Closes a socket that says nothing.
 * @returns to be called once it has spoken or gone. It lets the timer go: one that is over takes as much memory as one that runs.
 */
export function closeIfSilent(socket: { disconnect(close: boolean): unknown }): () => void {
  let silent: NodeJS.Timeout | null = setTimeout(() => socket.disconnect(true), helloMs);
  return () => {
    if (silent !== null) clearTimeout(silent);
    silent = null;
  };
}
