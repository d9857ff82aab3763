import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Request } from 'express';
import express from 'express';
import { Server, type Socket } from 'socket.io';
import type { EventType } from '../shared/contract/event.ts';
import type { OrganisationId } from '../shared/contract/id.ts';
import { isId } from '../shared/contract/id.ts';
import { permissionsOf } from '../shared/contract/permission.ts';
import { newId } from '../shared/contract/uuid.ts';
import { cameByHttps } from './auth/cookie.ts';
import { gather } from './auth/gather.ts';
import { createAuth } from './auth/http.ts';
import { hasDemoDoor, originAllowed } from './auth/origin.ts';
import { createPasswords, type PasswordEngine } from './auth/password.ts';
import { readPrincipals } from './auth/principal.ts';
import type { Bus } from './bus/bus.ts';
import type { Config } from './config.ts';
import { customerLeft } from './conversation/customer-left.ts';
import { customerSnapshot } from './conversation/queries.ts';
import type { Database } from './db/pool.ts';
import { firstStart } from './first-start.ts';
import { api } from './http/api.ts';
import { pages } from './http/pages.ts';
import { CustomerPresence, customerGraceMs } from './hub/customer-presence.ts';
import { Customers } from './hub/customers.ts';
import { FallbackWatch } from './hub/fallback.ts';
import { Gate } from './hub/gate.ts';
import { Hub } from './hub/hub.ts';
import { Jobs } from './hub/jobs.ts';
import { graceMs, Presence } from './hub/presence.ts';
import { Buckets } from './hub/rate.ts';
import { Staff } from './hub/staff.ts';
import { readInstance } from './instance.ts';
import type { Log } from './log.ts';
import { createMessaging } from './messaging.ts';
import { metrics } from './metrics.ts';
import { join } from './person/join.ts';
import { markReachable } from './person/mark-reachable.ts';
import { markUnreachable } from './person/mark-unreachable.ts';
import { commandTable, jobKinds, rules } from './rooms.ts';
import { readSnapshot } from './snapshot.ts';
import { Typing } from './typing.ts';

export interface AppOptions {
  readonly config: Pick<Config, 'host' | 'port' | 'demo' | 'origins' | 'trustProxy' | 'outboundHosts'>;
  readonly db: Database;
  readonly bus: Bus;
  /** The hub's clock, ms since 1970. */
  readonly clock: () => number;
  readonly log: Log;
  /** Names this hub on the bus and in its lease. */
  readonly hubId: string;
  /** The build's `web` folder; null serves no screens. */
  readonly web: string | null;
  /** False leaves an empty database empty: for tests that make their own organisations. */
  readonly firstStart?: boolean;
  /** How long somebody may be without a connection; the default is `graceMs`. */
  readonly graceMs?: number;
  /** How long a customer may be gone before a chat that ends with them has ended; the default is `customerGraceMs`. */
  readonly customerGraceMs?: number;
  /** How long a socket may not answer before it counts as lost, ms; the default is `silenceMs`. */
  readonly silenceMs?: number;
  /** Clock of the rate limits, ms, monotonic; the default is the machine's. */
  readonly ratesClock?: () => number;
  /** Hashes passwords; argon2id unless a test hands in another. */
  readonly passwords?: PasswordEngine;
  /** Spreads what is tried again; from 0 up to, and without, 1. The default is the machine's. */
  readonly random?: () => number;
  /** How long the target of a reply may take; the default is 10 s. */
  readonly outboundTimeoutMs?: number;
  /** False while the embedded database is down. */
  readonly databaseReady?: () => boolean;
}

export interface App {
  /** Starts to listen and to work; answers where. */
  listen(): Promise<{ readonly port: number; readonly url: string; readonly ownerSecret: string | null }>;
  /** Lets what is under way finish, tells screens to come back elsewhere, and stops. Safe to call twice. */
  close(): Promise<void>;
  readonly hub: Hub;
  /** Runs everything that is due at the clock's now: for tests that move the clock. */
  tick(): Promise<void>;
}

