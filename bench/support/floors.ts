import pg from 'pg';
import { createClient } from 'redis';
import { WebSocket } from 'ws';
import { newId } from '../../shared/contract/uuid.ts';
import { closedLoop, pause, type Times } from './measure.ts';
import type { Stage } from './stage.ts';

const body = 'x'.repeat(200);

/** What this machine can do at best, measured in the same run: rows are ratios to these. */
export class Floors {
  readonly #stage: Stage;
  readonly #writers: pg.Client[] = [];
  #redis: { hop(): Promise<boolean>; close(): void } | null = null;
  #echo: { round(): Promise<boolean>; close(): void } | null = null;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Durable one-row INSERTs, each writer waiting for its own. */
  async insert(writers: number, ms: number): Promise<{ readonly times: Times; readonly perSecond: number }> {
    while (this.#writers.length < writers) {
      const client = new pg.Client(this.#stage.connection);
      client.on('error', () => {});
      await client.connect();
      this.#writers.push(client);
    }
    return closedLoop(writers, ms, async (writer) => {
      await this.#writers[writer]?.query({
        name: 'floor',
        text: 'insert into bench_floor (id, at, body) values ($1, $2, $3)',
        values: [newId(Date.now()), new Date(), body],
      });
      return true;
    });
  }

  /** PUBLISH until the subscriber has it. */
  async redis(ms: number): Promise<Times> {
    this.#redis ??= await redisHop(this.#stage.redisUrl);
    const { hop } = this.#redis;
    return (await closedLoop(1, ms, hop)).times;
  }

  /** 200 bytes to a bare `ws` server in another process, and back. */
  async echo(ms: number): Promise<Times> {
    this.#echo ??= await echoRound(this.#stage.raw.url);
    const { round } = this.#echo;
    return (await closedLoop(1, ms, round)).times;
  }

  async close(): Promise<void> {
    this.#redis?.close();
    this.#echo?.close();
    await Promise.all(this.#writers.map((client) => client.end()));
  }
}

async function redisHop(url: string): Promise<{ hop(): Promise<boolean>; close(): void }> {
  const publisher = createClient({ url });
  const subscriber = createClient({ url });
  for (const client of [publisher, subscriber]) {
    client.on('error', () => {});
    await client.connect();
  }
  let came = (): void => {};
  await subscriber.subscribe('bench:hop', () => came());
  return {
    hop: () =>
      new Promise((done) => {
        came = () => done(true);
        void publisher.publish('bench:hop', body);
      }),
    close: () => {
      publisher.destroy();
      subscriber.destroy();
    },
  };
}

async function echoRound(url: string): Promise<{ round(): Promise<boolean>; close(): void }> {
  const socket = new WebSocket(url.replace('http', 'ws'), { perMessageDeflate: false });
  await new Promise((open, failed) => socket.once('open', open).once('error', failed));
  await pause(0);
  return {
    round: () =>
      new Promise((done) => {
        socket.once('message', () => done(true));
        socket.send(body);
      }),
    close: () => socket.terminate(),
  };
}
