import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ensureBuilt } from '../support/hub-process.ts';

ensureBuilt();
const web = fileURLToPath(new URL('../../dist/web', import.meta.url));
const read = (file: string): string => readFileSync(join(web, 'assets', file), 'utf8');
const files = readdirSync(join(web, 'assets')).filter((name) => name.endsWith('.js'));
const named = (text: string): string[] => files.filter((file) => text.includes(file));

/** What a script imports before it runs. */
const imported = (file: string): string[] =>
  [...read(file).matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)].map(([, path = '']) => basename(path));

/** Scripts that a page asks for before anything else: those of its document, and what they import. */
function firstLoad(screen: 'console' | 'wallboard'): Set<string> {
  const document = readFileSync(join(web, screen, 'index.html'), 'utf8');
  const seen = new Set<string>();
  const todo = named(document);
  for (let file = todo.pop(); file !== undefined; file = todo.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    todo.push(...imported(file));
  }
  return seen;
}

/** Everything that a page may come to; a script names whatever it loads. */
function everLoaded(screen: 'console' | 'wallboard'): Set<string> {
  const seen = new Set<string>();
  const todo = [...firstLoad(screen)];
  for (let file = todo.pop(); file !== undefined; file = todo.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    todo.push(...named(read(file)));
  }
  return seen;
}

/** The script that starts a screen: nothing imports it. */
function starts(screen: 'console' | 'wallboard'): string[] {
  const document = readFileSync(join(web, screen, 'index.html'), 'utf8');
  return files.filter((file) => document.includes(`src="/assets/${file}"`));
}

test.each([
  ['console', 'wallboard'],
  ['wallboard', 'console'],
] as const)('the %s begins with a few files, and nothing it ever loads starts the %s', (screen, other) => {
  expect([...firstLoad(screen)].length).toBeLessThanOrEqual(5);
  expect(starts(other).length).toBe(1);
  const reached = [...everLoaded(screen)];
  expect(reached).not.toContain(starts(other)[0]);
  expect(reached.filter((file) => file.startsWith(`${other}-first`))).toEqual([]);
});

test('no two files wait for each other, so each runs after what it imports', () => {
  const done = new Set<string>();
  const follow = (file: string, path: readonly string[]): void => {
    expect(path, `${[...path, file].join(' > ')}`).not.toContain(file);
    if (done.has(file)) return;
    for (const next of imported(file)) follow(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) follow(file, []);
});
