import { describe, expect, test } from 'vitest';
import {
  ariaKeys,
  isCharacter,
  type KeyPress,
  keycaps,
  normalize,
  strokeOf,
} from '../../../../shared/ui/command/binding.ts';

function press(key: string, code: string, held: Partial<KeyPress> = {}): KeyPress {
  return { key, code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held };
}

describe('a binding', () => {
  test.each([
    ['t', 'other', 'T'],
    ['shift+f', 'other', 'Shift+F'],
    ['ctrl+k', 'other', 'Mod+K'],
    ['Ctrl+K', 'mac', 'Ctrl+K'],
    ['Meta+K', 'mac', 'Mod+K'],
    ['shift+mod+f', 'other', 'Mod+Shift+F'],
    [' g  i ', 'other', 'G I'],
    ['esc', 'other', 'Escape'],
    ['?', 'other', '?'],
  ] as const)('%s on %s is %s', (text, platform, canonical) => expect(normalize(text, platform)).toBe(canonical));

  test.each(['', 'Hyper+K', 'Mod+', 'ab', 'F13'])('%j is none', (text) =>
    expect(normalize(text, 'other')).toBeUndefined(),
  );
});

describe('a press', () => {
  test.each([
    ['letter', press('t', 'KeyT'), 'T'],
    ['letter with Shift', press('F', 'KeyF', { shiftKey: true }), 'Shift+F'],
    ['letter under Caps Lock', press('T', 'KeyT'), 'T'],
    ['punctuation carries its Shift', press('?', 'Slash', { shiftKey: true }), '?'],
    ['Ctrl', press('k', 'KeyK', { ctrlKey: true }), 'Mod+K'],
    ['Ctrl and Shift', press('F', 'KeyF', { ctrlKey: true, shiftKey: true }), 'Mod+Shift+F'],
    ['arrow', press('ArrowDown', 'ArrowDown'), 'ArrowDown'],
    ['Arabic layout', press('ف', 'KeyT'), 'T'],
    ['Greek with Shift', press('Φ', 'KeyF', { shiftKey: true }), 'Shift+F'],
  ])('%s', (_name, event, stroke) => expect(strokeOf(event, 'other')).toBe(stroke));

  test('Alt on a Mac types signs and still is Alt', () => {
    expect(strokeOf(press('ß', 'KeyS', { altKey: true }), 'mac')).toBe('Alt+S');
    expect(strokeOf(press('k', 'KeyK', { metaKey: true }), 'mac')).toBe('Mod+K');
  });

  test.each(['Shift', 'Control', 'Dead', 'Process', 'AltGraph', 'Unidentified'])('%s alone is none', (key) =>
    expect(strokeOf(press(key, ''), 'other')).toBeUndefined(),
  );
});

test('characters are what types: letters of both cases, digits, signs; not chords and not named keys', () => {
  expect(['T', 'Shift+F', '1', '?', 'Space', 'Mod+K', 'Alt+S', 'Escape', 'F2'].map(isCharacter)).toEqual([
    true,
    true,
    true,
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

test('keycaps and aria-keyshortcuts say the same in their own ways', () => {
  expect(keycaps('Mod+K', 'other')).toEqual(['Ctrl K']);
  expect(keycaps('Mod+K', 'mac')).toEqual(['⌘ K']);
  expect(keycaps('Shift+F', 'other')).toEqual(['⇧ F']);
  expect(keycaps('g i', 'other')).toEqual(['G', 'I']);
  expect(ariaKeys('Mod+Shift+F', 'other')).toBe('Control+Shift+F');
  expect(ariaKeys('Mod+K', 'mac')).toBe('Meta+K');
  expect(ariaKeys('g i', 'other')).toBeUndefined();
});
