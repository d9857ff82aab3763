// @vitest-environment node

import { describe, expect, test } from 'vitest';
import { type Import, importsOf, type SourceFile, sourceFiles } from './support/source.ts';

/**
 * The house's rules about who may know whom. Each broken one is printed as a sentence that says what to do instead; the
 * rules themselves are in docs/architecture.md.
 */
type Rule = (file: SourceFile, imported: Import) => string | null;

const screens = ['console', 'wallboard', 'widget'];
const shared = ['shared/contract', 'shared/live', 'shared/client', 'shared/ui'];
/** Outermost first: each may import itself and what stands after it. */
const serverLayers = ['main', 'app', 'room', 'hub', 'auth', 'bus', 'db', 'leaf'] as const;

const top = (path: string): string => path.split('/')[0] ?? '';
const roomOf = (path: string): string => path.split('/')[1] ?? '';

/** Packages that a customer's page has no room for. */
const heavy = /^(zod|bits-ui|lucide\/|uplot|virtua|svelte-sonner|@fontsource)/;

function serverLayer(path: string): (typeof serverLayers)[number] {
  const [, second = '', ...deeper] = path.split('/');
  if (deeper.length === 0) {
    if (second === 'main.ts') return 'main';
    return ['config.ts', 'log.ts', 'clock.ts', 'id.ts'].includes(second) ? 'leaf' : 'app';
  }
  if (second === 'app') return 'app';
  return second === 'hub' || second === 'auth' || second === 'bus' || second === 'db' ? second : 'room';
}

const testsStayOutside: Rule = (file, { path }) =>
  path && top(path) === 'test' && top(file.path) !== 'test'
    ? `${file.path} imports ${path}: nothing imports tests; move what both need to where the code lives`
    : null;

const screensStayApart: Rule = (file, { path }) => {
  const from = top(file.path);
  if (!path || !screens.includes(from) || top(path) === from || top(path) === 'shared') return null;
  return `${file.path} imports ${path}: a screen knows itself and shared/ only; what two screens need belongs into shared/`;
};

const sharedGoesOneWay: Rule = (file, { path }) => {
  const from = shared.findIndex((layer) => file.path.startsWith(`${layer}/`));
  if (!path || from < 0) return null;
  const to = shared.findIndex((layer) => path.startsWith(`${layer}/`));
  if (to >= 0 && to <= from) return null;
  return `${file.path} imports ${path}: imports go ui -> client -> live -> contract, and shared/ knows no screen and no server`;
};

const serverKnowsNoScreen: Rule = (file, { path }) => {
  if (!path || top(file.path) !== 'server' || top(path) === 'server') return null;
  if (path.startsWith('shared/contract/') || path.startsWith('shared/live/')) return null;
  return `${file.path} imports ${path}: the server imports shared/contract and shared/live only`;
};

const serverGoesOneWay: Rule = (file, { path }) => {
  if (!path || top(file.path) !== 'server' || top(path) !== 'server') return null;
  const from = serverLayer(file.path);
  const to = serverLayer(path);
  if (serverLayers.indexOf(from) <= serverLayers.indexOf(to)) return null;
  return `${file.path} (${from}) imports ${path} (${to}): inside the server imports go ${serverLayers.slice(0, -1).join(' -> ')}; hand it in from above instead`;
};

const roomsKeepTheirCommands: Rule = (file, { path }) => {
  if (!path || top(file.path) !== 'server' || top(path) !== 'server') return null;
  if (serverLayer(file.path) !== 'room' || serverLayer(path) !== 'room' || roomOf(file.path) === roomOf(path))
    return null;
  const room = roomOf(path);
  if (path === `server/${room}/${room}.ts` || path === `server/${room}/queries.ts`) return null;
  return `${file.path} imports ${path}: a room may use another room's noun (${room}.ts) and queries.ts, never its commands; a reaction is the way to follow another room's event`;
};

const widgetTakesTypes: Rule = (file, { path, specifier, typeOnly }) => {
  if (top(file.path) !== 'widget' || typeOnly) return null;
  if (path === null) {
    return heavy.test(specifier) ? `${file.path} imports ${specifier}: it is too heavy for a customer's page` : null;
  }
  if (top(path) === 'widget' || path === 'shared/ui/tokens.css') return null;
  // The two that carry no schema and stand alone.
  if (/\/customer\.ts$/.test(path) || path === 'shared/contract/uuid.ts' || path === 'shared/contract/version.ts')
    return null;
  return `${file.path} imports ${path}: the widget takes types and */customer.ts only, so that no schema and no staff's payload comes with it`;
};

const rules: Rule[] = [
  testsStayOutside,
  screensStayApart,
  sharedGoesOneWay,
  serverKnowsNoScreen,
  serverGoesOneWay,
  roomsKeepTheirCommands,
  widgetTakesTypes,
];

function broken(files: SourceFile[]): string[] {
  return files.flatMap((file) =>
    importsOf(file).flatMap((imported) =>
      rules.map((rule) => rule(file, imported)).filter((sentence) => sentence !== null),
    ),
  );
}

const code = sourceFiles(['.ts', '.svelte', '.mjs']);
const byPath = new Map(code.map((file) => [file.path, file]));

