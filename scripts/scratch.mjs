/** Where tests make their temporary folders. Node's own modules only. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const memory = '/dev/shm';
/** With less room than this the disk is taken, bytes. */
const roomWanted = 4 * 1024 ** 3;

/** Whether programs may be started from a folder in memory: the tests copy PostgreSQL's into theirs. */
function mayRun() {
  const line = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .find((one) => one.split(' ')[1] === memory);
  return line !== undefined && !line.split(' ')[3]?.split(',').includes('noexec');
}

/** Memory, where Linux has it with room; null elsewhere. Nothing that tests make has to outlive the machine. */
function inMemory() {
  if (process.platform !== 'linux') return null;
  try {
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize >= roomWanted && mayRun() ? memory : null;
  } catch {
    return null;
  }
}

/**
 * Removes what runs that were killed have left: in memory it would take room for ever.
 * @param {string} base the folder it lies in
 * @param {string} name what its own name begins with
 */
export function sweep(base, name) {
  for (const found of readdirSync(base)) {
    // The id of the process that made it stands before the last dash.
    const id = found.startsWith(`${name}-`) ? /-(\d+)-[^-]+$/.exec(found)?.[1] : undefined;
    if (id !== undefined && !existsSync(`/proc/${id}`)) rmSync(join(base, found), { recursive: true, force: true });
  }
}

/**
 * Makes an empty folder: inside the run's own, if there is one (TMPDIR), otherwise in memory where there is room, for making
 * and removing databases on disk takes the machine half as long again; otherwise on disk.
 * @param {string} name what its own name begins with
 * @returns {string} its path
 */
export function makeScratch(name) {
  const base = tmpdir().startsWith(memory) ? null : inMemory();
  if (base !== null) sweep(base, name);
  return mkdtempSync(join(base ?? tmpdir(), `${name}-${process.pid}-`));
}
