import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeScratch, sweep } from '../../scripts/scratch.mjs';

test('folders of runs that are over are swept away; those of one that goes on, and of others, stay', () => {
  const base = makeScratch('halyard-scratch');
  // No Linux gives out the first id.
  const names = [
    'halyard-run-999999999-abc',
    `halyard-run-${process.pid}-abc`,
    'halyard-run-notes',
    'else-999999999-abc',
  ];
  for (const name of names) mkdirSync(join(base, name));
  try {
    sweep(base, 'halyard-run');
    expect(readdirSync(base).sort()).toEqual(names.slice(1).sort());
  } finally {
    rmSync(base, { recursive: true });
  }
});
