/** What has changed since the last install and the last build. Node's own modules only: it runs before `npm ci`. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const sources = ['server', 'console', 'wallboard', 'widget', 'shared'];
const settings = ['package-lock.json', 'vite.config.ts', 'scripts/build.mjs', 'tsconfig.base.json'];

/** @param {string} root the checkout */
export function stampFile(root) {
  return join(root, 'dist', 'build.json');
}

/**
 * The newest modification and the number of source files: a deleted file moves the number, everything else the time.
 * @param {string} root the checkout
 * @returns {{ newest: number, files: number }} `newest` in milliseconds since the epoch
 */
export function newestSource(root) {
  const found = { newest: 0, files: 0 };
  const see = (/** @type {string} */ path) => {
    found.newest = Math.max(found.newest, statSync(path).mtimeMs);
    found.files += 1;
  };
  for (const name of settings) if (existsSync(join(root, name))) see(join(root, name));
  for (const name of sources) {
    if (!existsSync(join(root, name))) continue;
    for (const entry of readdirSync(join(root, name), { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) see(join(entry.parentPath, entry.name));
    }
  }
  return found;
}

/**
 * Whether `dist` is missing or older than the sources.
 * @param {string} root the checkout
 */
export function buildIsStale(root) {
  try {
    const built = JSON.parse(readFileSync(stampFile(root), 'utf8'));
    const now = newestSource(root);
    const whole = existsSync(join(root, 'dist/server/main.js')) && existsSync(join(root, 'dist/web'));
    return !whole || built.newest !== now.newest || built.files !== now.files;
  } catch {
    return true;
  }
}

/**
 * Whether `node_modules` is missing or holds other versions than the lockfile. npm writes `node_modules/.package-lock.json`
 * as the last step of an install, so an interrupted one counts as missing.
 * @param {string} root the checkout
 */
export function installIsStale(root) {
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const installed = JSON.parse(readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8')).packages;
    return Object.keys(wanted).some((path) => {
      if (path === '') return false;
      // Packages for other systems are in the lockfile and not on the disk.
      if (!installed[path]) return !wanted[path].optional;
      return installed[path].version !== wanted[path].version;
    });
  } catch {
    return true;
  }
}
