import { describe, expect, test } from 'vitest';
import type { KeyPress } from '../../../../shared/ui/command/binding.ts';
import { type Command, CommandRegister } from '../../../../shared/ui/command/register.svelte.ts';

function press(key: string, held: Partial<KeyPress> = {}): KeyPress {
  const code = /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : '';
  return { key, code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held };
}

function setUp(store: Map<string, string> = new Map()) {
  const page = { modal: false };
  const storage = {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => void store.set(key, value),
  };
  const register = new CommandRegister({ platform: 'other', storage, modal: () => page.modal });
  const done: string[] = [];
  const command = (id: string, more: Partial<Command> = {}): Command => ({
    id,
    title: id,
    group: 'Flags',
    run: () => void done.push(id),
    ...more,
  });
  /** The command's id, `prefix`, or undefined. */
  const pressed = (event: KeyPress, inText = false, at = 0): string | undefined => {
    const found = register.match(event, inText, at);
    return typeof found === 'object' ? found.id : found;
  };
  return { register, command, pressed, page, store, done };
}

describe('keys', () => {
  test('a letter is a command outside text, and text inside', () => {
    const { register, command, pressed } = setUp();
    register.add(command('take', { keys: 'T' }));
    expect(pressed(press('t'))).toBe('take');
    expect(pressed(press('t'), true)).toBeUndefined();
    expect(pressed(press('T', { shiftKey: true }))).toBeUndefined();
  });

  test('a chord works inside and outside text; keys with Ctrl do as well', () => {
    const { register, command, pressed } = setUp();
    register.add([command('raise', { keys: 'Shift+F', chord: 'Mod+Shift+F' }), command('palette', { keys: 'Mod+K' })]);
    const chord = press('F', { ctrlKey: true, shiftKey: true });
    expect(pressed(chord, true)).toBe('raise');
    expect(pressed(chord, false)).toBe('raise');
    expect(pressed(press('F', { shiftKey: true }), true)).toBeUndefined();
    expect(pressed(press('k', { ctrlKey: true }), true)).toBe('palette');
  });

  test('a sequence needs its second key in time', () => {
    const { register, command, pressed } = setUp();
    register.add([command('inbox', { keys: 'g i' }), command('info', { keys: 'i' })]);
    expect(pressed(press('g'), false, 0)).toBe('prefix');
    expect(pressed(press('i'), false, 900)).toBe('inbox');
    expect(pressed(press('g'), false, 5_000)).toBe('prefix');
    expect(pressed(press('i'), false, 7_000)).toBe('info');
    expect(pressed(press('g'), false, 9_000)).toBe('prefix');
    expect(pressed(press('x'), false, 9_100)).toBeUndefined();
    expect(pressed(press('i'), false, 9_200)).toBe('info');
  });

  test('what can not be done now leaves its key to others', () => {
    const { register, command, pressed } = setUp();
    let may = false;
    register.add(command('release', { keys: 'R', when: () => may }));
    expect(pressed(press('r'))).toBeUndefined();
    expect(register.run('release')).toBe(false);
    may = true;
    expect(pressed(press('r'))).toBe('release');
    expect(register.run('release')).toBe(true);
  });

  test('a modal dialog stops all keys but its own', () => {
    const { register, command, pressed, page } = setUp();
    register.add([command('take', { keys: 'T' }), command('answered', { keys: '1', withinDialog: true })]);
    page.modal = true;
    expect(pressed(press('t'))).toBeUndefined();
    expect(pressed(press('1'))).toBe('answered');
  });

  test('switched-off letters free every character key and nothing else', () => {
    const { register, command, pressed } = setUp();
    register.add([
      command('take', { keys: 'T' }),
      command('raise', { keys: 'Shift+F', chord: 'Mod+Shift+F' }),
      command('inbox', { keys: 'g i' }),
      command('next', { keys: 'ArrowDown' }),
    ]);
    register.singleLetters = false;
    expect(pressed(press('t'))).toBeUndefined();
    expect(pressed(press('F', { shiftKey: true }))).toBeUndefined();
    expect(pressed(press('g'))).toBeUndefined();
    expect(pressed(press('ArrowDown'))).toBe('next');
    expect(pressed(press('F', { ctrlKey: true, shiftKey: true }))).toBe('raise');
    expect(register.capsOf('take')).toEqual([]);
    expect(register.ariaOf('take')).toBeUndefined();
  });
});

describe('adding', () => {
  test('a second command under an id covers the first until it is removed', () => {
    const { register, command, done } = setUp();
    const first = command('close', { keys: 'E', title: 'Close conversation' });
    register.add(first);
    const remove = register.add(
      command('close', { keys: 'E', title: 'Close drawer', run: () => void done.push('drawer') }),
    );
    register.run('close');
    remove();
    register.run('close');
    expect(done).toEqual(['drawer', 'close']);
    expect(register.all).toEqual([first]);
  });

  test.each([
    ['keys', 'Mod+T', 'reserved'],
    ['keys', 'Tab', 'reserved'],
    ['keys', 'not keys at all', 'invalid'],
    ['chord', 'Shift+F', 'modifier'],
    ['chord', 'F2', 'modifier'],
  ] as const)('default %s %s are a mistake in the code: %s', (slot, keys, why) => {
    const { register, command } = setUp();
    expect(() => register.add(command('wrong', { [slot]: keys }))).toThrow(why);
  });

  test('the palette lists what can be done and is not silent', () => {
    const { register, command } = setUp();
    register.add([command('a'), command('b', { when: () => false }), command('c', { silent: true })]);
    expect(register.available.map((one) => one.id)).toEqual(['a']);
  });
});

describe('other keys', () => {
  test('are remembered, removed and reset', () => {
    const { register, command, store } = setUp();
    register.add(command('take', { keys: 'T' }));
    expect(register.rebind('take', 'keys', 'g t')).toBeUndefined();
    const again = setUp(store);
    again.register.add(again.command('take', { keys: 'T' }));
    expect(again.register.keysOf('take')).toBe('G T');
    expect(again.pressed(press('t'))).toBeUndefined();
    again.register.rebind('take', 'keys', null);
    expect(again.register.keysOf('take')).toBeUndefined();
    again.register.reset();
    expect(again.register.keysOf('take')).toBe('T');
    expect(setUp(store).register.changed).toBe(false);
  });

  test('are refused where they are not free', () => {
    const { register, command } = setUp();
    const take = command('take', { keys: 'T' });
    register.add([take, command('join', { keys: 'J' }), command('inbox', { keys: 'g i' })]);
    expect(register.rebind('join', 'keys', 't')).toEqual({ why: 'taken', by: take });
    expect(register.rebind('join', 'keys', 'g')).toMatchObject({ why: 'taken', by: { id: 'inbox' } });
    expect(register.rebind('inbox', 'keys', 't i')).toMatchObject({ why: 'taken', by: { id: 'take' } });
    expect(register.rebind('join', 'keys', 'Ctrl+W')).toEqual({ why: 'reserved' });
    expect(register.rebind('join', 'chord', 'j')).toEqual({ why: 'modifier' });
    expect(register.rebind('join', 'keys', 'J')).toBeUndefined();
    expect(register.keysOf('join')).toBe('J');
  });

  test('broken memory is as none', () => {
    for (const broken of ['{', '[]', '{"letters":1,"keys":{}}', '{"letters":true,"keys":{"a":3}}']) {
      const { register } = setUp(new Map([['halyard.keys', broken]]));
      expect([register.singleLetters, register.changed]).toEqual([true, false]);
    }
  });
});
