import { type ChildProcess, spawn } from 'node:child_process';
import { createConnection } from 'node:net';
import { freePort } from './port.ts';
import { until } from './wait.ts';

/** A real Redis of the test's own, which it may harm. */
export interface TestRedis {
  url: string;
  /** Ends it in order. Safe to call twice, and after `kill`. */
  stop(): Promise<void>;
  /** Ends it as a crash does (SIGKILL). */
  kill(): Promise<void>;
  /** Starts it again on the same port, empty, after `kill` or `stop`. */
  restart(): Promise<void>;
  /** Lets it hang: connections stay open and nothing answers (SIGSTOP). */
  freeze(): void;
  /** Ends a freeze (SIGCONT). */
  thaw(): void;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.setTimeout(500, () => socket.destroy());
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (data) => {
      resolve(data.toString().startsWith('+PONG'));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

async function launch(port: number): Promise<ChildProcess> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', '/tmp'];
  const child = spawn('redis-server', args, { stdio: 'ignore' });
  let failed: Error | null = null;
  child.once('error', (error) => {
    failed = new Error('redis-server is not installed; on Debian: apt-get install redis-server', { cause: error });
  });
  await until(`Redis on port ${port}`, () => {
    if (failed) throw failed;
    if (child.exitCode !== null) throw new Error(`redis-server ended with exit code ${child.exitCode}`);
    return answers(port);
  });
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await gone;
}

/** Starts `redis-server` on a free port, in memory only. */
export async function startRedis(): Promise<TestRedis> {
  const port = await freePort();
  let child = await launch(port);
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      // A frozen process would take the request to end only after the thaw.
      child.kill('SIGCONT');
      await end(child, 'SIGTERM');
    },
    kill: () => end(child, 'SIGKILL'),
    async restart() {
      child = await launch(port);
    },
    freeze() {
      child.kill('SIGSTOP');
    },
    thaw() {
      child.kill('SIGCONT');
    },
  };
}
