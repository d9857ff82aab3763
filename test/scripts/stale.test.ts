import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildIsStale, installIsStale, newestSource, stampFile } from '../../scripts/stale.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'halyard-stale-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, content: unknown = ''): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
}

describe('installIsStale', () => {
  const lock = {
    packages: {
      '': { name: 'halyard', version: '0.1.0' },
      'node_modules/a': { version: '1.0.0' },
      'node_modules/other-system': { version: '1.0.0', optional: true },
    },
  };

  test('without node_modules, or after an interrupted install', () => {
    write('package-lock.json', lock);
    expect(installIsStale(root)).toBe(true);
    write('node_modules/a/package.json');
    expect(installIsStale(root)).toBe(true);
  });

  test('follows the versions, and leaves out what is for other systems', () => {
    write('package-lock.json', lock);
    write('node_modules/.package-lock.json', { packages: { 'node_modules/a': { version: '1.0.0' } } });
    expect(installIsStale(root)).toBe(false);
    write('node_modules/.package-lock.json', { packages: { 'node_modules/a': { version: '0.9.0' } } });
    expect(installIsStale(root)).toBe(true);
    write('node_modules/.package-lock.json', { packages: {} });
    expect(installIsStale(root)).toBe(true);
  });
});

describe('buildIsStale', () => {
  beforeEach(() => {
    write('server/main.ts');
    write('shared/live/apply.ts');
    write('dist/server/main.js');
    write('dist/web/console/index.html');
    writeFileSync(stampFile(root), JSON.stringify(newestSource(root)));
  });

  test('a fresh build is not', () => {
    expect(buildIsStale(root)).toBe(false);
  });

  test('a changed, a new, a deleted source and a missing output are', () => {
    const later = new Date(Date.now() + 60_000);
    utimesSync(join(root, 'shared/live/apply.ts'), later, later);
    expect(buildIsStale(root)).toBe(true);

    writeFileSync(stampFile(root), JSON.stringify(newestSource(root)));
    write('shared/live/flag.ts');
    expect(buildIsStale(root)).toBe(true);

    writeFileSync(stampFile(root), JSON.stringify(newestSource(root)));
    rmSync(join(root, 'server/main.ts'));
    expect(buildIsStale(root)).toBe(true);

    writeFileSync(stampFile(root), JSON.stringify(newestSource(root)));
    rmSync(join(root, 'dist/server/main.js'));
    expect(buildIsStale(root)).toBe(true);
  });
});
