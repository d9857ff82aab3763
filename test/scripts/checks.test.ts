import { expect, test } from 'vitest';
import { svelteProblems } from '../../scripts/checks.mjs';

const found = (type: string, filename: string, message: string): string =>
  `1795712026127 ${JSON.stringify({ type, filename, start: { line: 3, character: 6 }, end: { line: 3, character: 7 }, message })}`;
const whole = (...lines: string[]): string =>
  [
    '1795712026126 START "/x"',
    ...lines,
    '1795712026128 COMPLETED 195 FILES 1 ERRORS 0 WARNINGS 1 FILES_WITH_PROBLEMS',
  ].join('\n');

test('errors and warnings of ours are named with their place; those of packages are not ours', () => {
  const output = whole(
    found('ERROR', 'console/Console.svelte', 'Type a is not b.'),
    found('WARNING', 'shared/ui/Button.svelte', 'Unused selector'),
    found('ERROR', 'node_modules/virtua/lib/svelte/VList.svelte', 'Not ours'),
  );
  expect(svelteProblems(output)).toEqual([
    'console/Console.svelte:4:7 Type a is not b.',
    'shared/ui/Button.svelte:4:7 Unused selector',
  ]);
  expect(svelteProblems(whole(found('ERROR', 'node_modules/virtua/x.svelte', 'Not ours')))).toEqual([]);
});

test('a check that broke off is no check that found nothing', () => {
  expect(() => svelteProblems('1795712026126 START "/x"\nError: out of memory')).toThrow('out of memory');
});
