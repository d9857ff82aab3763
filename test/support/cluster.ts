import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { inject } from 'vitest';

/**
 * Lays a copy of this run's empty, stopped cluster into a data folder, for tests that are about something else than making
 * one: that takes PostgreSQL some seconds. Without one (the run works on another server) the folder stays as it is.
 */
export function layCluster(dataDir: string): void {
  const made = inject('cluster');
  if (made !== null) execFileSync('cp', ['-a', made, join(dataDir, 'postgres')]);
}
