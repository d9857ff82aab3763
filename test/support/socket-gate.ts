import type { Page, WebSocketRoute } from 'playwright-core';

/**
 * Stands between a page's sockets and the hub: keeps frames back as a slow or dead network does, and cuts the connection.
 * What comes from the page always passes while it is open.
 */
export class SocketGate {
  /** True keeps a frame of the hub back until `release`. */
  #holds: ((frame: string) => boolean) | null = null;
  #held: (() => void)[] = [];
  #open = true;
  readonly #sockets = new Set<WebSocketRoute>();

  /** Before the page is opened. */
  async attach(page: Page): Promise<void> {
    await page.routeWebSocket(/socket\.io/, (socket) => {
      if (!this.#open) {
        void socket.close({ code: 4000 });
        return;
      }
      const hub = socket.connectToServer();
      this.#sockets.add(socket);
      socket.onMessage((frame) => {
        if (this.#open) hub.send(frame);
      });
      hub.onMessage((frame) => {
        const deliver = (): void => {
          if (this.#sockets.has(socket)) socket.send(frame);
        };
        if (this.#holds?.(String(frame))) this.#held.push(deliver);
        else deliver();
      });
      socket.onClose(() => {
        this.#sockets.delete(socket);
        void hub.close();
      });
      hub.onClose(() => {
        this.#sockets.delete(socket);
        void socket.close({ code: 4001 });
      });
    });
  }

  /** Keeps back what `which` chooses; without it everything, as a network does that has died in silence. */
  hold(which: (frame: string) => boolean = () => true): void {
    this.#holds = which;
  }

  /** Delivers what was kept back, in its order, and holds nothing any more. */
  release(): void {
    this.#holds = null;
    for (const deliver of this.#held.splice(0)) deliver();
  }

  /** Cuts every connection and lets none through until `mend`. */
  async cut(): Promise<void> {
    this.#open = false;
    for (const socket of this.#sockets) await socket.close({ code: 4002 });
    this.#sockets.clear();
  }

  mend(): void {
    this.#open = true;
  }
}
