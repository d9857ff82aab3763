import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sign } from '../../server/channel/generic.ts';
import type { AdapterKind } from '../../shared/contract/connection.ts';
import type { ConnectionId, QueueId } from '../../shared/contract/id.ts';
import type { Floor } from './floor.ts';
import { type Reply, request } from './http.ts';
import type { StaffClient } from './staff-client.ts';

export const signingSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

export interface Got {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The body as JSON. */
  readonly json: Record<string, unknown> & { readonly data?: Record<string, unknown> };
}

interface SinkAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The other side of a connection: a real HTTP server on this machine that writes down what it gets. */
export class Sink {
  readonly got: Got[] = [];
  /** What it answers; null leaves the asker waiting. */
  answer: (got: Got, count: number) => SinkAnswer | null = () => ({ status: 204 });
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        const got: Got = {
          path: incoming.url ?? '',
          headers: incoming.headers,
          body,
          json: body === '' ? {} : (JSON.parse(body) as Got['json']),
        };
        this.got.push(got);
        const answer = this.answer(got, this.got.length);
        if (answer !== null) outgoing.writeHead(answer.status, answer.headers).end(answer.body);
      });
    });
  }

  static async open(): Promise<Sink> {
    const sink = new Sink();
    await new Promise<void>((done) => sink.#server.listen(0, '127.0.0.1', done));
    return sink;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The texts that came, in the order in which they came. */
  get texts(): string[] {
    return this.got.map(({ json }) => String(json.data?.text ?? (json.text as { body?: string } | undefined)?.body));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}

export interface Connected {
  readonly connectionId: ConnectionId;
  readonly adapter: AdapterKind;
  readonly inbound: string;
  readonly outbound: string;
  readonly verify: string | null;
}

/** A connection with secrets of its own. @param by the screen of somebody who may arrange channels */
export async function connected(
  by: StaffClient,
  queueId: QueueId,
  target: string,
  adapter: AdapterKind = 'generic',
): Promise<Connected> {
  const secrets =
    adapter === 'generic'
      ? { inbound: signingSecret(), outbound: signingSecret(), verify: null }
      : { inbound: randomUUID(), outbound: `EAA${randomUUID()}`, verify: `verify-${randomUUID()}` };
  const sender = adapter === 'generic' ? null : '106540352242922';
  const name = `${adapter} ${randomUUID().slice(0, 8)}`;
  const made = await by.does('connection:create', { name, adapter, queueId, target, sender, ...secrets });
  return { connectionId: made.connectionId as ConnectionId, adapter, ...secrets };
}

export const received = (from: string, text: string, now: number, name = 'Rosa Iglesias'): object => ({
  type: 'message.received',
  timestamp: new Date(now).toISOString(),
  data: { from, name, text },
});

/** A signed request of the generic adapter. @param options.id the webhook-id, a new one by default */
export function post(
  floor: Pick<Floor, 'url' | 'now'>,
  to: Connected,
  body: object,
  options: { readonly id?: string; readonly at?: number; readonly headers?: Record<string, string> } = {},
): Promise<Reply> {
  const text = JSON.stringify(body);
  const headers = {
    ...sign(to.inbound, options.id ?? `msg_${randomUUID()}`, options.at ?? floor.now, text),
    ...options.headers,
  };
  return request(floor.url, 'POST', `/channel/${to.connectionId}`, { body: text, headers });
}

/** A customer writes through the generic adapter. */
export const writes = (floor: Floor, to: Connected, from: string, text: string, id?: string): Promise<Reply> =>
  post(floor, to, received(from, text, floor.now), id === undefined ? {} : { id });

/** A signed request as the WhatsApp Cloud API makes it. */
export function postWhatsapp(floor: Pick<Floor, 'url'>, to: Connected, body: object | string): Promise<Reply> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const signature = `sha256=${createHmac('sha256', to.inbound).update(text).digest('hex')}`;
  return request(floor.url, 'POST', `/channel/${to.connectionId}`, {
    body: text,
    headers: { 'x-hub-signature-256': signature },
  });
}
