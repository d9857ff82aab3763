import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type pg from 'pg';
import { audienceTable } from '../../server/audience.ts';
import { type Auth, createAuth } from '../../server/auth/http.ts';
import { createPasswords, type PasswordEngine } from '../../server/auth/password.ts';
import { localBus } from '../../server/bus/bus.ts';
import type { Config } from '../../server/config.ts';
import { type Database, openDatabase } from '../../server/db/pool.ts';
import { Hub } from '../../server/hub/hub.ts';
import type { Rules } from '../../server/hub/plan.ts';
import type { Actor, CommandRow, CustomerTable, RoomParts } from '../../server/hub/room.ts';
import { need } from '../../server/hub/room.ts';
import { organisationRoom } from '../../server/organisation/room.ts';
import { join } from '../../server/person/join.ts';
import { personNoun } from '../../server/person/person.ts';
import { personCommands, personRoom } from '../../server/person/room.ts';
import { queueRoom } from '../../server/queue/room.ts';
import { reasonRoom } from '../../server/reason/room.ts';
import { ruleRoom } from '../../server/rule/room.ts';
import { teamCommands, teamRoom } from '../../server/team/room.ts';
import type { CommandInput } from '../../shared/contract/command.ts';
import type { ActorRef } from '../../shared/contract/event.ts';
import type { OrganisationId, PersonId } from '../../shared/contract/id.ts';
import { holds } from '../../shared/contract/permission.ts';
import { type Answer, refusal } from '../../shared/contract/refusal.ts';
import { newId } from '../../shared/contract/uuid.ts';
import { createTestDatabase } from './database.ts';
import { recordingLog } from './log.ts';

const rooms: readonly RoomParts[] = [organisationRoom, reasonRoom, teamRoom, queueRoom, personRoom, ruleRoom];
const commands = { ...personCommands, ...teamCommands };
type Name = keyof typeof commands;

const rules: Rules = {
  nouns: rooms.flatMap((room) => room.nouns ?? []),
  writers: rooms.flatMap((room) => room.writers ?? []),
  reactions: [],
  jobWriters: [],
  audience: audienceTable,
  // No event of these rooms is for customers.
  customer: new Proxy({}, { get: () => null }) as CustomerTable,
  actor: {
    need: (ref) => (ref.kind === 'person' ? [need(personNoun, ref.id)] : []),
    read: (state, ref): Actor | ReturnType<typeof refusal> => {
      if (ref.kind !== 'person') return ref;
      const person = state.get(personNoun, ref.id);
      if (!person?.active) return refusal('not_signed_in', 'You are not signed in.', 'Sign in.');
      return { kind: 'person', id: person.id, person, can: (permission) => holds(person.role, permission) };
    },
  },
  onThrow: (error) => {
    throw error;
  },
};

/** A password engine that is quick and remembers what it was asked to verify. */
export function quickEngine(): PasswordEngine & { readonly verified: string[] } {
  const verified: string[] = [];
  const digest = (password: string): string => `quick$${createHash('sha256').update(password).digest('hex')}`;
  return {
    verified,
    hash: async (password) => digest(password),
    verify: async (stored, password) => {
      verified.push(stored);
      return stored === digest(password);
    },
  };
}

export interface Call {
  readonly status: number;
  readonly body: {
    ok: boolean;
    value?: unknown;
    refusal?: { code: string; message: string; next: string; detail?: Record<string, unknown> };
  };
  readonly cookie: string | null;
  readonly headers: Record<string, string | string[] | undefined>;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly raw?: string;
  readonly headers?: Record<string, string>;
}

/**
 * Identity, people and teams on a database of its own: the real line of commands, and the real HTTP of sign-in, without the
 * rest of the hub.
 */
export class Staff {
  readonly db: Database;
  readonly hub: Hub;
  readonly auth: Auth;
  readonly engine: ReturnType<typeof quickEngine>;
  readonly log = recordingLog();
  readonly ended: string[] = [];
  /** The hub's clock, ms. */
  now = Date.UTC(2026, 0, 5, 9);
  readonly #close: () => Promise<void>;
  readonly #port: () => number;

