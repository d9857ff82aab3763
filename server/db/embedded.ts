import { realpath, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { Log } from '../log.ts';
import { clusterPlace, databaseOwner, socketFolder, usableBinaries } from './embedded-files.ts';
import { DatabaseSetupError, sqlState } from './errors.ts';
import {
  type Cluster,
  disownPidFile,
  ensureCluster,
  isPostmaster,
  lastWords,
  readPidFile,
  type Started,
  socketPort,
  startPostmaster,
  stopPostmaster,
  superuser,
} from './postmaster.ts';

/** The embedded PostgreSQL, kept running for as long as this hub wants it. */
export interface Embedded {
  /** How its superuser connects to the hub's database. Stays right when PostgreSQL dies and is started again. */
  connection: pg.ClientConfig;
  /** Whether a server that already ran was taken over, instead of started. */
  adopted: boolean;
  /** False from the moment PostgreSQL is noticed to be gone until it answers again. */
  isReady(): boolean;
  /** Lets go of it; the last hub that does stops it. Safe to call twice. */
  stop(): Promise<void>;
}

const databaseName = 'halyard';
/** Every hub holds this advisory lock shared, so that the one that can have it alone knows that it is the last. */
const presence = '(1212238937, 1)';
const connectTimeoutMs = 2_000;
const startTimeoutMs = 60_000;
/** A live postmaster that answers nothing, not even "starting up", for that long is stopped. */
const silenceLimitMs = 15_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function connectionOf(cluster: Cluster, database: string, host = cluster.socket): pg.ClientConfig {
  return { host, port: socketPort, user: superuser, database };
}

/** A connection that has answered a query from this very cluster and holds the shared lock, or why there is none. */
async function present(cluster: Cluster, host: string): Promise<pg.Client | { state: string | null }> {
  const client = new pg.Client({
    ...connectionOf(cluster, 'postgres', host),
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'halyard presence',
    keepAlive: true,
  });
  // Without a listener, a server that dies would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    const shown = await client.query<{ data_directory: string }>('show data_directory');
    if (shown.rows[0]?.data_directory !== cluster.data) throw new Error('another cluster answers');
    // Waits while the last hub, which holds the lock alone, is stopping the server; then this connection is cut.
    await client.query(`select pg_advisory_lock_shared${presence}`);
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    return { state: sqlState(error) };
  }
}

async function ensureDatabase(client: pg.Client): Promise<void> {
  const found = await client.query('select from pg_database where datname = $1', [databaseName]);
  if (found.rowCount) return;
  await client.query(`create database ${databaseName}`).catch((error: unknown) => {
    // Two hubs at once: one of them is told that the name is taken.
    if (!['42P04', '23505'].includes(sqlState(error) ?? '')) throw error;
  });
}

/** Starts the server or joins one that runs; returns with the presence lock held. */
async function bringUp(
  cluster: Cluster,
  log: Log,
  wanted: () => boolean,
): Promise<{ client: pg.Client; started: Started | null }> {
  const deadline = Date.now() + startTimeoutMs;
  let started: Started | null = null;
  let silentSince = Date.now();
  for (let attempt = 0; wanted() && Date.now() < deadline; attempt += 1) {
    const file = await readPidFile(cluster);
    // A postmaster of before may have its socket elsewhere, if the temporary folder was cleared.
    const found = await present(cluster, cluster.socket);
    if (found instanceof pg.Client) return { client: found, started };
    if (found.state !== null) silentSince = Date.now();

    if (started && !started.hasEnded()) {
      // Ours, and still on its way.
    } else if (file && (await isPostmaster(cluster, file.pid))) {
      const moved = file.socket !== '' && file.socket !== cluster.socket;
      if (moved || Date.now() - silentSince > silenceLimitMs) {
        log.warn({ pid: file.pid }, 'stopping a PostgreSQL that does not answer');
        await stopPostmaster(file.pid);
      }
    } else {
      if (file) await disownPidFile(cluster, file.pid);
      await socketFolder(cluster.place, cluster.owner);
      started = await startPostmaster(cluster);
      silentSince = Date.now();
    }
    await Promise.race([
      pause(Math.min(15 + attempt * 5, 250)),
      ...(started && !started.hasEnded() ? [started.ended] : []),
    ]);
    // One that ends at once lost the data folder to another hub's, or to processes that outlive a killed postmaster.
    if (started?.hasEnded()) await pause(Math.min(50 + attempt * 25, 500));
  }
  if (started && !started.hasEnded()) await stopPostmaster(started.pid);
  throw new DatabaseSetupError(
    `The embedded PostgreSQL in ${cluster.data} did not start:\n${await lastWords(cluster)}`,
  );
}

/**
 * Starts the embedded PostgreSQL, or joins the one that another hub of the same data folder runs (or that a killed hub left
 * behind), and starts it again whenever it dies.
 * @param options.dataDir folder of the database, created where missing; several hubs may share it
 * @throws DatabaseSetupError where there is none for this system, or it does not answer within a minute
 */
export async function startEmbedded({ dataDir, log }: { dataDir: string; log: Log }): Promise<Embedded> {
  const owner = databaseOwner();
  const place = await realpath(await clusterPlace(dataDir, owner));
  if (place !== dataDir) log.info({ place }, 'the database lies where its user can reach it');
  const files = { binaries: await usableBinaries(place, owner), place, data: join(place, 'postgres'), owner };
  await ensureCluster(files);
  const cluster: Cluster = { ...files, socket: await socketFolder(place, owner) };

  let wanted = true;
  let client: pg.Client | null = null;
  let ready = false;
  let repairing: Promise<void> | null = null;

  /** Takes the connection that stands for "this hub is here", and follows its end. */
  const hold = async (held: pg.Client): Promise<void> => {
    await ensureDatabase(held);
    client = held;
    ready = true;
    held.once('end', () => {
      if (client !== held) return;
      client = null;
      ready = false;
      if (wanted) repairing = repair();
    });
  };
  const repair = async (): Promise<void> => {
    log.warn({}, 'the embedded PostgreSQL is gone; starting it again');
    while (wanted && !ready) {
      try {
        const up = await bringUp(cluster, log, () => wanted);
        if (wanted) await hold(up.client);
        else await letGo(cluster, up.client);
        log.info({}, 'the embedded PostgreSQL answers again');
      } catch (error) {
        if (wanted) log.error({ err: error }, 'the embedded PostgreSQL did not start; trying again');
        await pause(500);
      }
    }
  };

  const up = await bringUp(cluster, log, () => wanted);
  await hold(up.client);
  return {
    connection: connectionOf(cluster, databaseName),
    adopted: up.started === null,
    isReady: () => ready,
    async stop() {
      wanted = false;
      ready = false;
      await repairing;
      const held = client;
      client = null;
      if (held) await letGo(cluster, held);
    },
  };
}

/** Gives up the presence lock, and stops the server if no other hub holds it. */
async function letGo(cluster: Cluster, client: pg.Client): Promise<void> {
  try {
    await client.query(`select pg_advisory_unlock_shared${presence}`);
    const alone = await client.query<{ got: boolean }>(`select pg_try_advisory_lock${presence} as got`);
    const file = alone.rows[0]?.got ? await readPidFile(cluster) : null;
    if (file && (await stopPostmaster(file.pid))) await rmdir(cluster.socket).catch(() => {});
  } catch {
    // The server went away by itself meanwhile, which is what was wanted.
  } finally {
    await client.end().catch(() => {});
  }
}
