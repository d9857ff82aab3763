import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { AutoFallback } from '../shared/contract/wire.ts';
import type { Hub } from './hub/hub.ts';

/** What /metrics tells; names end in their unit, as Prometheus asks. */
export function metrics(parts: {
  hub: Hub;
  sockets: () => { staff: number; customer: number };
  fast: () => boolean;
  ready: () => boolean;
  fallback: () => AutoFallback | null;
}): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const { hub, sockets, fast, ready, fallback } = parts;
  const counted = (name: string, help: string, read: () => number): void => {
    let told = 0;
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        const now = read();
        this.inc(now - told);
        told = now;
      },
    });
  };
  counted('halyard_commands_total', 'Commands that entered a line', () => hub.counts.commands);
  counted('halyard_refusals_total', 'Commands that were refused at their position', () => hub.counts.refusals);
  counted('halyard_batches_total', 'Transactions committed', () => hub.counts.batches);
  counted('halyard_events_total', 'Events written by this hub', () => hub.counts.events);
  const measured = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  measured('halyard_staff_sockets', 'Staff sockets connected to this hub', () => sockets().staff);
  measured('halyard_customer_sockets', 'Customer sockets connected to this hub', () => sockets().customer);
  measured('halyard_bus_fast', '1 while messages between hubs flow', () => (fast() ? 1 : 0));
  measured('halyard_ready', '1 while this hub serves', () => (ready() ? 1 : 0));
  measured('halyard_fallback', '1 while automatic fallback mode stands on this hub', () =>
    fallback() === null ? 0 : 1,
  );
  measured('halyard_database_read_only', '1 while the database takes no writes', () =>
    fallback()?.why === 'read_only' ? 1 : 0,
  );
  measured(
    'halyard_feed_behind_seconds',
    'How late the latest feed of this hub hears the log',
    () => hub.lateMs / 1000,
  );
  measured(
    'halyard_database_silence_seconds',
    'Since the database last answered the position poll',
    () => hub.silence / 1000,
  );
  return registry;
}