  private constructor(parts: {
    db: Database;
    hub: Hub;
    auth: Auth;
    engine: ReturnType<typeof quickEngine>;
    port: () => number;
    close: () => Promise<void>;
  }) {
    this.db = parts.db;
    this.hub = parts.hub;
    this.auth = parts.auth;
    this.engine = parts.engine;
    this.#port = parts.port;
    this.#close = parts.close;
  }

  static async start(
    config: Partial<Pick<Config, 'demo' | 'host' | 'origins'>> & { trustProxy?: Config['trustProxy'] } = {},
  ): Promise<Staff> {
    const database = await createTestDatabase();
    const log = recordingLog();
    const db = await openDatabase({ ...database.options, log });
    const engine = quickEngine();
    // The clock and the list of ended sessions belong to the object that is only made below.
    const holder: { staff: Staff | null } = { staff: null };
    const now = (): number => holder.staff?.now ?? Date.UTC(2026, 0, 5, 9);
    const hub = new Hub({
      db,
      bus: localBus(),
      clock: now,
      fallback: () => null,
      log,
      rules,
      epoch: newId(now()),
      hubId: newId(now()),
      deliver: () => {},
      planned: () => {},
    });
    const auth = createAuth({
      config: { demo: true, host: '127.0.0.1', origins: [], ...config },
      db: db.system,
      now,
      log,
      passwords: await createPasswords(engine),
      join: (organisationId, input) => hub.run(organisationId, 'person:join', join, input, { kind: 'system' }),
      onSessionEnded: (hash) => holder.staff?.ended.push(hash),
    });
    const app = express();
    app.set('trust proxy', config.trustProxy ?? false);
    app.use(auth.router);
    const server = createServer(app);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const staff = new Staff({
      db,
      hub,
      auth,
      engine,
      port: () => (server.address() as AddressInfo).port,
      close: async () => {
        server.closeAllConnections();
        server.close();
        await hub.close();
        await db.close();
        await database.drop();
      },
    });
    holder.staff = staff;
    return staff;
  }

  get port(): number {
    return this.#port();
  }

  close(): Promise<void> {
    return this.#close();
  }

  run<I, V>(
    organisationId: OrganisationId,
    name: string,
    row: CommandRow<I, V>,
    input: I,
    actor: ActorRef = { kind: 'system' },
  ): Promise<Answer> {
    return this.hub.run(organisationId, name, row, input, actor);
  }

  /** A command of the people or teams room, by its name, as a person would give it. */
  command<N extends Name>(
    organisationId: OrganisationId,
    actor: PersonId,
    name: N,
    input: CommandInput<N>,
  ): Promise<Answer> {
    // The table gives back the row of this very name; only the compiler cannot follow it through the union.
    const row = commands[name] as unknown as CommandRow<CommandInput<N>, unknown>;
    return this.hub.run(organisationId, name, row, input, { kind: 'person', id: actor });
  }

  /** One HTTP request, with headers that `fetch` would not let through. */
  async call(method: string, path: string, { body, raw, headers = {} }: CallOptions = {}): Promise<Call> {
    const text = raw ?? (body === undefined ? null : JSON.stringify(body));
    const request = httpRequest({
      host: '127.0.0.1',
      port: this.port,
      method,
      path,
      headers: { ...(text === null ? {} : { 'content-type': 'application/json' }), ...headers },
    });
    request.end(text ?? undefined);
    const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const set = response.headers['set-cookie']?.[0] ?? null;
    return {
      status: response.statusCode ?? 0,
      body: JSON.parse(Buffer.concat(chunks).toString('utf8')) as Call['body'],
      cookie: set === null ? null : (set.split(';')[0] ?? null),
      headers: response.headers,
    };
  }

  /** Rows as a superuser of the database sees them. */
  async rows<T extends object>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.db.system.query<T & pg.QueryResultRow>(text, values)).rows;
  }
}

/** What an inviting screen makes. */
export function link(): { secret: string; tokenHash: string } {
  const secret = randomBytes(32).toString('hex');
  return { secret, tokenHash: createHash('sha256').update(secret).digest('hex') };
}
