import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { chown, mkdir, open, readdir, readFile, readlink, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Owner } from './embedded-files.ts';
import { DatabaseSetupError } from './errors.ts';

/** Everything about one embedded cluster that does not change while the hub runs. All paths are absolute. */
export interface ClusterFiles {
  /** Folder with `bin/initdb` and `bin/postgres`. */
  binaries: string;
  /** Folder of the cluster, of PostgreSQL's log and of scratch folders. */
  place: string;
  /** PostgreSQL's data directory. */
  data: string;
  owner: Owner | null;
}

export interface Cluster extends ClusterFiles {
  /** Folder of the Unix socket. */
  socket: string;
}

/** Only a part of the socket's name: the server listens on no TCP port. */
export const socketPort = 5432;
export const superuser = 'postgres';
export const majorVersion = '18';

const scratchPrefix = '.initdb-';
/** Tells this process from an earlier one of the same number. */
const thisRun = randomUUID().slice(0, 8);
const logLimitBytes = 10_000_000;
/** No system hands out this process id, so PostgreSQL takes a pid file that names it for a dead one's. */
const neverAlive = '2147483647';

/** Whether the process runs; a zombie, whose parent has not taken note of its end, does not. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return Reflect.get(Object(error), 'code') === 'EPERM';
  }
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return !/^\d+ \(.*\) Z/s.test(status);
}

function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
}

function identity({ owner }: ClusterFiles): { uid?: number; gid?: number } {
  return owner ? { uid: owner.uid, gid: owner.gid } : {};
}

async function removeScratch(place: string): Promise<void> {
  for (const name of await readdir(place)) {
    const [pid, run] = name.startsWith(scratchPrefix) ? name.slice(scratchPrefix.length).split('-') : [];
    if (pid === undefined || (Number(pid) === process.pid && run === thisRun)) continue;
    // In a container the killed hub often had the number that this one has.
    if (Number(pid) === process.pid || !(await isAlive(Number(pid)))) {
      await rm(join(place, name), { recursive: true, force: true });
    }
  }
}

/**
 * Makes the cluster if there is none. It is made in a scratch folder that gets its name in one step, because a killed initdb
 * leaves a folder that looks whole and is not; two hubs that try at once both succeed, and one folder is used.
 * @throws DatabaseSetupError where the cluster is of another major version, or initdb fails (with what it printed)
 */
export async function ensureCluster(cluster: ClusterFiles): Promise<void> {
  await removeScratch(cluster.place);
  const version = await readFile(join(cluster.data, 'PG_VERSION'), 'utf8').catch(() => null);
  if (version !== null) {
    if (version.trim() === majorVersion) return;
    throw new DatabaseSetupError(
      `The database in ${cluster.data} was made by PostgreSQL ${version.trim()}, and this version of Halyard carries ${majorVersion}; dump it with the old version and restore it into an empty folder.`,
    );
  }
  const scratch = join(cluster.place, `${scratchPrefix}${process.pid}-${thisRun}-${randomUUID().slice(0, 8)}`);
  await mkdir(scratch, { mode: 0o700 });
  if (cluster.owner) await chown(scratch, cluster.owner.uid, cluster.owner.gid);
  await initdb(cluster, scratch);
  try {
    await rename(scratch, cluster.data);
  } catch (error) {
    await rm(scratch, { recursive: true, force: true });
    const code = Reflect.get(Object(error), 'code');
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
  const folder = await open(cluster.place);
  await folder.sync();
  await folder.close();
}

function initdb(cluster: ClusterFiles, folder: string): Promise<void> {
  // A fixed collation, the same on every machine: an index must not depend on the system's C library.
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--encoding=UTF8'];
  // Whoever reaches the socket in its private folder is a superuser; no password is needed, and TCP is off.
  const access = [`--username=${superuser}`, '--auth-local=trust', '--auth-host=reject'];
  const child = spawn(join(cluster.binaries, 'bin/initdb'), ['-D', folder, ...locale, ...access, '--no-instructions'], {
    cwd: folder,
    env: environment(),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...identity(cluster),
  });
  let printed = '';
  const keep = (chunk: Buffer): void => {
    printed = (printed + chunk.toString('utf8')).slice(-2_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new DatabaseSetupError(`initdb ended with ${signal ?? `exit code ${code}`}: ${printed.trim()}`));
    });
  });
}

