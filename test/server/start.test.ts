import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isAlive, stopPostmaster } from '../../server/db/postmaster.ts';
import { layCluster } from '../support/cluster.ts';
import { ensureBuilt, isReady } from '../support/hub-process.ts';
import { freePort } from '../support/port.ts';
import { until } from '../support/wait.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

let data: string;
let child: ChildProcess | undefined;
let printed: string;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'halyard-start-'));
  chmodSync(data, 0o755);
  printed = '';
  ensureBuilt();
});

afterEach(async () => {
  child?.kill('SIGKILL');
  const pid = postmasterPid();
  if (pid) await stopPostmaster(pid);
  rmSync(data, { recursive: true, force: true });
});

/** `npm start` without npm, in a process group of its own as a shell makes it, and without a terminal. */
function start(env: Record<string, string>): ChildProcess {
  child = spawn(process.execPath, [join(root, 'scripts/start.mjs')], {
    cwd: root,
    detached: true,
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, HALYARD_DATA: data, HALYARD_DEMO: 'off', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const keep = (chunk: Buffer): void => {
    printed += chunk.toString('utf8');
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return child;
}

function postmasterPid(): number | null {
  const file = join(data, 'postgres/postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : null;
}

const closed = (started: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => started.once('close', (code) => resolve(code)));

describe('npm start', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'prints the three addresses, and %s to its group leaves nothing running',
    async (signal) => {
      // One of the two on a cluster that it has made itself.
      if (signal === 'SIGTERM') layCluster(data);
      const port = await freePort();
      const started = start({ PORT: String(port) });
      const end = closed(started);
      await until('the hub', () => isReady(`http://127.0.0.1:${port}`), 20_000);
      await until('the addresses', () =>
        ['/customer', '/console', '/wallboard'].every((path) => printed.includes(`http://127.0.0.1:${port}${path}`)),
      );
      const pid = postmasterPid() ?? 0;
      expect(await isAlive(pid)).toBe(true);
      process.kill(-Number(started.pid), signal);
      expect(await end).toBe(0);
      expect(await isAlive(pid)).toBe(false);
    },
  );

  test.each([
    ['PORT', 'eighty', /PORT is "eighty", but must be/],
    ['DATABASE_URL', 'mysql://localhost/x', /DATABASE_URL is .* but must be postgres:/],
    ['DATABASE_URL', 'postgres://nobody:hunter2@127.0.0.1:1/x', /127\.0\.0\.1/],
    ['HALYARD_ORIGIN', 'https://example.com', /HALYARD_ORIGIN is no setting/],
  ])('with a wrong %s says so in a sentence and ends with 1', async (name, value, sentence) => {
    const end = closed(start({ PORT: '0', [name]: value }));
    expect(await end).toBe(1);
    expect(printed).toMatch(sentence);
    expect(printed).not.toMatch(/hunter2|^\s+at /m);
  });

  test('with a port that is taken says so and leaves no database running', async () => {
    layCluster(data);
    const port = await freePort();
    const first = start({ PORT: String(port) });
    await until('the hub', () => isReady(`http://127.0.0.1:${port}`), 20_000);
    printed = '';
    const firstData = data;
    data = mkdtempSync(join(tmpdir(), 'halyard-start-'));
    chmodSync(data, 0o755);
    layCluster(data);
    const second = start({ PORT: String(port) });
    expect(await closed(second)).toBe(1);
    expect(printed).toContain(String(port));
    expect(postmasterPid()).toBe(null);
    const end = closed(first);
    first.kill('SIGTERM');
    expect(await end).toBe(0);
    rmSync(firstData, { recursive: true, force: true });
  });
});
