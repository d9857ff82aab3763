/** What `npm test` and `npm run proof` share: programs of the system, runs of vitest, and what may be left behind. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromiumNames, chromiumPackage } from './chromium.mjs';
import { findProgram, isDebian, step } from './prepare.mjs';
import { makeScratch } from './scratch.mjs';
import { watchMachine } from './stalls.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Programs of the system that the tests start, and the Debian package of each. */
const programs = [
  { names: ['redis-server'], debian: 'redis-server' },
  { names: ['haproxy'], debian: 'haproxy' },
  { names: chromiumNames, debian: chromiumPackage },
];

/** @returns {string[]} Debian packages of the programs that are not there */
function missingPackages() {
  return programs
    .filter(({ names }) => !names.some((name) => findProgram(name, existsSync)))
    .map(({ debian }) => debian);
}

/**
 * Installs Redis, HAProxy and Chromium on Debian as root; elsewhere says what to install.
 * @returns {Promise<boolean>} whether everything is there
 */
export async function ensurePrograms() {
  const packages = missingPackages();
  if (packages.length === 0) return true;
  if (!isDebian() || process.getuid?.() !== 0) {
    console.log(
      `The tests need ${packages.join(', ')}; install ${packages.length > 1 ? 'them' : 'it'} and run them again.`,
    );
    return false;
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Debian starts a service that it installs, unless this file says no.
  const policy = '/usr/sbin/policy-rc.d';
  const ours = !existsSync(policy);
  const allow = () => rmSync(policy, { force: true });
  if (ours) {
    writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
    // A step that fails ends this process.
    process.once('exit', allow);
  }
  try {
    await step('Reading the list of Debian packages', 'apt-get', ['update', '-qq'], root, env);
    const args = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
    await step(`Installing ${packages.join(', ')} with apt-get`, 'apt-get', args, root, env);
  } finally {
    if (ours) allow();
  }
  return missingPackages().length === 0;
}

/** A temporary folder for everything that one run makes, so that what is left of it can be found and removed. */
export function openRun() {
  const folder = makeScratch('halyard-run');
  // The database's user has to get in when the tests run as root.
  chmodSync(folder, 0o755);
  return folder;
}

/**
 * Processes that still work in the run's folder or were started with it.
 * @param {string} folder
 * @returns {{ pid: number, command: string }[]}
 */
function leftProcesses(folder) {
  if (process.platform !== 'linux') return [];
  const read = (/** @type {() => string} */ get) => {
    try {
      return get();
    } catch {
      return '';
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      const cwd = read(() => readlinkSync(`/proc/${pid}/cwd`));
      const environment = read(() => readFileSync(`/proc/${pid}/environ`, 'utf8'));
      return cwd.startsWith(folder) || environment.split('\0').includes(`TMPDIR=${folder}`);
    })
    .map((pid) => ({
      pid: Number(pid),
      command: read(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' '),
    }));
}

/**
 * Ends the run: a process that is still there after two seconds is a failure, is named and is killed.
 * @param {string} folder
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function closeRun(folder) {
  let left = leftProcesses(folder);
  for (let waited = 0; left.length > 0 && waited < 2000; waited += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    left = leftProcesses(folder);
  }
  for (const { pid, command } of left) {
    console.log(`left running: ${pid} ${command}`);
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has just ended.
    }
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  const ok = left.length === 0;
  console.log(`${ok ? 'ok    ' : 'failed'} nothing is left running`);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1 };
}

/**
 * What a run came to; `failures` says each failure, to be said again at the end, where somebody looks; `failing` is every file
 * that has one, with how many of its tests passed and failed.
 * @typedef {{ passed: number, failed: number, failures: string[], failing: { file: string, passed: number, failed: number }[] }} Counted
 */

/**
 * Counts a JSON report of vitest: a file that could not be read has no test in it and counts as one failure.
 * @param {{ numPassedTests: number, numFailedTests: number, testResults: { name: string, status: string, message: string, assertionResults: { status: string, fullName: string, failureMessages: string[] }[] }[] }} report
 * @returns {Counted}
 */
export function countReport(report) {
  /** @type {string[]} */
  const failures = [];
  /** @type {Counted['failing']} */
  const failing = [];
  let broken = 0;
  for (const { name, status, message, assertionResults } of report.testResults) {
    const file = relative(root, name);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    for (const test of failed) failures.push(`${file}: ${test.fullName}\n${indented(test.failureMessages.join('\n'))}`);
    if (status !== 'failed' && failed.length === 0) continue;
    if (failed.length === 0) {
      broken += 1;
      failures.push(`${file}: could not be run\n${indented(message)}`);
    }
    const passed = assertionResults.filter((test) => test.status === 'passed').length;
    failing.push({ file, passed, failed: failed.length || 1 });
  }
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken, failures, failing };
}

