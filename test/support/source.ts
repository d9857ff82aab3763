import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** One file of the project: its path from the root, with slashes, and its text. */
export interface SourceFile {
  path: string;
  text: string;
}

export interface Import {
  /** What stands between the quotes. */
  specifier: string;
  /** The imported file's path from the root; null for a package. */
  path: string | null;
  /** Whether it vanishes when the types do. */
  typeOnly: boolean;
  /** Whether it is loaded when it is asked for, and not with the file. */
  later: boolean;
}

const skipped = new Set(['node_modules', 'dist', 'pictures', 'data']);

/** Every text file of the project whose name ends so, without what is installed or built. */
export function sourceFiles(endings: string[]): SourceFile[] {
  const found: SourceFile[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.name.startsWith('.') || skipped.has(entry.name)) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (endings.some((ending) => entry.name.endsWith(ending))) {
        found.push({ path: relative(root, path).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') });
      }
    }
  };
  walk(root);
  return found;
}

const statement =
  /^[ \t]*(?:import|export)\s+(?<what>(?:type\s+)?(?:[\w$*\s{},]|\btype\b)*?)\s*(?:\bfrom\s*)?['"](?<from>[^'"\n]+)['"]/gm;
const dynamic = /\bimport\(\s*['"](?<from>[^'"\n]+)['"]\s*\)/g;

function isTypeOnly(what: string): boolean {
  const trimmed = what.trim();
  if (trimmed.startsWith('type ') || trimmed.startsWith('type{')) return true;
  const named = /^\{(?<names>[^}]*)\}$/.exec(trimmed)?.groups?.names;
  if (named === undefined) return false;
  return named
    .split(',')
    .filter((name) => name.trim() !== '')
    .every((name) => name.trim().startsWith('type '));
}

/** What a file imports or passes on, in the order of the file. */
export function importsOf({ path, text }: SourceFile): Import[] {
  const bare = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const read = (specifier: string, typeOnly: boolean, later = false): Import => ({
    specifier,
    path: specifier.startsWith('.') ? posix.join(dirname(path), specifier.split('?')[0] ?? '') : null,
    typeOnly,
    later,
  });
  const static_ = [...bare.matchAll(statement)].map(({ groups }) =>
    read(groups?.from ?? '', isTypeOnly(groups?.what ?? '')),
  );
  return [...static_, ...[...bare.matchAll(dynamic)].map(({ groups }) => read(groups?.from ?? '', false, true))];
}
