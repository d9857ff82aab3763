import { describe, expect, test } from 'vitest';
import { normalize, type Platform } from '../../../../shared/ui/command/binding.ts';
import { isReserved } from '../../../../shared/ui/command/reserved.ts';

const reserved = (keys: string, platform: Platform): boolean => isReserved(normalize(keys, platform) ?? '', platform);

describe('not ours', () => {
  test.each([
    ['new tab', 'Ctrl+T', 'other'],
    ['close tab', 'Ctrl+W', 'other'],
    ['find', 'Ctrl+F', 'other'],
    ['address bar', 'Alt+D', 'other'],
    ['reload', 'F5', 'other'],
    ['copy', 'Ctrl+C', 'other'],
    ['private window', 'Ctrl+Shift+N', 'other'],
    ['close tab on a Mac', 'Meta+W', 'mac'],
    ['line start in a Mac field', 'Ctrl+A', 'mac'],
    ['VoiceOver', 'Ctrl+Alt+M', 'mac'],
    ['table walking of JAWS and NVDA, AltGr signs', 'Ctrl+Alt+ArrowDown', 'other'],
    ['moving the focus', 'Tab', 'other'],
    ['pressing a button', 'Enter', 'other'],
    ['scrolling', 'Space', 'other'],
    ['reading keys of NVDA', 'Insert', 'other'],
    ['the system', 'Meta+L', 'other'],
    ['hidden in a sequence', 'g Tab', 'other'],
  ] as const)('%s: %s on %s', (_name, keys, platform) => expect(reserved(keys, platform)).toBe(true));
});

describe('ours to use', () => {
  test.each(['T', 'Shift+F', '?', 'g i', 'Ctrl+K', 'Ctrl+Shift+F', 'Alt+S', 'ArrowDown', 'Home'])('%s', (keys) =>
    expect(reserved(keys, 'other')).toBe(false),
  );

  test.each(['Meta+K', 'Meta+Shift+F', 'Alt+S', 'T'])('%s on a Mac', (keys) =>
    expect(reserved(keys, 'mac')).toBe(false),
  );
});