/** Events after which there may be lines to send at once. */
const wakesDeliveries: Partial<Readonly<Record<EventType, true>>> = {
  'delivery:queued': true,
  'delivery:retried': true,
  'connection:activated': true,
};

/** A frame above this is refused before it is read (64 KB: goals, section 4). */
const mostBytes = 64 * 1024;

const nothing = Object.freeze({});

/** A socket is asked every 5 s; one that has not answered for so long is lost, ms. */
const silenceMs = 5000;

/** The hub as one program: the rooms put together, the gates, HTTP and sockets. Nothing happens before `listen`. */
export async function createApp(options: AppOptions): Promise<App> {
  const { config, db, bus, clock, log, hubId, web } = options;
  const instance = await readInstance(db, clock());
  const buckets = new Buckets(options.ratesClock);
  const http = express();
  http.set('trust proxy', config.trustProxy);
  const trusted: (address: string, hop: number) => boolean = http.get('trust proxy fn');
  http.disable('x-powered-by');
  const server = createServer(http);

  const watch = new FallbackWatch({ clock, log, changed: (standing) => staff.fallback(standing) });
  const hub: Hub = new Hub({
    db,
    bus,
    clock,
    log,
    hubId,
    epoch: instance.epoch,
    fallback: () => watch.now,
    wrote: (taken) => (taken ? watch.wrote() : watch.refused()),
    rules: rules((error, order) =>
      log.error(
        { command: order.name, error: error instanceof Error ? error.stack : String(error) },
        'a command threw',
      ),
    ),
    deliver: (sent) => {
      typing.moved(sent.event);
      if (wakesDeliveries[sent.event.type] === true) messaging.deliveries.wake();
      staff.deliver(sent);
      customers.deliver(sent);
    },
    planned: (dueAt) => jobs.planned(dueAt),
    looked: () => {
      staff.beat();
      customers.beat();
    },
  });
  const gate = new Gate(hub, commandTable, buckets);
  const jobs = new Jobs({ db, hub, clock, log, kinds: jobKinds });
  const messaging = createMessaging({
    db,
    hub,
    clock,
    log,
    buckets,
    secret: instance.secret,
    outboundHosts: config.outboundHosts,
    random: options.random ?? Math.random,
    ...(options.outboundTimeoutMs === undefined ? {} : { outboundTimeoutMs: options.outboundTimeoutMs }),
  });
  const presence = new Presence({
    db,
    hub,
    hubId,
    clock,
    log,
    graceMs: options.graceMs ?? graceMs,
    watch,
    reach: markReachable,
    lose: markUnreachable,
  });
  const customerPresence = new CustomerPresence({
    db,
    hub,
    hubId,
    clock,
    log,
    graceMs: options.customerGraceMs ?? customerGraceMs,
    leave: customerLeft,
  });

  const io = new Server(server, {
    serveClient: false,
    maxHttpBufferSize: mostBytes,
    pingInterval: 5000,
    pingTimeout: options.silenceMs ?? silenceMs,
    connectTimeout: 5000,
    perMessageDeflate: false,
    allowRequest: (request, answer) =>
      answer(null, originAllowed(config, request.headers.origin, request.headers.host)),
  });
  const endSession = (sessionHash: string): void => {
    staff.end({ sessionHash });
    bus.publish('ended', sessionHash);
  };
  bus.subscribe('ended', (sessionHash) => staff.end({ sessionHash }));
  const auth = createAuth({
    config,
    db: db.system,
    now: clock,
    log,
    passwords: await createPasswords(options.passwords),
    join: (organisationId, input) => hub.run(organisationId, 'person:join', join, input, { kind: 'system' }),
    onSessionEnded: endSession,
  });

  const principal = gather((ids: readonly string[]) => readPrincipals(db.system, ids));
  const typing: Typing = new Typing({ db, bus, log, staff: () => staff, customers: () => customers });
  const staff: Staff = new Staff({
    io,
    hub,
    gate,
    buckets,
    log,
    clock,
    authenticate: (handshake) => {
      const token: unknown = handshake.auth.token;
      return auth.authenticate({
        cookie: handshake.headers.cookie,
        bearer: typeof token === 'string' ? token : null,
        secure: cameByHttps(handshake, trusted),
      });
    },
    principal,
    snapshot: (principal, epoch) => readSnapshot(db, principal.organisationId, principal.person, epoch, clock()),
    recheck: () => void keep(),
    present: ({ organisationId, personId }, here) => presence.set(organisationId, personId, here),
    volatile: (principal, mark) => void typing.ofStaff(principal, mark),
    fast: () => bus.fast,
  });
  const customers: Customers = new Customers({
    io,
    hub,
    gate,
    buckets,
    log,
    clock,
    secret: instance.secret,
    organisation: (name) => widgetOrganisation(db, name),
    snapshot: (visitor, after) => customerSnapshot(db, visitor, after, clock()),
    typing: (visitor, conversationId, on) => void typing.ofCustomer(visitor, conversationId, on),
    presence: customerPresence,
  });

  // After the two above, which read it: the handshake is of no use any more, holds the token, and costs memory per socket.
  for (const name of ['/staff', '/customer'])
    io.of(name).on(
      'connection',
      ({ conn, handshake }: { readonly conn: { request?: unknown }; readonly handshake: Socket['handshake'] }) => {
        delete conn.request;
        Object.assign(handshake, { headers: nothing, query: nothing, auth: nothing, url: '' });
      },
    );

  let listening = false;
  let closing = false;
  const missing = (): string[] => [
    ...(closing ? ['the hub is stopping'] : []),
    ...(listening ? [] : ['the hub is starting']),
    ...((options.databaseReady?.() ?? true) && hub.silence < 3000 ? [] : ['the database does not answer']),
  ];
  const registry = metrics({
    hub,
    sockets: () => ({ staff: staff.sockets, customer: customers.sockets }),
    fast: () => bus.fast,
    ready: () => missing().length === 0,
    fallback: () => watch.now,
  });

  http.get('/livez', (_request, response) => void response.type('text').send('ok'));
  http.get('/readyz', (_request, response) => {
    const lacks = missing();
    const ready = lacks.length === 0;
    const fallback = watch.now;
    // A hub whose database takes no writes still shows the floor, and so would any other: it stays among those that serve.
    const limits = fallback === null ? [] : [limitWords[fallback.why]];
    response
      .status(ready ? 200 : 503)
      .json({ ready, missing: [...lacks, ...limits], bus: bus.fast ? 'fast' : 'slow', fallback });
  });
  http.get('/metrics', async (_request, response) => {
    response.type(registry.contentType).send(await registry.metrics());
  });
  // Before whatever looks at cookies and origins: here the signature alone counts.
  http.use(messaging.router);
  http.use(auth.router);
  http.use(
    '/api',
    api({
      db,
      clock,
      log,
      buckets,
      principal: async (request) => {
        const who = await auth.authenticate(auth.presentedBy(request));
        return who === null ? null : principal(who.personId);
      },
      originAllowed: (request) => originAllowed(config, request.headers.origin, request.headers.host),
      take: (principal, address, frame) =>
        gate.take(
          {
            actor: { kind: 'person', id: principal.personId },
            organisations: [principal.organisationId],
            socket: `http ${principal.personId}`,
            address,
            may: (permission) =>
              permission === 'anyone' || permissionsOf[principal.person.role].some((held) => held === permission),
          },
          frame,
        ),
    }),
  );
  if (web !== null) pages(http, web, config.origins);
  http.use((_request: Request, response: express.Response) => {
    response.status(404).type('text').send('There is nothing at this address.');
  });

  const every = (ms: number, run: () => unknown): NodeJS.Timeout => setInterval(() => void run(), ms);
  const timers: NodeJS.Timeout[] = [];
  const dropEnded = async (): Promise<void> => {
    const hashes = staff.sessionHashes();
    if (hashes.length === 0) return;
    const kept = await auth.keepSessions(hashes);
    for (const hash of hashes) if (!kept.has(hash)) staff.end({ sessionHash: hash });
  };
  /** One at a time: while the database is silent, a look that hangs must not be joined by another every second. */
  const quietly = (what: string, run: () => Promise<void>): (() => Promise<void>) => {
    let running: Promise<void> | null = null;
    return () => {
      running ??= run()
        .catch((error: Error) => log.warn({ error: error.message }, what))
        .finally(() => {
          running = null;
        });
      return running;
    };
  };
  /** The lease first: whoever is connected to a hub is there only as long as that stands. */
  const look = async (): Promise<void> => {
    await presence.beat();
    await customerPresence.beat();
  };
  const beat = quietly('presence could not be looked at', look);
  const keep = quietly('sessions could not be looked at', dropEnded);

  return {
    hub,
    tick: async () => {
      await look();
      await jobs.look();
      await messaging.deliveries.look();
      await hub.poll();
    },
    listen: async () => {
      await hub.poll();
      const { ownerSecret } =
        options.firstStart === false
          ? { ownerSecret: null }
          : await firstStart({
              system: db.system,
              run: (organisationId, name, row, input, actor) => hub.run(organisationId, name, row, input, actor),
              now: clock,
              demo: hasDemoDoor(config),
            });
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(config.port, config.host, () => {
          server.off('error', reject);
          resolve();
        });
      });
      hub.start();
      jobs.start();
      messaging.deliveries.start();
      await beat();
      timers.push(
        every(1000, beat),
        every(1000, keep),
        every(60_000, () => buckets.sweep()),
        every(
          600_000,
          quietly('old answers could not be forgotten', () => forgetAnswers(db, clock())),
        ),
      );
      listening = true;
      const { port } = server.address() as AddressInfo;
      const host = config.host.includes(':') ? `[${config.host}]` : config.host;
      return { port, url: `http://${host}:${port}`, ownerSecret };
    },
    close: async () => {
      if (closing) return;
      closing = true;
      for (const timer of timers) clearInterval(timer);
      // Whoever comes now goes elsewhere. What is in the line is carried out and answered first.
      const emptied = new Promise<void>((resolve) => server.close(() => resolve()));
      await atMost(
        drainMs,
        Promise.all([jobs.close(), messaging.deliveries.close()]).then(() => hub.close()),
      );
      await atMost(1000, Promise.all([customerPresence.close(), presence.close()]));
      // The answers are on their way only after this turn; then the screens are sent to come back elsewhere.
      await new Promise((resume) => setImmediate(resume));
      io.disconnectSockets(true);
      await atMost(1000, Promise.all([io.close(), emptied]));
      server.closeAllConnections();
      await bus.close();
    },
  };
}

