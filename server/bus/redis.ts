import { createClient } from 'redis';
import type { Log } from '../log.ts';
import type { Bus } from './bus.ts';

/** More commands than this never wait for Redis; further ones are dropped, for the log has everything. */
const mostWaiting = 10_000;
/** How often the hub sends itself a beat over Redis, and how long it believes in the last one. */
const beatMs = 500;
const believedMs = 1500;
/** A subscription that was refused, for instance because the connection was lost meanwhile, is tried again after this. */
const subscribeAgainMs = 250;

/**
 * Redis pub/sub. It starts whether or not Redis answers, and goes on while Redis is away: `fast` tells. While it is not fast
 * nothing is handed to Redis, so that neither memory grows nor somebody's typing appears when it has long ended. Messages
 * carry the sender's name, because a hub hears itself.
 * @param prefix keeps several installations on one Redis apart
 */
export async function redisBus(options: { url: string; hubId: string; prefix: string; log: Log }): Promise<Bus> {
  const { url, hubId, prefix, log } = options;
  const socket = {
    connectTimeout: 2000,
    reconnectStrategy: (tries: number) => Math.min(50 * 2 ** tries, 1000) + Math.random() * 100,
  };
  const publisher = createClient({
    url,
    socket,
    disableOfflineQueue: true,
    commandsQueueMaxLength: mostWaiting,
    pingInterval: 1000,
  });
  const subscriber = createClient({ url, socket, pingInterval: 1000 });
  let heardAt = Number.NEGATIVE_INFINITY;
  let closed = false;
  for (const [client, name] of [
    [publisher, 'publisher'],
    [subscriber, 'subscriber'],
  ] as const)
    client.on('error', (error: Error) => {
      if (!closed) log.warn({ client: name, error: error.message }, 'Redis is out of reach');
    });
  // A frozen Redis keeps its connection; only hearing one's own beat proves that messages flow.
  const beat = `${prefix}:beat:${hubId}`;
  void subscriber.connect().catch(() => {});
  void publisher.connect().catch(() => {});
  const hear = (channel: string, tell: (message: string) => void): void => {
    subscriber.subscribe(channel, tell).catch((error: Error) => {
      if (closed) return;
      log.warn({ error: error.message }, 'Redis did not take a subscription');
      setTimeout(() => hear(channel, tell), subscribeAgainMs).unref();
    });
  };
  hear(beat, () => {
    heardAt = performance.now();
  });
  const fast = (): boolean => performance.now() - heardAt < believedMs;
  const timer = setInterval(() => send(beat, ''), beatMs);
  const send = (channel: string, message: string): void => {
    if (publisher.isReady) void publisher.publish(channel, message).catch(() => {});
  };
  return {
    publish: (channel, message) => {
      if (fast()) send(`${prefix}:${channel}`, `${hubId} ${message}`);
    },
    subscribe: (channel, tell) =>
      hear(`${prefix}:${channel}`, (message) => {
        const space = message.indexOf(' ');
        if (message.slice(0, space) !== hubId) tell(message.slice(space + 1));
      }),
    get fast() {
      return fast();
    },
    close: async () => {
      closed = true;
      clearInterval(timer);
      publisher.destroy();
      subscriber.destroy();
    },
  };
}
