import { expect, test } from 'vitest';
import { Theme } from '../../../shared/ui/theme.svelte.ts';

class System extends EventTarget {
  matches = false;
  wish(dark: boolean): void {
    this.matches = dark;
    this.dispatchEvent(new Event('change'));
  }
}

function setUp(kept: Record<string, string> = {}) {
  const store = new Map(Object.entries(kept));
  const storage = {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => void store.set(key, value),
    removeItem: (key: string) => void store.delete(key),
  };
  const root = { dataset: {} as DOMStringMap };
  const system = new System();
  return { store, root, system, make: () => new Theme({ storage, root, system }) };
}

test('follows the system until a choice is made', () => {
  const { root, system, make } = setUp();
  const theme = make();
  const stop = theme.start();
  expect([theme.choice, theme.dark, root.dataset.theme]).toEqual(['system', false, undefined]);
  system.wish(true);
  expect(theme.dark).toBe(true);
  stop();
  system.wish(false);
  expect(theme.dark).toBe(true);
});

test('remembers a choice, and forgets it for the system', () => {
  const { root, store, make } = setUp();
  make().choose('dark');
  expect(root.dataset.theme).toBe('dark');
  const again = make();
  expect(again.dark).toBe(true);
  again.choose('system');
  expect([root.dataset.theme, store.size]).toEqual([undefined, 0]);
});

test('foreign content in the storage is no choice', () => {
  expect(setUp({ 'halyard.theme': 'pink' }).make().choice).toBe('system');
});
