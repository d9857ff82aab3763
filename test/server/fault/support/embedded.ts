import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { isAlive, stopPostmaster } from '../../../../server/db/postmaster.ts';
import { layCluster } from '../../../support/cluster.ts';
import { until } from '../../../support/wait.ts';

/** The folder of an embedded database, and the processes that work in it. */
export interface Cluster {
  /** For HALYARD_DATA. */
  readonly data: string;
  /** The postmaster's process id; null while there is none. */
  pid(): number | null;
  /** How its superuser connects to the hub's database. */
  connection(): pg.ClientConfig;
  /** Waits until another postmaster than this one runs. */
  successor(of: number): Promise<number>;
  /** Sends a signal to the postmaster and everything it has started. */
  signal(signal: NodeJS.Signals): void;
  /** Stops it and removes the folder. */
  remove(): Promise<void>;
}

export function makeCluster(): Cluster {
  const data = mkdtempSync(join(tmpdir(), 'halyard-fault-'));
  chmodSync(data, 0o755);
  layCluster(data);
  const lines = (): string[] => {
    const file = join(data, 'postgres/postmaster.pid');
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  };
  const pid = (): number | null => Number(lines()[0]) || null;
  return {
    data,
    pid,
    connection: () => ({
      host: lines()[4] ?? '',
      port: Number(lines()[3]),
      user: 'postgres',
      database: 'halyard',
    }),
    successor: (of) =>
      until(
        'another postmaster',
        async () => {
          const now = pid();
          return now !== null && now !== of && (await isAlive(now)) ? now : null;
        },
        30_000,
      ),
    signal: (signal) => {
      const postmaster = pid();
      if (postmaster === null) throw new Error('no postmaster runs');
      // The parent first: what is stopped starts nothing more.
      for (const one of [postmaster, ...childrenOf(postmaster)]) process.kill(one, signal);
    },
    remove: async () => {
      const postmaster = pid();
      if (postmaster !== null && (await isAlive(postmaster))) {
        process.kill(postmaster, 'SIGCONT');
        await stopPostmaster(postmaster);
      }
      rmSync(data, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Processes that were started by this one, by Linux' /proc. */
export function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
      } catch {
        return false;
      }
    });
}
