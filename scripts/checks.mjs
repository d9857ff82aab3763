/** The checks that need no running program: types, components, lint and format. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

/**
 * The script behind a package's command, so that nothing depends on which package won a name in `.bin`.
 * @param {string} packageName
 * @param {string} command
 */
export function bin(packageName, command) {
  const manifest = join(root, 'node_modules', packageName, 'package.json');
  const entry = require(manifest).bin;
  return join(dirname(manifest), typeof entry === 'string' ? entry : entry[command]);
}

/**
 * What svelte-check found (`--output machine-verbose`) in files of ours: what it says of a package's own components is not
 * for us to mend.
 * @param {string} output
 * @returns {string[]} a line for each, with the file and its place, counted from 1
 * @throws with what it printed, where it did not come to its end
 */
export function svelteProblems(output) {
  if (!/^\d+ COMPLETED /m.test(output)) throw new Error(output);
  return output.split('\n').flatMap((line) => {
    const found = /^\d+ (\{.*\})$/.exec(line)?.[1];
    if (found === undefined) return [];
    const { filename, start, message } = JSON.parse(found);
    return filename.startsWith('node_modules/')
      ? []
      : [`${filename}:${start.line + 1}:${start.character + 1} ${message}`];
  });
}

/**
 * `problems`, for a program whose exit code says too much: what is wrong, of what it printed.
 * @type {{ name: string, args: string[], problems?: (output: string) => string[] }[]}
 */
export const checks = [
  { name: 'types of the server', args: [bin('@typescript/native', 'tsc'), '-p', 'tsconfig.server.json'] },
  {
    name: 'types of screens and components',
    args: [
      bin('svelte-check', 'svelte-check'),
      '--tsconfig',
      'tsconfig.json',
      '--fail-on-warnings',
      '--output',
      'machine-verbose',
      // The native compiler takes a quarter of the time.
      '--tsgo-experimental-api',
    ],
    problems: svelteProblems,
  },
  {
    name: 'lint and format',
    args: [bin('@biomejs/biome', 'biome'), 'check', '--error-on-warnings', '--no-errors-on-unmatched', '.'],
  },
];

/**
 * Runs one program of Node's to its end, with its output on ours.
 * @param {string[]} args what follows `node`
 * @param {{ env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} exit code; 1 where a signal ended it
 */
export async function run(args, { env = process.env } = {}) {
  return (await ended(spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit' }))).code;
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<{ code: number, printed: string }>} printed: where its output is piped
 */
function ended(child) {
  /** @type {Buffer[]} */
  const printed = [];
  child.stdout?.on('data', (chunk) => printed.push(chunk));
  child.stderr?.on('data', (chunk) => printed.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, printed: Buffer.concat(printed).toString('utf8') }));
  });
}

/**
 * Runs a check, and prints what it found.
 * @param {(typeof checks)[number]} check
 * @returns {Promise<boolean>} whether that is nothing
 */
async function holds({ args, problems }) {
  const { code, printed } = await ended(spawn(process.execPath, args, { cwd: root, stdio: 'pipe' }));
  if (code === 0) return true;
  try {
    const found = problems?.(printed) ?? [printed];
    if (found.length > 0) console.log(found.join('\n'));
    return found.length === 0;
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
    return false;
  }
}

/** Runs every check, side by side, and prints a line for each; gives how many passed and failed. */
export async function runChecks() {
  const results = await Promise.all(
    checks.map(async (check) => {
      const started = Date.now();
      const ok = await holds(check);
      console.log(`${ok ? 'ok    ' : 'failed'} ${check.name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
      return ok;
    }),
  );
  const passed = results.filter((ok) => ok).length;
  return { passed, failed: results.length - passed };
}