describe('imports', () => {
  test('go the way the house is built', () => {
    expect(broken(code)).toEqual([]);
  });

  test('bring no heavy package into the widget, however far away it is imported', () => {
    const seen = new Set<string>();
    const reach = (path: string): string[] => {
      const file = byPath.get(path);
      if (!file || seen.has(path)) return [];
      seen.add(path);
      return importsOf(file)
        .filter(({ typeOnly }) => !typeOnly)
        .flatMap((imported) => {
          if (imported.path !== null) return reach(imported.path);
          return heavy.test(imported.specifier) ? [`${path} brings ${imported.specifier} into the widget`] : [];
        });
    };
    expect(code.filter(({ path }) => top(path) === 'widget').flatMap(({ path }) => reach(path))).toEqual([]);
  });

  test('bring no schema library into the first load of a screen: what parses nothing needs none', () => {
    const seen = new Set<string>();
    const reach = (path: string): string[] => {
      const file = byPath.get(path);
      if (!file || seen.has(path)) return [];
      seen.add(path);
      return importsOf(file)
        .filter(({ typeOnly, later }) => !typeOnly && !later)
        .flatMap((imported) => {
          if (imported.path !== null) return reach(imported.path);
          return imported.specifier === 'zod'
            ? [
                `${path} brings zod into the first load: keep lists and defaults in a file without schemas, as policy.ts`,
              ]
            : [];
        });
    };
    expect(['console/main.ts', 'wallboard/main.ts'].flatMap(reach)).toEqual([]);
  });

  test.each([
    ['server/flag/raise.ts', "import { answer } from '../side-chat/write.ts';", 'never its commands'],
    ['server/hub/batch.ts', "import { flag } from '../flag/flag.ts';", 'imports go main'],
    ['server/db/pool.ts', "import type { Hub } from '../hub/hub.ts';", 'imports go main'],
    ['server/flag/raise.ts', "import { floor } from '../../shared/client/floor.svelte.ts';", 'shared/live only'],
    ['shared/live/apply.ts', "import { now } from '../ui/now.svelte.ts';", 'ui -> client'],
    ['shared/contract/flag.ts', "import { x } from '../../server/flag/flag.ts';", 'knows no screen'],
    ['console/App.svelte', "  import Board from '../wallboard/Board.svelte';", 'belongs into shared/'],
    ['widget/chat.ts', "import { flag } from '../shared/contract/flag.ts';", 'types and */customer.ts only'],
    ['widget/chat.ts', "import { z } from 'zod';", 'too heavy'],
    ['shared/live/apply.ts', "const x = await import('../../test/support/wait.ts');", 'nothing imports tests'],
  ])('%s with %s would be found', (path, text, sentence) => {
    expect(broken([{ path, text }])).toEqual(expect.arrayContaining([expect.stringContaining(sentence)]));
  });

  test.each([
    ['server/flag/raise.ts', "import { session } from '../session/session.ts';"],
    ['server/flag/raise.ts', "import { open } from '../session/queries.ts';"],
    ['server/app.ts', "import { raise } from './flag/raise.ts';"],
    ['widget/chat.ts', "import type { Flag } from '../shared/contract/flag.ts';"],
    ['widget/chat.ts', "import { type A, type B } from '../shared/contract/flag.ts';"],
    ['widget/chat.ts', "import { line } from '../shared/contract/customer.ts';"],
    ['console/App.svelte', "// import Board from '../wallboard/Board.svelte';"],
  ])('%s with %s is fine', (path, text) => {
    expect(broken([{ path, text }])).toEqual([]);
  });
});

describe('files', () => {
  test('are at most 500 lines long', () => {
    const long = sourceFiles(['.ts', '.svelte', '.mjs', '.css', '.sql', '.html'])
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > 500)
      .map(({ path, lines }) => `${path} has ${lines} lines: a second thing in it wants a file of its own`);
    expect(long).toEqual([]);
  });

  test('are no barrels', () => {
    const barrels = code
      .filter(({ path, text }) => {
        const rest = text
          .replace(/\/\*[\s\S]*?\*\//g, '')
          .replace(/^\s*\/\/.*$/gm, '')
          .replace(/^export\s+(type\s+)?(\*|\{[^}]*\})(\s+as\s+\w+)?\s+from\s+['"][^'"]+['"];?$/gm, '');
        return /(^|\/)index\.ts$/.test(path) || (text.trim() !== '' && rest.trim() === '');
      })
      .map(({ path }) => `${path} only passes on what others export; import from where a thing lives`);
    expect(barrels).toEqual([]);
  });

  test('have no default exports, but where a tool asks for one', () => {
    const tools = /^([\w.]+\.config\.ts|test\/support\/(client-environment|global-[\w-]+)\.ts)$/;
    const named = code
      .filter(({ path, text }) => !tools.test(path) && !path.endsWith('.svelte') && /^export default\b/m.test(text))
      .map(({ path }) => `${path} has a default export: a thing has one name everywhere`);
    expect(named).toEqual([]);
  });

  test('never put markup from text into a page', () => {
    const opening = `{${'@html'}`;
    const unsafe = code
      .filter(({ path, text }) => path.endsWith('.svelte') && text.includes(opening))
      .map(({ path }) => `${path} uses ${opening}: what people write is text and stays text`);
    expect(unsafe).toEqual([]);
  });

  test('name no machine and no registry', () => {
    const machine =
      /(^|[\s"'`(=:])\/(work|root|home|Users)\/[\w.-]+|https?:\/\/[^/\s"']*(registry|artifactory|nexus|verdaccio)[^/\s"']*|"resolved":/;
    const endings = [
      '.ts',
      '.svelte',
      '.mjs',
      '.json',
      '.md',
      '.yml',
      '.yaml',
      '.html',
      '.css',
      '.sql',
      '.conf',
      'Dockerfile',
    ];
    const named = sourceFiles(endings)
      .filter(({ path }) => path !== 'test/architecture.test.ts')
      .flatMap(({ path, text }) =>
        text
          .split('\n')
          .flatMap((line, at) => (machine.test(line) ? [`${path}:${at + 1} ${line.trim().slice(0, 120)}`] : [])),
      );
    expect(named).toEqual([]);
  });
});
