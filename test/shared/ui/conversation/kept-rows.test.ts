import { expect, test } from 'vitest';
import { KeptRows } from '../../../../shared/ui/conversation/kept-rows.ts';

interface Row {
  readonly key: string;
  readonly words: { readonly text: string; readonly heard?: readonly string[] };
  readonly state: string | null;
}
const row = (key: string, text: string, more: Partial<Row> = {}): Row => ({
  key,
  words: { text, heard: ['transfer'] },
  state: null,
  ...more,
});

test('a row that says the same is the same object, wherever it stands now', () => {
  const rows = new KeptRows<Row>();
  const [first, second] = rows.keep([row('a', 'One'), row('b', 'Two')]);
  const later = rows.keep([row('z', 'Zero'), row('a', 'One'), row('b', 'Two'), row('c', 'Three')]);
  expect(later.map(({ key }) => key)).toEqual(['z', 'a', 'b', 'c']);
  expect(later[1]).toBe(first);
  expect(later[2]).toBe(second);
});

test('a row is new where anything in it has changed, however deep, and where it was away', () => {
  const rows = new KeptRows<Row>();
  const [before] = rows.keep([row('a', 'One')]);
  const changed: Row[] = [
    row('a', 'Another'),
    row('a', 'One', { state: 'failed' }),
    row('a', 'One', { words: { text: 'One', heard: ['thousand'] } }),
    row('a', 'One', { words: { text: 'One', heard: [] } }),
    row('a', 'One', { words: { text: 'One' } }),
  ];
  for (const one of changed) {
    expect(rows.keep([one])).toEqual([one]);
    expect(rows.keep([one])[0]).toBe(one);
  }
  const again = rows.keep([row('a', 'One')]);
  expect(again[0]).not.toBe(before);
  rows.keep([]);
  expect(rows.keep([row('a', 'One')])[0]).not.toBe(again[0]);
});
