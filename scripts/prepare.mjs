/** Steps before the packages are there. Node's own modules only. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const oldestNode = { major: 20, minor: 19 };

/** Ends with a sentence on a Node that is too old. */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > oldestNode.major || (major === oldestNode.major && minor >= oldestNode.minor)) return;
  console.error(
    `Halyard needs Node ${oldestNode.major}.${oldestNode.minor} or newer, and this is ${process.versions.node}.`,
  );
  process.exit(1);
}

/**
 * Runs a program with one line before and after it, and ends this process with its output when it fails. A signal that
 * reaches only this process is passed on.
 * @param {string} title as in "Building"
 * @param {string} program
 * @param {string[]} args
 * @param {string} cwd
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<void>}
 */
export function step(title, program, args, cwd, env = process.env) {
  const started = Date.now();
  console.log(`${title} ...`);
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    /** @type {Buffer[]} */
    const printed = [];
    child.stdout.on('data', (chunk) => printed.push(chunk));
    child.stderr.on('data', (chunk) => printed.push(chunk));
    const stop = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    child.on('error', (error) => printed.push(Buffer.from(`${error.message}\n`)));
    child.on('close', (code, signal) => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      if (code === 0) {
        console.log(`${title} took ${((Date.now() - started) / 1000).toFixed(1)} s`);
        resolve();
        return;
      }
      if (signal === null) process.stderr.write(Buffer.concat(printed));
      console.error(`${title} failed${signal ? ` (${signal})` : ''}.`);
      process.exit(code || 1);
    });
  });
}

/**
 * Installs exactly what the lockfile says.
 * @param {string} root the checkout
 */
export function install(root) {
  // Build tools are development packages; a NODE_ENV=production of the machine must not leave them out.
  return step('Installing packages', 'npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], root);
}

/** Whether this is Debian or made from it. */
export function isDebian() {
  try {
    return /^(ID|ID_LIKE)=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

/**
 * Path of a program, or null.
 * @param {string} name
 * @param {(path: string) => boolean} exists
 */
export function findProgram(name, exists) {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/local/bin', '/usr/bin', '/usr/sbin'];
  return folders.map((folder) => join(folder, name)).find(exists) ?? null;
}
