/**
 * `npm test`: types, lint, format, unit tests, the hub on real PostgreSQL and Redis, and real Chromium, one pass of each.
 * `npm run proof` (`--proof`) is the wide matrix: long seeds, every state and theme (HALYARD_PROOF=1), and PostgreSQL 15 too.
 * Installs what is missing. The last line is `N passed, N failed`.
 */
import { fileURLToPath } from 'node:url';
import { checkNode, install, step } from './prepare.mjs';
import { buildIsStale, installIsStale } from './stale.mjs';
import { closeRun, ensurePrograms, openRun, runProject, startPostgres15 } from './test-tools.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const proof = process.argv.includes('--proof');
/** @type {{ passed: number, failed: number, failures: string[] }} */
const total = { passed: 0, failed: 0, failures: [] };

function add(/** @type {{ passed: number, failed: number, failures?: string[] }} */ { passed, failed, failures = [] }) {
  total.passed += passed;
  total.failed += failed;
  total.failures.push(...failures);
}

async function runAll() {
  // Only now, for these need the packages.
  const { bin, run, runChecks } = await import('./checks.mjs');
  const checks = runChecks();
  // Side by side: most of the checks' time is one program's, on one core.
  if (buildIsStale(root)) await step('Building', process.execPath, ['scripts/build.mjs'], root);
  const folder = openRun();
  const vitest = { folder, run, bin: bin('vitest', 'vitest') };
  /** @type {Record<string, string>} */
  const env = proof ? { HALYARD_PROOF: '1' } : {};
  add(await runProject('unit', { ...vitest, env }));
  add(await checks);
  if (proof) {
    // The goals' own bounds in seconds are for hubs that have the machine to themselves.
    const faults = 'test/server/fault';
    add(await runProject('server', { ...vitest, env, only: ['--no-file-parallelism', faults] }));
    add(await runProject('server', { ...vitest, env, only: ['--exclude', `${faults}/**`] }));
  } else add(await runProject('server', { ...vitest, env }));
  add(await runProject('e2e', { ...vitest, env }));
  if (proof) {
    const older = startPostgres15(folder);
    if (older) {
      console.log('The hub on PostgreSQL 15, with the short seeds:');
      add(await runProject('server', { ...vitest, env: { HALYARD_TEST_DATABASE_URL: older.url } }));
      older.stop();
    } else {
      console.log('The proof needs PostgreSQL 15 as well; on Debian: apt-get install postgresql-15.');
      total.failed += 1;
    }
  }
  add(await closeRun(folder));
}

checkNode();
// Side by side: both wait for the network most of the time.
const [ready] = await Promise.all([ensurePrograms(), installIsStale(root) ? install(root) : undefined]);
if (ready) await runAll();
else total.failed += 1;
for (const failure of total.failures) console.log(`failed ${failure}`);
process.exitCode = total.failed === 0 ? 0 : 1;
console.log(`${total.passed} passed, ${total.failed} failed`);
