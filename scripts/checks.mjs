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

/** @type {{ name: string, args: string[] }[]} */
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
      'human',
    ],
  },
  {
    name: 'lint and format',
    args: [bin('@biomejs/biome', 'biome'), 'check', '--error-on-warnings', '--no-errors-on-unmatched', '.'],
  },
];

/**
 * Runs one program of Node's to its end.
 * @param {string[]} args what follows `node`
 * @param {{ env?: NodeJS.ProcessEnv, quiet?: boolean }} [options] quiet: print its output only if it fails
 * @returns {Promise<number>} exit code; 1 where a signal ended it
 */
export function run(args, { env = process.env, quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: quiet ? 'pipe' : 'inherit' });
    /** @type {Buffer[]} */
    const printed = [];
    child.stdout?.on('data', (chunk) => printed.push(chunk));
    child.stderr?.on('data', (chunk) => printed.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== 0) process.stdout.write(Buffer.concat(printed));
      resolve(code ?? 1);
    });
  });
}

/** Runs every check, side by side, and prints a line for each; gives how many passed and failed. */
export async function runChecks() {
  const results = await Promise.all(
    checks.map(async ({ name, args }) => {
      const started = Date.now();
      const ok = (await run(args, { quiet: true })) === 0;
      console.log(`${ok ? 'ok    ' : 'failed'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
      return ok;
    }),
  );
  const passed = results.filter((ok) => ok).length;
  return { passed, failed: results.length - passed };
}
