import { randomBytes } from 'node:crypto';
import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sign } from '../../server/channel/generic.ts';
import type { Event } from '../../shared/contract/event.ts';
import type { ConnectionId, ConversationId } from '../../shared/contract/id.ts';
import { newId } from '../../shared/contract/uuid.ts';
import { addExactness, closedLoop, Ledger, median, percentile, type Times, until } from '../support/measure.ts';
import { newMessage } from '../support/raisers.ts';
import { type Bench, type Figure, figureOf, ms, type Row, roundsOf } from '../support/row.ts';
import { firstTeam, type Organisation, seedOrganisation } from '../support/seed.ts';
import { StaffSocket } from '../support/staff-socket.ts';
import type { Hub } from '../support/stage.ts';

/**
 * M1 and M2: a customer's line from the signed request until its event is on the agent's socket, and an agent's line from the
 * command until the target has the signed webhook; one waiting. The floor is a bare request of the same size to a bare server in
 * another process, and back.
 */
export const messagingRow: Row = {
  ids: ['M1', 'M2'],
  measure: async (bench) => {
    const { stage } = bench;
    const organisation = await seedOrganisation(stage.db.system, { teams: 1, agentsPerTeam: 4 });
    const hub = await stage.hub();
    const target = await Target.open();
    const talk = new Talk(bench, hub, organisation, target);
    try {
      await talk.begin();
      return await rounds(bench, talk);
    } finally {
      talk.close();
      await target.close();
      await stage.stopHub(hub);
    }
  },
};

