import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import type pg from 'pg';
import { type App, createApp, newHubId } from '../../server/app.ts';
import { localBus } from '../../server/bus/bus.ts';
import { redisBus } from '../../server/bus/redis.ts';
import { openDatabase } from '../../server/db/pool.ts';
import { raise } from '../../server/flag/raise.ts';
import { send } from '../../server/message/send.ts';
import type {
  ConversationId,
  CustomerId,
  OrganisationId,
  PersonId,
  ReasonId,
  SessionId,
} from '../../shared/contract/id.ts';
import { newId } from '../../shared/contract/uuid.ts';
import { answerTo } from '../support/child.ts';
import { closedLoop, type Exactness, exact, type Times } from '../support/measure.ts';

/** What the bench asks of a hub's process, and what each is answered with. */
export interface HubAsks {
  start: [
    {
      readonly connection: pg.ClientConfig;
      readonly redisUrl: string | null;
      readonly web: string | null;
      /** False: buckets are asked as ever, and are always full; a bench does in a second what people do in an hour. */
      readonly rates: boolean;
      readonly origins: readonly string[];
    },
    { readonly url: string },
  ];
  memory: [null, { readonly rss: number; readonly heap: number }];
  cpu: [null, { readonly microseconds: number }];
  /** Raises straight into the hub's line, without sockets. */
  raise: [
    {
      readonly organisationId: OrganisationId;
      readonly reasonId: ReasonId;
      readonly sessions: readonly { readonly id: SessionId; readonly agentId: PersonId }[];
      readonly waiting: number;
      readonly ms: number;
    },
    { readonly times: Times; readonly perSecond: number; readonly exactness: Exactness },
  ];
  /** A customer's line, straight into the hub's line. */
  say: [
    {
      readonly organisationId: OrganisationId;
      readonly customerId: CustomerId;
      readonly conversationId: ConversationId;
      readonly text: string;
    },
    null,
  ];
  /** Customers' lines on many conversations, straight into the hub's line: each waits for its own answer before the next. */
  talk: [
    {
      readonly organisationId: OrganisationId;
      readonly conversations: readonly { readonly conversationId: ConversationId; readonly customerId: CustomerId }[];
      readonly lines: readonly string[];
      readonly waiting: number;
      readonly ms: number;
    },
    { readonly times: Times; readonly perSecond: number },
  ];
  profile: [{ readonly file: string | null }, null];
  stop: [null, null];
}

const quiet = (): void => {};
const log = {
  info: quiet,
  warn: quiet,
  error: (fields: object, message?: string) =>
    process.stderr.write(`hub: ${message ?? ''} ${JSON.stringify(fields)}\n`),
};

let app: App | null = null;
let close: () => Promise<void> = async () => {};
let inspector: Session | null = null;

function never(): never {
  throw new Error('the hub was not started');
}

function hourly(): () => number {
  let hours = 0;
  return () => {
    hours += 1;
    return hours * 3_600_000;
  };
}

answerTo<HubAsks>({
  start: async ({ connection, redisUrl, web, rates, origins }) => {
    const db = await openDatabase({ connection, log });
    const hubId = newHubId();
    app = await createApp({
      config: {
        host: '127.0.0.1',
        port: 0,
        demo: true,
        origins: [...origins],
        trustProxy: false,
        outboundHosts: ['127.0.0.1'],
      },
      db,
      bus: redisUrl === null ? localBus() : await redisBus({ url: redisUrl, hubId, prefix: 'bench', log }),
      clock: Date.now,
      log,
      hubId,
      web,
      firstStart: false,
      ...(rates ? {} : { ratesClock: hourly() }),
    });
    close = () => db.close();
    const { url } = await app.listen();
    return { url };
  },
  memory: async () => {
    for (let times = 0; times < 4; times += 1) {
      globalThis.gc?.();
      await new Promise((resume) => setTimeout(resume, 100));
    }
    const { rss, heapUsed } = process.memoryUsage();
    return { rss, heap: heapUsed };
  },
  cpu: async () => {
    const { user, system } = process.cpuUsage();
    return { microseconds: user + system };
  },
  raise: async ({ organisationId, reasonId, sessions, waiting, ms }) => {
    const { hub } = app ?? never();
    let at = 0;
    const ran = await closedLoop(waiting, ms, async () => {
      const session = sessions[at];
      at += 1;
      if (session === undefined) return false;
      const answer = await hub.submit(organisationId, {
        id: newId<'command'>(Date.now()),
        name: 'flag:raise',
        row: raise,
        input: { sessionId: session.id, reasonId, message: 'The payee is on our list; may I go on?', askJoin: false },
        actor: { kind: 'person', id: session.agentId },
        address: '127.0.0.1',
      });
      if (!answer.ok) throw new Error(answer.refusal.message);
      return true;
    });
    return { ...ran, exactness: exact(ran.times.length) };
  },
  say: async ({ organisationId, customerId, conversationId, text }) => {
    const { hub } = app ?? never();
    const answer = await hub.submit(organisationId, {
      id: newId<'command'>(Date.now()),
      name: 'message:send',
      row: send,
      input: { conversationId, text },
      actor: { kind: 'customer', id: customerId },
      address: null,
    });
    if (!answer.ok) throw new Error(answer.refusal.message);
    return null;
  },
  talk: async ({ organisationId, conversations, lines, waiting, ms }) => {
    const { hub } = app ?? never();
    let at = 0;
    return closedLoop(waiting, ms, async (worker) => {
      const talk = conversations[worker % conversations.length];
      const text = lines[at % lines.length];
      at += 1;
      if (talk === undefined || text === undefined) return false;
      const answer = await hub.submit(organisationId, {
        id: newId<'command'>(Date.now()),
        name: 'message:send',
        row: send,
        input: { conversationId: talk.conversationId, text },
        actor: { kind: 'customer', id: talk.customerId },
        address: null,
      });
      if (!answer.ok) throw new Error(answer.refusal.message);
      return true;
    });
  },
  profile: async ({ file }) => {
    if (file === null) {
      inspector = new Session();
      inspector.connect();
      await inspector.post('Profiler.enable');
      await inspector.post('Profiler.setSamplingInterval', { interval: 200 });
      await inspector.post('Profiler.start');
    } else {
      const taken = await inspector?.post('Profiler.stop');
      await writeFile(file, JSON.stringify(taken?.profile));
    }
    return null;
  },
  stop: async () => {
    await app?.close();
    await close();
    setImmediate(() => process.exit(0));
    return null;
  },
});
