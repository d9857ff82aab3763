import { expect, test } from 'vitest';
import type { DraftStorage } from '../../../../shared/ui/conversation/draft.ts';
import { Drafts } from '../../../../shared/ui/conversation/draft.ts';

class Shelf implements DraftStorage {
  readonly kept = new Map<string, string>();
  full = false;
  get length(): number {
    return this.kept.size;
  }
  key(at: number): string | null {
    return [...this.kept.keys()][at] ?? null;
  }
  getItem(key: string): string | null {
    return this.kept.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    if (this.full) throw new Error('QuotaExceededError');
    this.kept.set(key, value);
  }
  removeItem(key: string): void {
    this.kept.delete(key);
  }
}

test('a draft outlives the page, per person, kind and place', () => {
  const shelf = new Shelf();
  new Drafts('priya', shelf).write('reply', 'c1', 'It will take');
  const again = new Drafts('priya', shelf);
  expect(again.read('reply', 'c1')).toBe('It will take');
  expect(again.read('side', 'c1')).toBe('');
  expect(again.read('reply', 'c2')).toBe('');
  expect(new Drafts('ines', shelf).read('reply', 'c1')).toBe('');
});

test('an empty text forgets it, and signing out forgets one’s own alone', () => {
  const shelf = new Shelf();
  const [priya, ines] = [new Drafts('priya', shelf), new Drafts('ines', shelf)];
  priya.write('reply', 'c1', 'a');
  priya.write('side', 's1', 'b');
  ines.write('reply', 'c1', 'c');
  priya.write('reply', 'c1', '');
  expect(shelf.kept.size).toBe(2);
  priya.clear();
  expect(priya.read('side', 's1')).toBe('');
  expect(ines.read('reply', 'c1')).toBe('c');
});

test('a full or missing storage takes nothing down', () => {
  const shelf = new Shelf();
  shelf.full = true;
  expect(() => new Drafts('priya', shelf).write('reply', 'c1', 'a')).not.toThrow();
  const none = new Drafts('priya', null);
  none.write('reply', 'c1', 'a');
  none.clear();
  expect(none.read('reply', 'c1')).toBe('');
});

test('whose drafts they are is asked each time', () => {
  const shelf = new Shelf();
  let person = '';
  const drafts = new Drafts(() => person, shelf);
  person = 'priya';
  drafts.write('reply', 'c1', 'a');
  expect(new Drafts('priya', shelf).read('reply', 'c1')).toBe('a');
});