/** What is missing while automatic fallback stands. */
const limitWords = {
  read_only: 'the database takes no changes',
  hub_behind: 'a hub hears the log too late for help flags',
} as const;

/** How long a hub that ends waits for its database (F20). */
const drainMs = 5000;

/** Waits for something whose failure or delay must not keep the hub from ending. */
async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resume) => {
    timer = setTimeout(resume, ms);
  });
  await Promise.race([work.catch(() => {}), late]);
  clearTimeout(timer);
}

const answersKeptMs = 7 * 24 * 3_600_000;

/** First answers are kept 7 days (I5). */
async function forgetAnswers(db: Database, now: number): Promise<void> {
  await db.system.query('delete from answer where at < to_timestamp($1::double precision / 1000)', [
    now - answersKeptMs,
  ]);
}

/** The organisation a widget names by id; without a name the one there is, when there is just one with people. */
async function widgetOrganisation(db: Database, name: string | null): Promise<OrganisationId | null> {
  if (name !== null && !isId<'organisation'>(name)) return null;
  const { rows } = await db.system.query<{ id: OrganisationId }>(
    'select o.id from organisation o join clock k on k.organisation_id = o.id where k.position > 0 and ($1::uuid is null or o.id = $1) order by o.parent_id nulls first, o.id limit 2',
    [name],
  );
  return rows.length === 1 ? (rows[0]?.id ?? null) : null;
}

/** A name for this hub. */
export const newHubId = (): string => newId<'hub'>(Date.now());
