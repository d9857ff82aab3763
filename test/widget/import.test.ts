import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { colours } from '../../widget/loader/style.ts';

const root = join(import.meta.dirname, '../..');
const sources = readdirSync(join(root, 'widget'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(ts|svelte)$/.test(file))
  .map((file) => join('widget', file));

/** Values and sheets from outside its folder that the widget may bring to a customer's browser. */
const values = ['svelte', 'socket.io-client', 'shared/contract/uuid.ts', 'shared/ui/tokens.css'];
/** What it may know the types of: what a customer's screen may hold, and nothing internal (I7). */
const types = [...values, 'shared/contract/customer.ts', 'shared/contract/version.ts'];
/** The page for trying the chat is the hub's own; it asks whether the demo door is open. */
const exceptions: Readonly<Record<string, string>> = { 'widget/page/customer.ts': 'shared/contract/read.ts' };

function imports(file: string): { readonly type: boolean; readonly from: string }[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = [...text.matchAll(/import\s+(type\s)?(?:[\w*\s{},$]+?\sfrom\s+)?'([^']+)'/g)];
  const dynamic = [...text.matchAll(/import\(\s*['"`]([^'"`]+)/g)].map((match) => ({
    type: false,
    from: match[1] ?? '',
  }));
  return [...found.map((match) => ({ type: match[1] !== undefined, from: match[2] ?? '' })), ...dynamic].map((one) => ({
    ...one,
    from: one.from.startsWith('.') ? normalize(join(dirname(file), one.from)) : one.from,
  }));
}

test('the widget imports types of the customer contract, and no value of anything internal', () => {
  const outside = sources.flatMap((file) =>
    imports(file)
      .filter(({ from }) => !from.startsWith('widget/'))
      .map((one) => ({ file, ...one })),
  );
  expect(outside.length).toBeGreaterThan(5);
  const wrong = outside.filter(
    ({ file, type, from }) => !(type ? types : values).includes(from) && !(type && exceptions[file] === from),
  );
  expect(wrong).toEqual([]);
});

test('the loader brings nothing along but its own words and sheet', () => {
  const seen = new Set<string>();
  const follow = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const { type, from } of imports(file)) if (!type) follow(from);
  };
  follow('widget/loader.ts');
  expect([...seen].sort()).toEqual(['widget/loader.ts', 'widget/loader/style.ts', 'widget/loader/words.ts']);
});

test("the launcher's colours are those of the design tokens", () => {
  const sheet = readFileSync(join(root, 'shared/ui/tokens.css'), 'utf8');
  const light = sheet.slice(0, sheet.indexOf('@media'));
  const dark = sheet.slice(sheet.search(/^:root\[data-theme=.dark.\]/m));
  const value = (part: string, name: string) => new RegExp(`--${name}:\\s*([^;]+);`).exec(part)?.[1];
  for (const [theme, part] of [
    ['light', light],
    ['dark', dark],
  ] as const) {
    for (const [name, given] of Object.entries(colours[theme])) {
      expect(given, `--${name} ${theme}`).toBe(value(part, name));
    }
  }
});
