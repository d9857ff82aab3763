import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIsStale } from '../../scripts/stale.mjs';
import { freePort } from './port.ts';
import { until } from './wait.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A hub as people run it: the built program in a process of its own. */
export interface HubProcess {
  /** As in `http://127.0.0.1:20123`. */
  url: string;
  port: number;
  /** What it has printed so far. */
  output(): string;
  /** Asks it to end (SIGTERM) and gives its exit code. Safe to call after `kill`. */
  stop(): Promise<number | null>;
  /** Ends it as a crash does (SIGKILL). */
  kill(): Promise<void>;
  /** Lets it hang with its connections open (SIGSTOP). */
  freeze(): void;
  /** Ends a freeze (SIGCONT). */
  thaw(): void;
}

export interface HubOptions {
  /** Settings beside PORT and HOST; without DATABASE_URL it starts the embedded database of HALYARD_DATA. */
  env: Record<string, string>;
  /** A free one by default; give the port of a hub that was killed to start it again in its place. */
  port?: number;
  /** Real time until /readyz has to answer. */
  readyMs?: number;
}

/** Builds what is stale, so that a test never runs yesterday's hub. */
export function ensureBuilt(): void {
  if (buildIsStale(root)) execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root });
}

/** Whether the hub at this address says that it can serve. */
export async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1_000) });
    return answer.ok;
  } catch {
    return false;
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/**
 * Starts a hub and waits until it is ready.
 * @throws with what it printed, where it ends before
 */
export async function startHub({ env, port, readyMs = 60_000 }: HubOptions): Promise<HubProcess> {
  ensureBuilt();
  const at = port ?? (await freePort());
  const url = `http://127.0.0.1:${at}`;
  const child = spawn(process.execPath, [join(root, 'dist/server/main.js')], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      TMPDIR: process.env.TMPDIR,
      NODE_ENV: 'production',
      HALYARD_DEMO: 'off',
      ...env,
      HOST: '127.0.0.1',
      PORT: String(at),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const keep = (chunk: Buffer): void => {
    printed += chunk.toString('utf8');
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const gone = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  try {
    await until(
      `the hub on port ${at}`,
      () => {
        if (hasEnded(child)) throw new Error(`the hub ended with ${child.signalCode ?? child.exitCode}`);
        return isReady(url);
      },
      readyMs,
      // A look is a request: a hub that starts on a busy machine should not have to compete with those.
      40,
    );
  } catch (error) {
    await kill();
    throw new Error(`${error instanceof Error ? error.message : error}; it printed:\n${printed}`);
  }
  return {
    url,
    port: at,
    output: () => printed,
    async stop() {
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      return gone;
    },
    kill,
    freeze() {
      child.kill('SIGSTOP');
    },
    thaw() {
      child.kill('SIGCONT');
    },
  };
}
