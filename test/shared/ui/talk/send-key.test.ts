import { expect, test } from 'vitest';
import { sends } from '../../../../shared/ui/talk/send-key.ts';

const plain = { key: 'Enter', shiftKey: false, altKey: false, isComposing: false, keyCode: 13 };

test.each([
  ['Enter', plain, true],
  ['Shift+Enter breaks the line', { ...plain, shiftKey: true }, false],
  ['Enter that ends a composed word', { ...plain, isComposing: true }, false],
  ['the same in Safari', { ...plain, keyCode: 229 }, false],
  ['a letter', { ...plain, key: 'e', keyCode: 69 }, false],
])('%s', (_name, event, sent) => expect(sends(event)).toBe(sent));
