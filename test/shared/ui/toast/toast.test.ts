import { expect, test } from 'vitest';
import { standing, ToastList } from '../../../../shared/ui/toast/toast.svelte.ts';
import { HandClock } from '../../../support/hand-clock.ts';

function setUp() {
  const clock = new HandClock();
  const list = new ToastList(clock);
  return { clock, list, texts: () => list.all.map((toast) => toast.text) };
}

test('a toast goes after its time; one that can be undone stands longer', () => {
  const { clock, list, texts } = setUp();
  list.show({ text: 'plain' });
  list.show({ text: 'undoable', undo: { label: 'Undo', run() {} } });
  clock.pass(standing.plain);
  expect(texts()).toEqual(['undoable']);
  clock.pass(standing.actionable - standing.plain);
  expect(texts()).toEqual([]);
});

test('one that stays, stays', () => {
  const { clock, list, texts } = setUp();
  const id = list.show({ text: 'flag', kind: 'help', stays: true });
  clock.pass(3_600_000);
  expect(texts()).toEqual(['flag']);
  list.dismiss(id);
  expect(texts()).toEqual([]);
});

test('under a hand no clock runs, and something is left of it afterwards', () => {
  const { clock, list, texts } = setUp();
  list.show({ text: 'plain' });
  clock.pass(standing.plain - 100);
  list.hold();
  clock.pass(60_000);
  list.show({ text: 'meanwhile' });
  expect(texts()).toEqual(['plain', 'meanwhile']);
  list.release();
  clock.pass(1_900);
  expect(texts()).toEqual(['plain', 'meanwhile']);
  clock.pass(200);
  expect(texts()).toEqual(['meanwhile']);
});

test('undo takes back the newest, once', () => {
  const { list, texts } = setUp();
  const undone: string[] = [];
  for (const text of ['first', 'second'])
    list.show({ text, undo: { label: 'Undo', run: () => void undone.push(text) } });
  list.show({ text: 'news' });
  expect(list.canUndo).toBe(true);
  expect([list.undoLast(), list.undoLast(), list.undoLast()]).toEqual([true, true, false]);
  expect(undone).toEqual(['second', 'first']);
  expect(texts()).toEqual(['news']);
});

test('four at most: the oldest that may go makes room, what stays is not pushed out', () => {
  const { list, texts } = setUp();
  list.show({ text: 'flag', stays: true });
  for (const text of ['a', 'b', 'c', 'd', 'e']) list.show({ text });
  expect(texts()).toEqual(['flag', 'c', 'd', 'e']);
});

test('ends with its page', () => {
  const { clock, list } = setUp();
  list.show({ text: 'plain' });
  list.end();
  expect(clock.pending).toBe(0);
});
