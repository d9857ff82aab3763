/**
 * `npm run bench`: measures the goals of docs/bench.md against their floors, in one run. Bundles `bench/` into `dist/bench`, with
 * the hub's own sources in it, so that what is measured is built the way `npm start` builds it.
 */
import { spawn } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkNode, install, step } from './prepare.mjs';
import { buildIsStale, installIsStale } from './stale.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = join(root, 'dist', 'bench');

/** Bundles the bench and the processes it starts. */
async function bundle() {
  const { build } = await import('esbuild');
  rmSync(out, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: ['bench/main.ts', 'bench/process/hub.ts', 'bench/process/raw.ts', 'bench/process/crowd.ts'],
    outdir: out,
    outbase: 'bench',
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
    logLevel: 'warning',
  });
  // Each bundle looks for the migrations beside itself.
  for (const place of [out, join(out, 'process')])
    cpSync(join(root, 'server/db/migration'), join(place, 'migration'), { recursive: true });
}

checkNode();
if (installIsStale(root)) await install(root);
if (buildIsStale(root)) await step('Building', process.execPath, ['scripts/build.mjs'], root);
await bundle();
const bench = spawn(process.execPath, ['--enable-source-maps', join(out, 'main.js'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
// Ctrl-C reaches the bench by itself; it ends what it started, and then this ends.
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    if (signal === 'SIGTERM') bench.kill('SIGTERM');
  });
bench.on('close', (code) => {
  process.exitCode = code ?? 1;
});
