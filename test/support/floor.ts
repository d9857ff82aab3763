import { setTimeout as pause } from 'node:timers/promises';
import type { App } from '../../server/app.ts';
import { createApp } from '../../server/app.ts';
import { startSession } from '../../server/auth/login-session.ts';
import { localBus } from '../../server/bus/bus.ts';
import { redisBus } from '../../server/bus/redis.ts';
import { type Database, openDatabase } from '../../server/db/pool.ts';
import { create } from '../../server/organisation/create.ts';
import { startClock } from '../../server/organisation/queries.ts';
import type { OrganisationId, PersonId, TeamId } from '../../shared/contract/id.ts';
import type { Role } from '../../shared/contract/permission.ts';
import { newId } from '../../shared/contract/uuid.ts';
import { CustomerClient } from './customer-client.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { recordingLog } from './log.ts';
import { StaffClient } from './staff-client.ts';

/** Somebody of a test's organisation: `name`, role, and the teams they serve or supervise by name. */
export interface Cast {
  readonly name: string;
  readonly role: Role;
  readonly teams?: readonly string[];
  readonly supervises?: readonly string[];
  readonly capacity?: number;
}

/** The people of most tests: two teams, each with agents and a supervisor, one who leads both, an admin and an owner. */
export const cast: readonly Cast[] = [
  { name: 'Priya', role: 'agent', teams: ['Banking'] },
  { name: 'Omar', role: 'agent', teams: ['Banking'] },
  { name: 'Leo', role: 'agent', teams: ['Travel'] },
  { name: 'Ines', role: 'supervisor', supervises: ['Banking', 'Travel'] },
  { name: 'Tomasz', role: 'supervisor', supervises: ['Banking'] },
  { name: 'Mei', role: 'supervisor', supervises: ['Travel'] },
  { name: 'Marta', role: 'admin' },
  { name: 'Grace', role: 'owner' },
];

function hourly(): () => number {
  let hours = 0;
  return () => {
    hours += 1;
    return hours * 3_600_000;
  };
}

export interface TestOrganisation {
  readonly id: OrganisationId;
  person(name: string): PersonId;
  team(name: string): TeamId;
}

export interface FloorOptions {
  /** Moves by hand instead of with the world; jobs and presence then run by `tick`. */
  readonly now?: number;
  readonly redisUrl?: string;
  readonly graceMs?: number;
  readonly customerGraceMs?: number;
  /** How long the target of a reply may take. */
  readonly outboundTimeoutMs?: number;
  /** False: nobody is ever too often, for tests that do in a second what people do in an hour. */
  readonly rates?: boolean;
  /** The build's `web` folder, to serve the screens too. */
  readonly web?: string;
  /** Share another floor's database: a second hub. */
  readonly beside?: Floor;
}

/** A real hub in this process, on a database of its own, with real sockets. */
export class Floor {
  readonly app: App;
  readonly db: Database;
  readonly url: string;
  readonly log: ReturnType<typeof recordingLog>;
  readonly database: TestDatabase;
  readonly #shared: boolean;
  readonly #clients: { close(): void }[] = [];
  readonly #clock: { offset: number; fixed: number | null };

  private constructor(parts: {
    app: App;
    db: Database;
    url: string;
    log: ReturnType<typeof recordingLog>;
    database: TestDatabase;
    shared: boolean;
    clock: { offset: number; fixed: number | null };
  }) {
    this.app = parts.app;
    this.db = parts.db;
    this.url = parts.url;
    this.log = parts.log;
    this.database = parts.database;
    this.#shared = parts.shared;
    this.#clock = parts.clock;
  }

