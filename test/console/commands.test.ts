import { describe, expect, test } from 'vitest';
import { Actions } from '../../console/actions.ts';
import { consoleCommands } from '../../console/commands.ts';
import { Desk } from '../../console/desk.svelte.ts';
import { rosa } from '../../console/specimen/story.ts';
import { Announcer } from '../../shared/ui/alert/announcer.svelte.ts';
import type { Platform } from '../../shared/ui/command/binding.ts';
import { CommandRegister } from '../../shared/ui/command/register.svelte.ts';
import { ToastList } from '../../shared/ui/toast/toast.svelte.ts';
import { HandFloor } from './hand-floor.svelte.ts';
import { handPlace } from './place.ts';

function made(state: string, platform: Platform = 'other') {
  const floor = new HandFloor(state, 1_800_000_000_000);
  const desk = new Desk(floor, 'inbox', handPlace(`#/inbox/${rosa}`));
  const toasts = new ToastList();
  const announcer = new Announcer();
  const nothing = (): void => undefined;
  const sound = { muted: false };
  const actions = new Actions(desk, toasts, announcer);
  const did: string[] = [];
  const register = new CommandRegister({ platform, storage: undefined, modal: () => false });
  register.add(
    consoleCommands(
      { desk, actions, sound, theme: { choose: nothing }, openPalette: nothing, openSheet: nothing, signOut: nothing },
      {
        toasts,
        search: () => did.push('search'),
        move: (by) => did.push(`move ${by}`),
        focusList: () => did.push('list'),
        reply: () => did.push('reply'),
        side: () => did.push('side'),
      },
    ),
  );
  return { register, desk, floor, did };
}

describe.each(['other', 'mac'] as const)('keys on %s', (platform) => {
  test('are nobody else’s, and never given twice', () => {
    // The register itself refuses what belongs to browsers and screen readers: adding is the check.
    const { register } = made('seen', platform);
    const bindings = register.all.flatMap((command) =>
      (['keys', 'chord'] as const).flatMap((slot) => register.bindingOf(command.id, slot) ?? []),
    );
    expect(bindings.length).toBeGreaterThan(20);
    expect(bindings.filter((one, at) => bindings.indexOf(one) !== at)).toEqual([]);
  });

  test('raise has a key outside of texts and a chord inside', () => {
    const { register, desk } = made('calm', platform);
    const press = { key: 'F', code: 'KeyF', ctrlKey: false, metaKey: false, altKey: false, shiftKey: true };
    expect(register.match(press, false, 0)).toMatchObject({ id: 'flag.raise' });
    expect(register.match(press, true, 0)).toBeUndefined();
    const chord = platform === 'mac' ? { ...press, metaKey: true } : { ...press, ctrlKey: true };
    expect(register.match(chord, true, 0)).toMatchObject({ id: 'flag.raise' });
    register.run('flag.raise');
    expect(desk.asking).toBe('raise');
  });
});

test('what cannot be done now is not offered', () => {
  const ids = (state: string): string[] => made(state).register.available.map((command) => command.id);
  expect(ids('calm')).toEqual(expect.arrayContaining(['flag.raise', 'transfer', 'close', 'reply']));
  expect(ids('calm')).not.toEqual(expect.arrayContaining(['flag.lower']));
  expect(ids('seen')).toEqual(expect.arrayContaining(['flag.lower', 'flag.amend']));
  expect(ids('seen')).not.toContain('flag.raise');
  // Asked already; after a decline it can be asked again.
  expect(ids('seen')).not.toContain('flag.ask');
  expect(ids('declined')).toContain('flag.ask');
  expect(ids('reading')).not.toEqual(expect.arrayContaining(['reply']));
  expect(ids('reading')).not.toContain('close');
  expect(ids('offer')).toEqual(expect.arrayContaining(['offer.accept', 'offer.decline']));
  expect(ids('admin')).not.toContain('status.available');
});

test('S1.3: where a Legacy chat has no flag, neither key, chord nor palette offers one; switched on, they do', () => {
  const { register, desk, floor } = made('legacy');
  const press = { key: 'F', code: 'KeyF', ctrlKey: false, metaKey: false, altKey: false, shiftKey: true };
  const isRaise = (found: unknown): boolean => Reflect.get(Object(found), 'id') === 'flag.raise';
  const offered = (): boolean[] => [
    isRaise(register.match(press, false, 0)),
    isRaise(register.match({ ...press, ctrlKey: true }, true, 0)),
    register.available.some(({ id }) => id === 'flag.raise'),
  ];
  const turn = (on: boolean): void =>
    floor.become((live) => ({
      ...live,
      teams: new Map([...live.teams].map(([id, team]) => [id, { ...team, legacyFlag: on }])),
    }));
  expect(offered()).toEqual([false, false, false]);
  register.run('flag.raise');
  expect(desk.asking).toBeNull();
  turn(true);
  expect(offered()).toEqual([true, true, true]);
  turn(false);
  expect(offered()).toEqual([false, false, false]);
});

test('a command sends what it says', () => {
  const { register, floor } = made('offer');
  register.run('offer.accept');
  expect(floor.sent).toEqual([
    { name: 'offer:accept', input: { conversationId: expect.any(String), offerId: expect.any(String) } },
  ]);
  register.run('take');
  expect(floor.sent.at(-1)).toMatchObject({ name: 'conversation:take' });
});

test('closing with a flag up is asked first, without one it is done', () => {
  const up = made('seen');
  up.register.run('close');
  expect([up.desk.asking, up.floor.sent]).toEqual(['close', []]);
  const down = made('calm');
  down.register.run('close');
  expect([down.desk.asking, down.floor.sent.map((one) => one.name)]).toEqual([null, ['conversation:close']]);
});
