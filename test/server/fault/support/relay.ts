import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';

/** Where a relay sends its connections: a port of this machine, or a Unix socket. */
export type Target = { readonly port: number } | { readonly path: string };

/** A wire that a test can harm: everything that comes in on one port goes on to a target that may change. */
export interface Relay {
  readonly port: number;
  /** New connections go there from now on; those that stand stay. */
  to(target: Target): void;
  /** Nothing passes in either direction, and every connection stays open: a cut cable. */
  hold(): void;
  /** What was held goes on its way. */
  release(): void;
  /** Every piece is late by this many ms, in both directions. */
  slow(ms: number): void;
  /**
   * Once a connection has carried these bytes towards the target, nothing comes back on it: the request arrives, and its
   * answer is never heard.
   */
  muteAfter(bytes: string): void;
  /** Ends every connection, as a reset does. */
  cut(): void;
  close(): Promise<void>;
}

/** Starts a relay on a port of the system's choosing. */
export async function startRelay(first: Target): Promise<Relay> {
  let target = first;
  let held = false;
  let lateMs = 0;
  let mute: Buffer | null = null;
  const pairs = new Set<{ readonly near: Socket; readonly far: Socket }>();

  const carry = (from: Socket, onto: Socket, see: (piece: Buffer) => boolean): void => {
    from.on('data', (piece: Buffer) => {
      if (!see(piece) || onto.destroyed) return;
      const pass = (): void => void (onto.destroyed || onto.write(piece));
      if (lateMs > 0) setTimeout(pass, lateMs);
      else pass();
    });
  };

  const server = createServer((near) => {
    const far = createConnection('port' in target ? { host: '127.0.0.1', ...target } : { ...target });
    const pair = { near, far };
    pairs.add(pair);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.setNoDelay(true);
      one.on('error', () => {});
      one.once('close', () => {
        pairs.delete(pair);
        other.destroy();
      });
      if (held) one.pause();
    }
    let muted = false;
    let tail = Buffer.alloc(0);
    carry(near, far, (piece) => {
      if (mute !== null && !muted) {
        tail = Buffer.concat([tail.subarray(-mute.length), piece]);
        muted = tail.includes(mute);
      }
      return true;
    });
    carry(far, near, () => !muted);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const { near, far } of pairs) {
      near.destroy();
      far.destroy();
    }
  };
  return {
    port: (server.address() as AddressInfo).port,
    to: (next) => {
      target = next;
    },
    hold: () => {
      held = true;
      for (const { near, far } of pairs) {
        near.pause();
        far.pause();
      }
    },
    release: () => {
      held = false;
      for (const { near, far } of pairs) {
        near.resume();
        far.resume();
      }
    },
    slow: (ms) => {
      lateMs = ms;
    },
    muteAfter: (bytes) => {
      mute = Buffer.from(bytes);
    },
    cut,
    close: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