/** The other side: writes down when each text came. */
class Target {
  readonly at = new Map<string, number>();
  readonly ledger = new Ledger();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((incoming, response) => {
      let body = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => {
        body += chunk;
      });
      incoming.on('end', () => {
        const now = performance.now();
        const { text } = (JSON.parse(body) as { data: { text: string } }).data;
        this.at.set(text, now);
        this.ledger.came(text, 0);
        response.writeHead(204).end();
      });
    });
  }

  static async open(): Promise<Target> {
    const target = new Target();
    await new Promise<void>((done) => target.#server.listen(0, '127.0.0.1', done));
    return target;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}

const agent = new Agent({ keepAlive: true });

/** One request over a kept connection; the status. */
function send(url: string, headers: Record<string, string>, body: string): Promise<number> {
  return new Promise((done, failed) => {
    const asked = request(url, {
      method: 'POST',
      agent,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    });
    asked.on('error', failed);
    asked.on('response', (response) => {
      response.resume();
      response.on('end', () => done(response.statusCode ?? 0));
    });
    asked.end(body);
  });
}

/** A connection, a customer, and an agent who serves them. */
class Talk {
  readonly at = new Map<string, number>();
  readonly ledger = new Ledger();
  readonly target: Target;
  readonly #bench: Bench;
  readonly #hub: Hub;
  readonly #organisation: Organisation;
  readonly #connectionId: ConnectionId = newId(Date.now());
  readonly #secret = `whsec_${randomBytes(32).toString('base64')}`;
  #socket: StaffSocket | null = null;
  #conversationId: ConversationId | null = null;

  constructor(bench: Bench, hub: Hub, organisation: Organisation, target: Target) {
    this.#bench = bench;
    this.#hub = hub;
    this.#organisation = organisation;
    this.target = target;
  }

  async begin(): Promise<void> {
    const { id, teams } = this.#organisation;
    const team = firstTeam(this.#organisation);
    const { system } = this.#bench.stage.db;
    await system.query(
      `insert into connection (id, organisation_id, name, adapter, queue_id, active, target) values ($1, $2, 'Bench', 'generic', $3, true, $4)`,
      [this.#connectionId, id, team.queueId, this.target.url],
    );
    await system.query(
      'insert into connection_secret (connection_id, organisation_id, inbound, outbound) values ($1, $2, $3, $3)',
      [this.#connectionId, id, this.#secret],
    );
    const [somebody] = teams[0]?.agents ?? [];
    if (somebody === undefined) throw new Error('there is no agent');
    const heard = (event: Event): void => {
      if (event.type === 'conversation:started') this.#conversationId = event.conversationId;
      if (event.type !== 'message:sent' || event.author !== 'customer') return;
      this.at.set(event.text, performance.now());
      this.ledger.came(event.text, event.position);
    };
    const { token } = somebody;
    this.#socket = await StaffSocket.connect({
      url: this.#hub.url,
      token,
      organisationId: id,
      screen: 'console',
      heard,
    });
    await this.receive();
    await until('the conversation', () => this.#conversationId !== null);
    await this.#socket.send('conversation:take', { conversationId: this.#conversationId });
  }

  /** A customer's line until the agent's socket has it. */
  async receive(): Promise<string> {
    const text = newMessage();
    const body = JSON.stringify({
      type: 'message.received',
      timestamp: new Date().toISOString(),
      data: { from: 'bench', name: 'Rosa Iglesias', text },
    });
    const headers = { 'content-type': 'application/json', ...sign(this.#secret, `msg_${text}`, Date.now(), body) };
    const status = await send(`${this.#hub.url}/channel/${this.#connectionId}`, headers, body);
    if (status !== 200) throw new Error(`the hub answered ${status}`);
    await arrival(this.at, text);
    return text;
  }

  /** An agent's line until the target has it. */
  async say(): Promise<string> {
    const text = newMessage();
    const answer = await this.#socket?.send('message:send', { conversationId: this.#conversationId, text });
    if (answer?.ok !== true) throw new Error(`a line was refused: ${JSON.stringify(answer)}`);
    await arrival(this.target.at, text);
    return text;
  }

  /** A request as large as a customer's line, there and back. */
  async echo(): Promise<boolean> {
    const headers = { 'content-type': 'application/json' };
    await send(this.#bench.stage.raw.url, headers, 'x'.repeat(220));
    return true;
  }

  close(): void {
    this.#socket?.close();
  }
}

async function arrival(at: ReadonlyMap<string, number>, text: string): Promise<void> {
  const deadline = performance.now() + 3000;
  while (!at.has(text) && performance.now() < deadline) await new Promise((resume) => setImmediate(resume));
}

interface Ran {
  readonly floor: Times;
  readonly received: Times;
  readonly said: Times;
}

async function rounds(bench: Bench, talk: Talk): Promise<Figure[]> {
  const roundMs = bench.quick ? 700 : 1500;
  const sent = { received: [] as string[], said: [] as string[] };
  const timed = async (into: string[], run: () => Promise<string>): Promise<Times> => {
    const { times } = await closedLoop(1, roundMs, async () => {
      into.push(await run());
      return true;
    });
    return times;
  };
  // The first of everything prepares statements and warms up; it is not counted.
  for (let more = 0; more < 20; more += 1) {
    await talk.echo();
    await talk.receive();
    await talk.say();
  }
  const ran: Ran[] = [];
  for (const _ of roundsOf(bench, 'messages', 60_000))
    ran.push({
      floor: (await closedLoop(1, roundMs / 2, () => talk.echo())).times,
      received: await timed(sent.received, () => talk.receive()),
      said: await timed(sent.said, () => talk.say()),
    });
  const p = (times: Times, share: number): number => percentile(times, share);
  const figure = (id: 'M1' | 'M2', what: string, of: (one: Ran) => Times, exactness: Figure['exactness']): Figure =>
    figureOf({
      id,
      what,
      unit: 'x',
      goal: null,
      rounds: ran.map((one) => p(of(one), 0.5) / p(one.floor, 0.5)),
      behind: `p50 ${ms(median(ran.map((one) => p(of(one), 0.5))))}, p99 ${ms(median(ran.map((one) => p(of(one), 0.99))))}; HTTP echo p50 ${ms(median(ran.map((one) => p(one.floor, 0.5))))}, p99 ${ms(median(ran.map((one) => p(one.floor, 0.99))))}`,
      exactness,
    });
  return [
    figure(
      'M1',
      "signed message in until its event is on the agent's socket, 1 waiting: p50 over a bare HTTP echo's",
      (one) => one.received,
      addExactness([talk.ledger.exactness(sent.received)]),
    ),
    figure(
      'M2',
      "agent's line until the target has the signed webhook, 1 waiting: p50 over a bare HTTP echo's",
      (one) => one.said,
      addExactness([talk.target.ledger.exactness(sent.said)]),
    ),
  ];
}
