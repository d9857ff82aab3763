import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildWidget } from './support/build.ts';

/** Goal P17, in bytes after gzip as the bench counts them (level 9). */
const goals = { loader: 4000, opened: 45_000 };

let out: string;

beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), 'halyard-widget-'));
  buildWidget(out);
}, 60_000);
afterAll(() => rmSync(out, { recursive: true, force: true }));

const weight = (path: string) => gzipSync(readFileSync(join(out, path)), { level: 9 }).length;

/** Fetched only where no WebSocket gets through. */
const polling = /\/polling-[^/]+\.js$/;

/** Files that a page names, and those that they name in turn. */
function named(page: string): string[] {
  const assets = readdirSync(join(out, 'assets/widget'), { recursive: true, encoding: 'utf8' })
    .map((file) => relative(out, join(out, 'assets/widget', file)))
    .filter((file) => file.endsWith('.js') || file.endsWith('.css'));
  const found = new Set<string>();
  const look = (path: string) => {
    const text = readFileSync(join(out, path), 'utf8');
    for (const asset of assets) {
      const name = asset.slice(asset.lastIndexOf('/') + 1);
      if (asset === path || found.has(asset) || !text.includes(name)) continue;
      found.add(asset);
      look(asset);
    }
  };
  look(page);
  return [...found];
}

test('the loader weighs no more than goal P17 allows', () => {
  expect(weight('widget.js')).toBeLessThanOrEqual(goals.loader);
});

test('the opened chat, scripts and sheets together, weighs no more than goal P17 allows', () => {
  const files = ['widget.js', ...named('widget/index.html')].filter((file) => !polling.test(file));
  expect(files.some((file) => file.startsWith('assets') && file.endsWith('.js'))).toBe(true);
  expect(files.some((file) => file.endsWith('.css'))).toBe(true);
  const whole = files.reduce((sum, file) => sum + weight(file), 0);
  expect(whole, files.map((file) => `${file} ${weight(file)}`).join(', ')).toBeLessThanOrEqual(goals.opened);
});

test('what only long polling needs is in files of its own', () => {
  const scripts = named('widget/index.html').filter((file) => file.endsWith('.js'));
  const polls = (file: string) => readFileSync(join(out, file), 'utf8').includes('XMLHttpRequest');
  expect(scripts.filter((file) => polling.test(file)).some(polls)).toBe(true);
  expect(scripts.filter((file) => !polling.test(file)).some(polls)).toBe(false);
});

test('nothing in the pages needs a content security policy to look away', () => {
  for (const page of ['widget/index.html', 'widget/customer.html']) {
    const html = readFileSync(join(out, page), 'utf8');
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/);
    expect(html.match(/<script(?![^>]*\ssrc=)/g)).toBeNull();
  }
  for (const file of [...named('widget/index.html'), 'widget.js'].filter((name) => name.endsWith('.js'))) {
    expect(readFileSync(join(out, file), 'utf8')).not.toMatch(/\beval\(|new Function\(/);
  }
});
