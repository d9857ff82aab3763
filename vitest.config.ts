import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files of one worker share what they import: reading it anew for each takes longer than most tests. */
const isolate = false;

const maxWorkers = 2;
const proof = process.env.HALYARD_PROOF !== undefined;

/** Tests of faults wait for real time to pass; the one that ends last should not be one of them. */
class FaultsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const fault = (file: TestSpecification): boolean => file.moduleId.includes('/test/server/fault/');
    return [...sorted.filter(fault), ...sorted.filter((file) => !fault(file))];
  }
}

/**
 * Three projects: `unit` needs nothing but Node, `server` has one PostgreSQL for the whole run (and Redis where a test asks
 * for it), `e2e` has Chromium before a real hub.
 */
export default defineConfig({
  test: {
    // Two cores are the smallest machine this has to pass on.
    maxWorkers,
    sequence: { sequencer: FaultsFirst },
    projects: [
      {
        plugins: [svelte({ configFile: false })],
        // Together with the environment: Svelte as browsers get it, where effects run.
        resolve: { conditions: ['browser'] },
        test: {
          name: 'unit',
          isolate,
          maxWorkers,
          sequence: { groupOrder: 0 },
          include: ['test/**/*.test.ts'],
          exclude: ['test/server/**', 'test/e2e/**', 'test/scripts/**'],
          environment: './test/support/client-environment.ts',
          testTimeout: 20_000,
          server: { deps: { inline: [/svelte/] } },
        },
      },
      {
        test: {
          name: 'server',
          isolate,
          // One more than cores: while a test waits for a lease to end, another one works. Long seeds do not wait.
          maxWorkers: proof ? maxWorkers : maxWorkers + 1,
          sequence: { groupOrder: 1 },
          include: ['test/server/**/*.test.ts', 'test/scripts/**/*.test.ts'],
          globalSetup: ['test/support/global-database.ts'],
          // A limit is for what hangs, not for what is slow: each wait inside has its own.
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          isolate,
          maxWorkers,
          sequence: { groupOrder: 2 },
          include: ['test/e2e/**/*.test.ts'],
          // Every part in every rare state is the proof's; the suite looks at the real screens in theirs.
          exclude: proof ? [] : ['test/e2e/*-specimen.test.ts'],
          globalSetup: ['test/support/global-database.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          // The proof holds the goals' own bounds, which are for a screen that has the machine to itself.
          fileParallelism: !proof,
        },
      },
    ],
  },
});
