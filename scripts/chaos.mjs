/**
 * `npm run chaos [-- <rounds> [<seed>]]`: kills a hub in the middle of raises, 500 times by default, and prints what that came
 * to: nothing acknowledged may be lost and nothing may happen twice. A seed that is given again makes the same choices. The
 * counts go to `.cache/chaos.json`, and the exit code is 1 when a rule was broken.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkNode, install, step } from './prepare.mjs';
import { buildIsStale, installIsStale } from './stale.mjs';
import { closeRun, ensurePrograms, openRun } from './test-tools.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [rounds = '500', seed = String(Math.floor(Math.random() * 2 ** 32))] = process.argv.slice(2);

async function runRounds() {
  const { bin, run } = await import('./checks.mjs');
  if (buildIsStale(root)) await step('Building', process.execPath, ['scripts/build.mjs'], root);
  const folder = openRun();
  const report = join(root, '.cache', 'chaos.json');
  console.log(`${rounds} rounds, seed ${seed}`);
  const code = await run(
    [bin('vitest', 'vitest'), 'run', '--project', 'server', '--reporter=default', 'test/server/fault/kill-hub.test.ts'],
    {
      env: {
        ...process.env,
        TMPDIR: folder,
        HALYARD_PROOF: '1',
        HALYARD_CHAOS_ROUNDS: rounds,
        HALYARD_CHAOS_SEED: seed,
        HALYARD_CHAOS_REPORT: report,
      },
    },
  );
  const { failed } = await closeRun(folder);
  console.log(`The counts are in ${report}; again with: npm run chaos -- ${rounds} ${seed}`);
  return code === 0 && failed === 0;
}

if (![rounds, seed].every((given) => /^\d+$/.test(given))) {
  console.log('Give whole numbers: npm run chaos -- <rounds> <seed>');
  process.exitCode = 1;
} else {
  checkNode();
  if (installIsStale(root)) await install(root);
  process.exitCode = (await ensurePrograms()) && (await runRounds()) ? 0 : 1;
}
