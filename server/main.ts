import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import type { App } from './app.ts';
import { createApp, newHubId } from './app.ts';
import { hasDemoDoor } from './auth/origin.ts';
import { localBus } from './bus/bus.ts';
import { redisBus } from './bus/redis.ts';
import type { Config } from './config.ts';
import { ConfigError, readConfig } from './config.ts';
import { type Embedded, startEmbedded } from './db/embedded.ts';
import { DatabaseSetupError, isConnectionLost } from './db/errors.ts';
import { type Database, openDatabase } from './db/pool.ts';
import { startDemo } from './demo/demo.ts';

/** What has to be let go of, in the order in which it was taken. */
interface Held {
  embedded?: Embedded;
  db?: Database;
  app?: App;
  demo?: { stop(): Promise<void> };
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function start(config: Config, held: Held): Promise<void> {
  // The lines for people go to standard output; the log for machines to standard error.
  const log = pino(
    { level: process.env.HALYARD_TEST_LOG ?? 'warn', base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  );
  if (config.databaseUrl === null) {
    say('Starting the database');
    held.embedded = await startEmbedded({ dataDir: config.dataDir, log });
  }
  const { embedded } = held;
  say('Bringing the tables up to date');
  held.db = await openDatabase({
    ...(embedded === undefined ? { url: config.databaseUrl ?? '' } : { connection: embedded.connection }),
    log,
  });
  const hubId = newHubId();
  const bus =
    config.redisUrl === null ? localBus() : await redisBus({ url: config.redisUrl, hubId, prefix: 'halyard', log });
  if (embedded?.adopted === true && config.redisUrl === null)
    say('Another hub shares this database. Without REDIS_URL the two hear of each other about once a second.');
  const web = join(dirname(fileURLToPath(import.meta.url)), '..', 'web');
  const app = await createApp({
    // The demo's own other side is on this machine, and so is everybody who may enter by the demo door.
    config: hasDemoDoor(config) ? { ...config, outboundHosts: [...config.outboundHosts, '127.0.0.1'] } : config,
    db: held.db,
    bus,
    clock: Date.now,
    log,
    hubId,
    web: existsSync(web) ? web : null,
    ...(embedded === undefined ? {} : { databaseReady: () => embedded.isReady() }),
  });
  held.app = app;
  const { url, ownerSecret } = await app.listen();
  // Simulated people act as the demo's own: where nobody may enter by the demo door, neither do they.
  if (hasDemoDoor(config))
    held.demo = await startDemo({ url, db: held.db, hubId, log, clock: Date.now, random: Math.random });
  say('');
  say(`Halyard is ready.  Customer page  ${url}/customer`);
  say(`                   Console        ${url}/console`);
  say(`                   Wallboard      ${url}/wallboard`);
  if (ownerSecret !== null) {
    say('');
    say('Nobody owns this installation yet. Open this link once, within 72 hours, to become its owner:');
    say(`${url}/console#join=${ownerSecret}`);
  }
}

/** How long connections to a database that is silent are waited for, and how long an end may take in all. */
const closeMs = 2000;
const endMs = 20_000;

async function stop(held: Held): Promise<void> {
  await held.demo?.stop();
  await held.app?.close();
  await Promise.race([held.db?.close(), new Promise((resume) => setTimeout(resume, closeMs))]);
  await held.embedded?.stop();
}

function sentence(error: unknown, config: Config | null): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof DatabaseSetupError)
    return error.mend === null ? error.message : `${error.message}\n\n${error.mend}`;
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (code === 'EADDRINUSE') return `Port ${config?.port} is taken. Stop what listens there, or set PORT to another.`;
  if (code === 'EACCES') return `Port ${config?.port} may not be used by this user. Set PORT to one above 1023.`;
  if (code === 'EADDRNOTAVAIL')
    return `This machine has no address ${config?.host}. Set HOST to one it has, such as 127.0.0.1.`;
  if (isConnectionLost(error) && config?.databaseUrl)
    return `The database at ${new URL(config.databaseUrl).host || 'its socket'} cannot be reached. Check DATABASE_URL and that PostgreSQL runs.`;
  return `The hub could not start: ${error instanceof Error ? error.message : String(error)}`;
}

async function main(): Promise<void> {
  const held: Held = {};
  let config: Config | null = null;
  let stopping: Promise<void> | null = null;
  const leave = (code: number): void => {
    if (stopping !== null) return;
    setTimeout(() => {
      process.stderr.write('The hub did not end in order: its database does not answer.\n');
      process.exit(1);
    }, endMs);
    stopping = stop(held)
      .catch((error: Error) => process.stderr.write(`${error.message}\n`))
      .then(() => process.exit(code));
  };
  // The embedded database is stopped last, so that what was acknowledged is stored.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (stopping === null) say('Stopping');
      leave(0);
    });
  // The last resort (I12, ASVS 16.5.4): it is logged, and the hub goes on, because every command is all or nothing.
  process.on('uncaughtException', (error) =>
    process.stderr.write(`${JSON.stringify({ level: 60, error: error.stack })}\n`),
  );
  process.on('unhandledRejection', (error) =>
    process.stderr.write(`${JSON.stringify({ level: 60, error: String(error) })}\n`),
  );
  try {
    config = readConfig(process.env);
    await start(config, held);
  } catch (error) {
    process.stderr.write(`${sentence(error, config)}\n`);
    leave(1);
  }
}

await main();