/**
 * What a run came to whose failing files ran once more.
 * @param {Counted} first
 * @param {Counted} second of the files in `first.failing` and no others
 * @returns {Counted}
 */
export function afterSecondRun(first, second) {
  const sum = (/** @type {'passed' | 'failed'} */ what) => first.failing.reduce((all, file) => all + file[what], 0);
  return {
    passed: first.passed - sum('passed') + second.passed,
    failed: first.failed - sum('failed') + second.failed,
    failures: second.failures,
    failing: second.failing,
  };
}

/** The first lines of a failure: what was expected, and where. */
function indented(/** @type {string} */ message) {
  const lines = message.split('\n').filter((line) => !line.includes('/node_modules/'));
  return lines
    .slice(0, 12)
    .map((line) => `    ${line}`)
    .join('\n');
}

let runs = 0;

/**
 * @typedef {{ folder: string, env?: Record<string, string>, only?: string[], run: (args: string[], options: { env: NodeJS.ProcessEnv }) => Promise<number>, bin: string }} RunOptions
 *   only: further arguments of vitest's, which say what part of the project and how
 */

/**
 * Runs one project of vitest. If tests failed while the machine itself stood still, which no limit in seconds survives, their files
 * run once more, one by one, and that counts.
 * @param {string} project
 * @param {RunOptions} options
 * @returns {Promise<Counted>}
 */
export async function runProject(project, options) {
  const machine = watchMachine();
  const first = await runOnce(project, options);
  const halts = machine.stop();
  if (halts.length > 0) {
    const seconds = halts.reduce((all, ms) => all + ms, 0) / 1000;
    console.log(`The machine stood still ${halts.length} times meanwhile, for ${seconds.toFixed(1)} s in all.`);
  }
  if (halts.length === 0 || first.failing.length === 0) return first;
  for (const failure of first.failures) console.log(`runs again: ${failure}`);
  const files = first.failing.map(({ file }) => file);
  return afterSecondRun(first, await runOnce(project, { ...options, only: ['--no-file-parallelism', ...files] }));
}

/**
 * @param {string} project
 * @param {RunOptions} options
 * @returns {Promise<Counted>}
 */
async function runOnce(project, { folder, env = {}, only = [], run, bin }) {
  runs += 1;
  const output = join(folder, `report-${runs}-${project}.json`);
  const args = [
    bin,
    'run',
    '--project',
    project,
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${output}`,
    ...only,
  ];
  const code = await run(args, { env: { ...process.env, TMPDIR: folder, ...env } });
  if (!existsSync(output)) return { passed: 0, failed: code === 0 ? 0 : 1, failures: [], failing: [] };
  const counted = countReport(JSON.parse(readFileSync(output, 'utf8')));
  // An error outside any test ends the run with a code and no failed test.
  return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
}

/**
 * Starts Debian's PostgreSQL 15 in the run's folder.
 * @param {string} folder
 * @returns {{ url: string, stop: () => void } | null} null where it is not installed
 */
export function startPostgres15(folder) {
  const bin = '/usr/lib/postgresql/15/bin';
  if (!existsSync(join(bin, 'postgres'))) return null;
  const data = join(folder, 'postgres15');
  const identity = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  execFileSync('mkdir', ['-m', '700', data]);
  if (identity.uid) execFileSync('chown', ['65534:65534', data]);
  const options = {
    cwd: data,
    stdio: /** @type {const} */ ('ignore'),
    env: { ...process.env, TMPDIR: folder },
    ...identity,
  };
  execFileSync(
    join(bin, 'initdb'),
    ['-D', join(data, 'cluster'), '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8'],
    options,
  );
  const settings = `-c listen_addresses='' -c unix_socket_directories=${data} -c max_connections=200`;
  const control = (/** @type {string[]} */ ...args) =>
    execFileSync(join(bin, 'pg_ctl'), ['-D', join(data, 'cluster'), '-w', '-l', join(data, 'log'), ...args], options);
  control('-o', settings, 'start');
  return {
    url: `postgres:///postgres?host=${data}&port=5432&user=postgres`,
    stop: () => control('-m', 'fast', 'stop'),
  };
}
