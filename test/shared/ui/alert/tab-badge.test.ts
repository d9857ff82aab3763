import { expect, test } from 'vitest';
import { iconWith, titleWith } from '../../../../shared/ui/alert/tab-badge.ts';

test('help stands before unread, and nothing stands for nothing', () => {
  expect(titleWith('Wallboard', { help: 0, unread: 0 })).toBe('Wallboard');
  expect(titleWith('Console', { help: 0, unread: 4 })).toBe('(4) Console');
  expect(titleWith('Wallboard', { help: 2, unread: 4 })).toBe('(2) ✋ Wallboard');
});

test('the icon changes with the counts and stays two figures wide at most', () => {
  const icons = [
    { help: 0, unread: 0 },
    { help: 0, unread: 1 },
    { help: 1, unread: 1 },
    { help: 12, unread: 0 },
  ].map(iconWith);
  expect(new Set(icons).size).toBe(4);
  expect(decodeURIComponent(icons[3] ?? '')).toContain('>9+<');
});
