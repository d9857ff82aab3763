/**
 * Which file each module of the screens goes into. Left alone, what several parts share becomes a file for each set of parts
 * that share it, some of them of 27 bytes: every request costs more than such a file.
 */
import type { Rolldown } from 'vite';

type Groups = NonNullable<Rolldown.CodeSplittingOptions['groups']>;
type Context = Rolldown.ChunkingContext;

/** A screen: what its page asks for before anything else, and everything that it may come to. */
interface Reach {
  readonly first: ReadonlySet<string>;
  readonly ever: ReadonlySet<string>;
}

function walk(from: string, next: (id: string) => readonly string[]): Set<string> {
  const seen = new Set<string>();
  const todo = [from];
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    todo.push(...next(id));
  }
  return seen;
}

function reach(entry: string, context: Context): Reach {
  const imported = (id: string): readonly string[] => context.getModuleInfo(id)?.importedIds ?? [];
  const asked = (id: string): readonly string[] => context.getModuleInfo(id)?.dynamicallyImportedIds ?? [];
  return { first: walk(entry, imported), ever: walk(entry, (id) => [...imported(id), ...asked(id)]) };
}

/**
 * Beside the bundler's own runtime, first loads are at most four files: the screen's own first script, what both screens
 * begin with, what this one begins with, and of that what the other one may come to later. What is fetched later is shared by whoever asks for it, in files worth a
 * request. No file holds parts of both screens that only one of them can come to: it would bring the other screen along.
 * @param entries the first scripts of the two screens; they start it, so nobody else may load them
 */
export function screenChunks(entries: { readonly console: string; readonly wallboard: string }): Groups {
  let known: { readonly console: Reach; readonly wallboard: Reach } | undefined;
  const reaches = (context: Context) => {
    known ??= { console: reach(entries.console, context), wallboard: reach(entries.wallboard, context) };
    return known;
  };
  const first = (id: string, context: Context): string | null => {
    if (id === entries.console || id === entries.wallboard) return null;
    const { console, wallboard } = reaches(context);
    const inConsole = console.first.has(id);
    const inWallboard = wallboard.first.has(id);
    if (inConsole && inWallboard) return 'floor';
    if (inConsole) return wallboard.ever.has(id) ? 'console-shared' : 'console-first';
    if (inWallboard) return console.ever.has(id) ? 'wallboard-shared' : 'wallboard-first';
    return null;
  };
  const part = (id: string, context: Context): string => {
    const { console, wallboard } = reaches(context);
    if (console.ever.has(id) && wallboard.ever.has(id)) return 'part';
    return console.ever.has(id) ? 'console-part' : 'wallboard-part';
  };
  return [
    { name: first, debugName: 'first', priority: 1, includeDependenciesRecursively: false },
    {
      name: part,
      debugName: 'part',
      minShareCount: 2,
      includeDependenciesRecursively: false,
      entriesAware: true,
      entriesAwareMergeThreshold: 60_000,
    },
  ];
}