/** What PostgreSQL's pid file says; null where there is none or it is still being written. */
export async function readPidFile(cluster: Cluster): Promise<{ pid: number; socket: string } | null> {
  const text = await readFile(join(cluster.data, 'postmaster.pid'), 'utf8').catch(() => '');
  const [pid = '', , , , socket = ''] = text.split('\n');
  return /^\d+$/.test(pid) ? { pid: Number(pid), socket } : null;
}

/** Whether the process is a postmaster of this cluster, judged by its command line or its working directory. */
export async function isPostmaster(cluster: Cluster, pid: number): Promise<boolean> {
  if (!(await isAlive(pid))) return false;
  if (process.platform !== 'linux') return (await commandOf(pid)).includes(cluster.data);
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if (command.split('\0').includes(cluster.data)) return true;
  return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === cluster.data;
}

async function commandOf(pid: number): Promise<string> {
  const run = promisify(execFile);
  return run('ps', ['-o', 'command=', '-p', String(pid)]).then(
    ({ stdout }) => stdout,
    () => '',
  );
}

/**
 * Names a dead process in a pid file that a crash left behind and whose number now belongs to some other program, which
 * PostgreSQL would take for a running server. The file itself stays: its shared memory key still guards against
 * processes of the old server that outlive it.
 */
export async function disownPidFile(cluster: Cluster, pid: number): Promise<void> {
  const path = join(cluster.data, 'postmaster.pid');
  const text = await readFile(path, 'utf8').catch(() => '');
  if (text.startsWith(`${pid}\n`)) await writeFile(path, text.replace(String(pid), neverAlive));
}

/** A postmaster that this process started. */
export interface Started {
  pid: number;
  /** Resolves when it has ended, for whatever reason. */
  ended: Promise<void>;
  hasEnded(): boolean;
}

/**
 * Starts the postmaster in its own session, so that a Ctrl-C meant for the hub lets the hub drain before its database
 * stops, and a killed hub leaves a database that the next one adopts.
 */
export async function startPostmaster(cluster: Cluster): Promise<Started> {
  const logPath = join(cluster.place, 'postgres.log');
  const size = await stat(logPath).then(
    (found) => found.size,
    () => 0,
  );
  if (size > logLimitBytes) await rename(logPath, `${logPath}.1`);
  const log = openSync(logPath, 'a', 0o600);
  const settings = {
    listen_addresses: '',
    unix_socket_directories: cluster.socket,
    unix_socket_permissions: '0700',
    port: String(socketPort),
    max_connections: '200',
    // A log that is kept must not hold what people wrote: no statements, no details with column values.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(join(cluster.binaries, 'bin/postgres'), ['-D', cluster.data, ...args], {
    cwd: cluster.data,
    env: environment(),
    detached: true,
    stdio: ['ignore', log, log],
    ...identity(cluster),
  });
  closeSync(log);
  let over = false;
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      over = true;
      resolve();
    };
    child.on('exit', end);
    child.on('error', end);
  });
  child.unref();
  return { pid: child.pid ?? 0, ended, hasEnded: () => over };
}

/** The end of PostgreSQL's own log, for a sentence about why it does not start. */
export async function lastWords(cluster: Cluster): Promise<string> {
  const text = await readFile(join(cluster.place, 'postgres.log'), 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-5).join('\n');
}

/**
 * Stops a postmaster: fast (clients are cut, what is committed is flushed), after `patienceMs` immediately (as after a
 * crash, the log is replayed on the next start).
 * @returns whether it is gone
 */
export async function stopPostmaster(pid: number, patienceMs = 10_000): Promise<boolean> {
  for (const [signal, patience] of [
    ['SIGINT', patienceMs],
    ['SIGQUIT', 5_000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return true;
    }
    for (let waited = 0; waited < patience; waited += 10) {
      if (!(await isAlive(pid))) return true;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  return !(await isAlive(pid));
}
