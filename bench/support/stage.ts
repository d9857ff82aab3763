import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type Embedded, startEmbedded } from '../../server/db/embedded.ts';
import { type Database, openDatabase } from '../../server/db/pool.ts';
import type { HubAsks } from '../process/hub.ts';
import type { RawAsks } from '../process/raw.ts';
import { Child } from './child.ts';
import { pause } from './measure.ts';

const quiet = (): void => {};
const log = {
  info: quiet,
  warn: quiet,
  error: (fields: object, message?: string) => process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
};

export interface Hub {
  readonly child: Child<HubAsks>;
  readonly url: string;
}

/** What every row stands on: a PostgreSQL of the bench's own, Redis, a raw `ws` server; hubs as a row asks for them. */
export class Stage {
  readonly embedded: Embedded;
  readonly db: Database;
  readonly redisUrl: string;
  readonly raw: { readonly child: Child<RawAsks>; readonly url: string };
  readonly #redis: ChildProcess;
  readonly #folder: string;
  readonly #hubs = new Set<Hub>();
  readonly #children: { kill(): Promise<void> }[] = [];

  private constructor(parts: {
    embedded: Embedded;
    db: Database;
    redis: ChildProcess;
    redisUrl: string;
    raw: Stage['raw'];
    folder: string;
  }) {
    this.embedded = parts.embedded;
    this.db = parts.db;
    this.redisUrl = parts.redisUrl;
    this.raw = parts.raw;
    this.#redis = parts.redis;
    this.#folder = parts.folder;
  }

  static async open(): Promise<Stage> {
    const folder = mkdtempSync(join(tmpdir(), 'halyard-bench-'));
    // The database's user has to get in when this runs as root.
    chmodSync(folder, 0o755);
    const embedded = await startEmbedded({ dataDir: folder, log });
    const db = await openDatabase({ connection: embedded.connection, log });
    const owner = await db.system.connect();
    owner.release();
    const admin = new pg.Client(embedded.connection);
    await admin.connect();
    // The floor's row is as wide as what a raise must at least keep.
    await admin.query('create table bench_floor (id uuid primary key, at timestamptz not null, body text not null)');
    await admin.end();
    const port = await freePort();
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
    const redis = spawn('redis-server', args, { stdio: 'ignore' });
    await answering(port);
    const raw = new Child<RawAsks>('raw');
    const { url } = await raw.ask('start', null);
    return new Stage({ embedded, db, redis, redisUrl: `redis://127.0.0.1:${port}`, raw: { child: raw, url }, folder });
  }

  /** How the bench's own database is reached. */
  get connection(): pg.ClientConfig {
    return this.embedded.connection;
  }

  postmasterPid(): number {
    return Number(readFileSync(join(this.#folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  }

  async hub(options: { redis?: boolean; web?: string; rates?: boolean } = {}): Promise<Hub> {
    const child = new Child<HubAsks>('hub');
    const { url } = await child.ask('start', {
      connection: this.connection,
      redisUrl: options.redis === false ? null : this.redisUrl,
      web: options.web ?? null,
      rates: options.rates ?? false,
      origins: [this.raw.url],
    });
    const hub = { child, url };
    this.#hubs.add(hub);
    return hub;
  }

  /** What this runs on, by name. */
  async versions(): Promise<Record<string, string>> {
    const { rows } = await this.db.system.query<{ postgres: string; sync: string; fsync: string }>(
      `select current_setting('server_version') as postgres, current_setting('synchronous_commit') as sync, current_setting('fsync') as fsync`,
    );
    const redis = execFileSync('redis-server', ['--version'], { encoding: 'utf8' });
    const [row] = rows;
    return {
      PostgreSQL: `${row?.postgres} (synchronous_commit ${row?.sync}, fsync ${row?.fsync})`,
      Redis: /v=([\d.]+)/.exec(redis)?.[1] ?? 'unknown',
    };
  }

  async stopHub(hub: Hub): Promise<void> {
    this.#hubs.delete(hub);
    await Promise.race([hub.child.ask('stop', null).catch(() => {}), pause(5000)]);
    await hub.child.kill();
  }

  /** Another process that ends with the stage. */
  keep<T extends { kill(): Promise<void> }>(child: T): T {
    this.#children.push(child);
    return child;
  }

  async close(): Promise<void> {
    for (const hub of [...this.#hubs]) await this.stopHub(hub);
    for (const child of this.#children) await child.kill();
    await this.raw.child.kill();
    this.#redis.kill('SIGTERM');
    await this.db.close();
    await this.embedded.stop();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A free port below the range of outgoing connections, where a client's socket could take it. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

async function answering(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const ok = await new Promise<boolean>((resolve) => {
      const socket = createConnection(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (ok) return;
    await pause(25);
  }
  throw new Error('redis-server does not answer; on Debian: apt-get install redis-server');
}
