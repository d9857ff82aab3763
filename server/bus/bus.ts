/**
 * Between hubs. What travels here is a hint and may be lost: the log in PostgreSQL is the record, and every hub compares its
 * position with it once a second.
 */
export interface Bus {
  /** Sends to every other hub. Never throws and never waits for the network. */
  publish(channel: string, message: string): void;
  /** Hears what other hubs send. */
  subscribe(channel: string, hear: (message: string) => void): void;
  /** Whether messages reach other hubs now; false: they learn from the log, about a second later. */
  readonly fast: boolean;
  close(): Promise<void>;
}

/** One hub alone: there is nobody to tell. */
export function localBus(): Bus {
  return { publish: () => {}, subscribe: () => {}, fast: true, close: async () => {} };
}
