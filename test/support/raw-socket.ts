import { once } from 'node:events';
import { WebSocket } from 'ws';
import { until } from './wait.ts';

/** A WebSocket that speaks Engine.IO by hand, so that a test can send what no client library would. */
export class RawSocket {
  readonly socket: WebSocket;
  readonly got: string[] = [];
  code: number | null = null;
  closedAt: number | null = null;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data, binary) => {
      const text = binary ? '(binary)' : String(data);
      // Engine.IO's ping wants a pong.
      if (text === '2') socket.send('3');
      else this.got.push(text);
    });
    socket.on('error', () => {});
    socket.on('close', (code) => {
      this.code = code;
      this.closedAt = performance.now();
    });
  }

  static async open(url: string): Promise<RawSocket> {
    const raw = new RawSocket(new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`));
    await once(raw.socket, 'open');
    return raw;
  }

  /** In a namespace, as a client library would be after its handshake. */
  static async in(url: string, namespace: 'staff' | 'customer', auth: object): Promise<RawSocket> {
    const raw = await RawSocket.open(url);
    raw.send(`40/${namespace},${JSON.stringify(auth)}`);
    await until('the namespace to answer', () => raw.got.some((text) => text.startsWith(`40/${namespace}`)));
    return raw;
  }

  send(packet: string | Buffer): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(packet);
  }

  get closed(): boolean {
    return this.code !== null;
  }

  close(): void {
    this.socket.terminate();
  }
}