  static async start(options: FloorOptions = {}): Promise<Floor> {
    const database = options.beside?.database ?? (await createTestDatabase());
    const log = recordingLog();
    if (process.env.HALYARD_TEST_LOG !== undefined) log.error = (fields, message) => console.error(message, fields);
    const db = await openDatabase({ ...database.options, log });
    const clock = { offset: 0, fixed: options.now ?? null };
    const hubId = newId<'hub'>(Date.now());
    const app = await createApp({
      config: {
        host: '127.0.0.1',
        port: 0,
        demo: true,
        origins: ['https://shop.example'],
        trustProxy: false,
        outboundHosts: ['127.0.0.1'],
      },
      db,
      bus:
        options.redisUrl === undefined
          ? localBus()
          : await redisBus({ url: options.redisUrl, hubId, prefix: 'test', log }),
      clock: () => (clock.fixed ?? Date.now()) + clock.offset,
      log,
      hubId,
      web: options.web ?? null,
      firstStart: false,
      // Whose connection is lost is said by the test, not by a machine that stands still for some seconds.
      silenceMs: 60_000,
      ...(options.graceMs === undefined ? {} : { graceMs: options.graceMs }),
      ...(options.customerGraceMs === undefined ? {} : { customerGraceMs: options.customerGraceMs }),
      // In the middle, so that a test knows when something is tried again.
      random: () => 0.5,
      ...(options.outboundTimeoutMs === undefined ? {} : { outboundTimeoutMs: options.outboundTimeoutMs }),
      // Every look at the clock is an hour later, so that every bucket is full again.
      ...(options.rates === false ? { ratesClock: hourly() } : {}),
    });
    const { url } = await app.listen();
    return new Floor({ app, db, url, log, database, shared: options.beside !== undefined, clock });
  }

  /** The hub's clock, ms. */
  get now(): number {
    return (this.#clock.fixed ?? Date.now()) + this.#clock.offset;
  }

  /** Lets the hub's time pass, and runs what became due. */
  async pass(ms: number): Promise<void> {
    this.#clock.offset += ms;
    await this.app.tick();
  }

  /** An organisation with these people, all active, made by the hub's own command. */
  async organisation(people: readonly Cast[] = cast, name = 'Northlight Support'): Promise<TestOrganisation> {
    const id = newId<'organisation'>(this.now);
    await startClock(this.db.system, id, name);
    const teams = [...new Set(people.flatMap((one) => [...(one.teams ?? []), ...(one.supervises ?? [])]))];
    const founders = people.map((one) => ({
      name: one.name,
      email: `${one.name.toLowerCase()}.${id.slice(-6)}@example.org`,
      role: one.role,
      teams: one.teams ?? [],
      supervises: one.supervises ?? [],
      capacity: one.capacity ?? 3,
      tokenHash: null,
    }));
    const input = { name, parentId: null, demo: true, teams, people: founders };
    const answer = await this.app.hub.run(id, 'organisation:create', create, input, { kind: 'system' });
    if (!answer.ok) throw new Error(answer.refusal.message);
    const ids = async <T extends string>(table: 'person' | 'team'): Promise<Map<string, T>> => {
      const { rows } = await this.db.system.query<{ id: T; name: string }>(
        `select id, name from ${table} where organisation_id = $1`,
        [id],
      );
      return new Map(rows.map((row) => [row.name, row.id]));
    };
    const [persons, teamIds] = await Promise.all([ids<PersonId>('person'), ids<TeamId>('team')]);
    const named = <T>(map: Map<string, T>, wanted: string): T => {
      const found = map.get(wanted);
      if (found === undefined) throw new Error(`nobody is called ${wanted}`);
      return found;
    };
    return { id, person: (wanted) => named(persons, wanted), team: (wanted) => named(teamIds, wanted) };
  }

  /** A tab's token for a person, as the demo door gives it. */
  async token(organisation: TestOrganisation, name: string): Promise<string> {
    const who = { personId: organisation.person(name), organisationId: organisation.id };
    const token = await startSession(this.db.system, who, 'tab', this.now);
    // A test that lets a day pass does not mean that everybody's session lapses in it.
    await this.db.system.query(
      `update login_session set last_seen_at = '2100-01-01', expires_at = '2100-01-01' where person_id = $1`,
      [who.personId],
    );
    return token;
  }

  /** A person's screen, connected and live. */
  async staff(
    organisation: TestOrganisation,
    name: string,
    screen: 'console' | 'wallboard' = 'console',
  ): Promise<StaffClient> {
    const client = await StaffClient.connect({
      url: this.url,
      token: await this.token(organisation, name),
      organisationId: organisation.id,
      screen,
    });
    this.#clients.push(client);
    return client;
  }

  /** A customer's widget, connected. */
  async customer(organisation: TestOrganisation, visitor: string | null = null): Promise<CustomerClient> {
    const client = await CustomerClient.connect({ url: this.url, organisationId: organisation.id, visitor });
    this.#clients.push(client);
    return client;
  }

  /** Closes clients and hub; errors that the hub logged are the test's to look at. */
  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.app.close();
    await this.db.close();
    // Sockets that are closing still hold the database for a moment.
    await pause(0);
    if (!this.#shared) await this.database.drop();
  }
}
