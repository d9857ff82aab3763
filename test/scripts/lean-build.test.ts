import { expect, test } from 'vitest';
import { withoutUnused } from '../../scripts/lean-build.ts';

test('a token that nothing asks for goes, with those that only it asked for', () => {
  const sheet =
    ':root{--a:1px;--a-b:2px;--c:var(--d);--d:3px;--e:4px}@media (x){:root{--a:5px;--d:6px}}p{margin:var(--a)}';
  expect(withoutUnused(sheet, [])).toBe(':root{--a:1px;}@media (x){:root{--a:5px;}}p{margin:var(--a)}');
});

test('another sheet, a page or a script may ask', () => {
  const sheet = ':root{--a:1px;--b:2px;--c:3px;--d:4px}';
  const asking = ['i{top:var( --a )}', "style.getPropertyValue('--b')", ':root{--c:9px}'];
  expect(withoutUnused(sheet, asking)).toBe(':root{--a:1px;--b:2px;}');
});
