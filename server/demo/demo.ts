import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import type { Database } from '../db/pool.ts';
import type { Log } from '../log.ts';
import { readDialogues } from './dialogues.ts';
import { calm, type Pace } from './director.ts';
import { DemoFloor } from './floor.ts';
import { OtherSide } from './other-side.ts';
import { demoOrganisation, installationSecret, openConversations, readCast } from './queries.ts';

export interface DemoOptions {
  /** Where the hub listens, as in `http://127.0.0.1:4242`. */
  readonly url: string;
  readonly db: Pick<Database, 'system'>;
  /** Names the hub in the log. */
  readonly hubId: string;
  readonly log: Log;
  /** The hub's clock, ms since 1970. */
  readonly clock: () => number;
  /** Numbers from 0 up to, and without, 1. */
  readonly random: () => number;
  readonly pace?: Pace;
}

export interface Demo {
  /** Ends every simulated person and timer. Safe to call twice. */
  stop(): Promise<void>;
  /** Whether this is the one simulator of its database now. */
  readonly playing: boolean;
}

/** Any number, as long as every hub uses the same. */
const turn = '(1212238937, 4)';
/** How soon another hub takes over, and how soon a person is seen to play somebody. */
const lookMs = 1000;
const tickMs = 200;

/**
 * Starts the simulated people of the demo organisation, who talk through real sockets. Of all hubs on a database one
 * simulates: it holds an advisory lock on a connection of its own, which lapses with it. What goes wrong is logged and
 * tried again; it never ends the hub.
 * @throws where the dialogues cannot be read
 */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { db, hubId, log, clock, random, url, pace = calm } = options;
  const dialogues = await readDialogues();
  const over = new AbortController();
  let playing = false;

  const pause = (): Promise<void> => wait(lookMs, undefined, { signal: over.signal }).catch(() => {});

  const play = async (client: pg.PoolClient): Promise<void> => {
    const organisationId = await demoOrganisation(client);
    if (organisationId === null) return;
    const secret = await installationSecret(client);
    // Without it the floor lives all the same.
    const other = await OtherSide.open({ url, db: db.system, secret, organisationId, clock, log }).catch(
      (error: Error) => {
        log.warn({ error: error.message }, 'the demo has no messaging channel');
        return null;
      },
    );
    const floor = new DemoFloor({
      url,
      db: db.system,
      log,
      clock,
      random,
      pace,
      secret,
      organisationId,
      dialogues,
      other,
    });
    const timer = setInterval(() => {
      try {
        floor.tick();
      } catch (error) {
        log.warn({ error: error instanceof Error ? error.stack : String(error) }, 'the demo floor stumbled');
      }
    }, tickMs / Math.min(pace.speed, 10));
    playing = true;
    log.info({ hubId }, 'this hub plays the demo floor');
    try {
      floor.adopt(await openConversations(client, organisationId));
      while (!over.signal.aborted) {
        // The same connection holds the lock: as long as it answers, there is no other simulator.
        floor.cast(await readCast(client, organisationId, secret, clock()));
        await pause();
      }
    } finally {
      playing = false;
      clearInterval(timer);
      floor.close();
      await other?.close();
    }
  };

  const takeTurn = async (): Promise<void> => {
    const client = await db.system.connect();
    let broken = true;
    try {
      const { rows } = await client.query<{ mine: boolean }>(`select pg_try_advisory_lock${turn} as mine`);
      if (rows[0]?.mine === true) {
        await play(client);
        await client.query(`select pg_advisory_unlock${turn}`);
      }
      broken = false;
    } finally {
      // A connection that failed may still hold the lock: it is closed, not kept.
      client.release(broken);
    }
  };

  const run = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await takeTurn().catch((error: Error) => log.warn({ error: error.message }, 'the demo floor was interrupted'));
      await pause();
    }
  };
  const running = run();

  return {
    get playing() {
      return playing;
    },
    stop: async () => {
      over.abort();
      await running;
    },
  };
}
