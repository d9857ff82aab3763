import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type pg from 'pg';
import { Webhook } from 'standardwebhooks';
import type { CustomerConversation } from '../../shared/contract/customer.ts';
import type { ConnectionId, CustomerId, OrganisationId, QueueId } from '../../shared/contract/id.ts';
import { newId } from '../../shared/contract/uuid.ts';
import { customerAt } from '../connection/connection.ts';
import type { Log } from '../log.ts';
import type { CustomerAct, Link, Said } from './customer-link.ts';
import { openOwnSession, readDemoConnection } from './queries.ts';

export interface OtherSideOptions {
  readonly url: string;
  readonly db: pg.Pool;
  readonly secret: Buffer;
  readonly organisationId: OrganisationId;
  readonly clock: () => number;
  readonly log: Log;
}

interface Keys {
  readonly connectionId: ConnectionId;
  readonly queueId: QueueId;
  readonly inbound: string;
}

const connectionName = 'Northlight app';
const signingSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

/**
 * The program on the other side of a messaging connection, as the demo plays it: it brings its customers' messages by signed
 * requests, and takes the replies on a server of its own, as any provider would. The connection is made by a demo admin over the API.
 */
export class OtherSide {
  readonly #options: OtherSideOptions;
  readonly #server: Server;
  readonly #links = new Map<string, MessagingLink>();
  #keys: Keys;

  private constructor(options: OtherSideOptions, server: Server, keys: Keys) {
    this.#options = options;
    this.#server = server;
    this.#keys = keys;
    server.on('request', (incoming, response) => {
      let body = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => {
        body += chunk;
      });
      incoming.on('end', () => {
        response.writeHead(204).end();
        this.#take(body);
      });
    });
  }

  /** @returns null where nobody may arrange channels, or there is no queue */
  static async open(options: OtherSideOptions): Promise<OtherSide | null> {
    const found = await readDemoConnection(options.db, options.organisationId, connectionName);
    if (found.adminId === null || found.queueId === null) return null;
    const { organisationId } = options;
    const who = { organisationId, personId: found.adminId };
    const token = await openOwnSession(options.db, options.secret, who, options.clock());
    const server = createServer();
    await new Promise<void>((done, failed) => server.once('error', failed).listen(0, '127.0.0.1', done));
    try {
      const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}/replies`;
      const keys = await connect(options, token, target, { ...found, queueId: found.queueId });
      return new OtherSide(options, server, keys);
    } catch (error) {
      server.close();
      throw error;
    }
  }

  get queueId(): QueueId {
    return this.#keys.queueId;
  }

  /** The id under which the hub knows a customer. */
  customerId(address: string): CustomerId {
    return customerAt(this.#options.secret, this.#keys.connectionId, address);
  }

  /** A customer of this channel. @param look the conversation, as far as it is known */
  link(address: string, said: Said, look: () => CustomerConversation | null): MessagingLink {
    const link = new MessagingLink(this, address, said, look, this.#options.clock);
    this.#links.set(address, link);
    return link;
  }

  forget(address: string): void {
    this.#links.delete(address);
  }

  /** Sends one signed request to the hub; whether it was taken. */
  async post(id: string, type: string, data: object): Promise<boolean> {
    const { url, clock, log } = this.#options;
    const now = clock();
    const body = JSON.stringify({ type, timestamp: new Date(now).toISOString(), data });
    const seconds = Math.floor(now / 1000);
    try {
      const response = await fetch(`${url}/channel/${this.#keys.connectionId}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': String(seconds),
          'webhook-signature': new Webhook(this.#keys.inbound).sign(id, new Date(seconds * 1000), body),
        },
        body,
      });
      await response.arrayBuffer();
      if (!response.ok) log.info({ type, status: response.status }, 'a simulated message was refused');
      return response.ok;
    } catch {
      // The hub is away; what is still wanted is tried again.
      return false;
    }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  #take(body: string): void {
    const given = JSON.parse(body) as { type: string; data: { id: string; to: string } };
    if (given.type === 'message.sent') this.#links.get(given.data.to)?.hear(given.data.id);
  }
}

/** Makes the connection, or gives the one that is there its new target: the server has another port at each start. */
async function connect(
  options: OtherSideOptions,
  token: string,
  target: string,
  found: Awaited<ReturnType<typeof readDemoConnection>> & { readonly queueId: QueueId },
): Promise<Keys> {
  const command = async (name: string, input: object): Promise<{ connectionId?: ConnectionId } | null> => {
    const response = await fetch(`${options.url}/api/command/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ id: newId(options.clock()), input }),
    });
    const answer = (await response.json()) as {
      ok: boolean;
      value?: { connectionId?: ConnectionId } | null;
      refusal?: { code: string };
    };
    if (!answer.ok) throw new Error(`the demo's ${name} was refused: ${answer.refusal?.code}`);
    return answer.value ?? null;
  };
  const { queueId, connection } = found;
  if (connection !== null) {
    const { id: connectionId, inbound, active } = connection;
    await command('connection:set-target', { connectionId, target, sender: null });
    if (!active) await command('connection:activate', { connectionId });
    return { connectionId, queueId: connection.queueId, inbound };
  }
  const inbound = signingSecret();
  const made = await command('connection:create', {
    name: connectionName,
    adapter: 'generic',
    queueId,
    target,
    sender: null,
    inbound,
    outbound: signingSecret(),
    verify: null,
  });
  if (made?.connectionId === undefined) throw new Error('the demo’s connection has no id');
  return { connectionId: made.connectionId, queueId, inbound };
}

/** One simulated customer of the messaging channel, without a picture. Nobody sees them type, and they leave by falling silent. */
export class MessagingLink implements Link {
  readonly ready = true;
  readonly #side: OtherSide;
  readonly #address: string;
  readonly #look: () => CustomerConversation | null;
  readonly #clock: () => number;
  readonly #unread: string[] = [];
  #said: Said;

  constructor(
    side: OtherSide,
    address: string,
    said: Said,
    look: () => CustomerConversation | null,
    clock: () => number,
  ) {
    this.#side = side;
    this.#address = address;
    this.#said = said;
    this.#look = look;
    this.#clock = clock;
  }

  get conversation(): CustomerConversation | null {
    return this.#look();
  }

  get said(): Said {
    return this.#said;
  }

  async send(act: CustomerAct): Promise<boolean> {
    if (act.kind === 'close') return true;
    // Whoever answers has read.
    for (const line of this.#unread.splice(0)) await this.#side.post(`read ${line}`, 'message.read', { id: line });
    const { customer } = this.#said;
    const id = `${this.#address} ${customer}`;
    const name = act.kind === 'start' ? { name: act.name } : {};
    const taken = await this.#side.post(id, 'message.received', { from: this.#address, ...name, text: act.text });
    if (taken) this.#said = { customer: customer + 1, last: { id, from: 'customer', at: this.#clock() } };
    return taken;
  }

  hear(line: string): void {
    this.#unread.push(line);
    this.#said = { ...this.#said, last: { id: line, from: 'staff', at: this.#clock() } };
  }

  typing(): void {}

  close(): void {
    this.#side.forget(this.#address);
  }
}
