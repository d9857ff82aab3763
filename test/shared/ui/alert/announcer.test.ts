import { expect, test } from 'vitest';
import { Announcer, urgentEvery } from '../../../../shared/ui/alert/announcer.svelte.ts';
import { HandClock } from '../../../support/hand-clock.ts';

const many = (count: number, newest: string): string => `${count} new, newest: ${newest}`;

function setUp() {
  const clock = new HandClock(1_000);
  return { clock, announcer: new Announcer(clock) };
}

test('the first is said at once', () => {
  const { announcer } = setUp();
  announcer.urgent('Priya raised a flag', many);
  expect(announcer.urgentText).toBe('Priya raised a flag');
});

test('a burst of 200 is two sentences: the first, and five seconds later one with a count', () => {
  const { clock, announcer } = setUp();
  const said: string[] = [];
  for (let flag = 1; flag <= 200; flag += 1) {
    announcer.urgent(`flag ${flag}`, many);
    if (said.at(-1) !== announcer.urgentText) said.push(announcer.urgentText);
    clock.pass(10);
    if (said.at(-1) !== announcer.urgentText) said.push(announcer.urgentText);
  }
  clock.pass(60_000);
  said.push(announcer.urgentText);
  expect(said).toEqual(['flag 1', '199 new, newest: flag 200']);
  expect(clock.pending).toBe(0);
});

test('never two within five seconds, whenever they come', () => {
  const { clock, announcer } = setUp();
  let last = '';
  const instants: number[] = [];
  const look = (): void => {
    if (announcer.urgentText === last) return;
    last = announcer.urgentText;
    instants.push(clock.now());
  };
  for (let step = 0; step < 40_000; step += 1) {
    if (step % 777 === 0) announcer.urgent(`flag ${step}`, many);
    look();
    clock.pass(1);
    look();
  }
  const gaps = instants.slice(1).map((instant, index) => instant - (instants[index] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(urgentEvery);
  expect(instants.length).toBeGreaterThan(5);
});

test('the same words again change the region, so that they are read again', () => {
  const { clock, announcer } = setUp();
  announcer.urgent('Priya raised a flag', many);
  const before = announcer.urgentText;
  clock.pass(urgentEvery);
  announcer.urgent('Priya raised a flag', many);
  expect(announcer.urgentText).not.toBe(before);
  expect(announcer.urgentText.trim()).toBe('Priya raised a flag');
  announcer.polite('Rosa: yes');
  const first = announcer.politeText;
  announcer.polite('Rosa: yes');
  expect(announcer.politeText).not.toBe(first);
});

test('ends with its page', () => {
  const { clock, announcer } = setUp();
  announcer.urgent('one', many);
  announcer.urgent('two', many);
  announcer.end();
  expect(clock.pending).toBe(0);
});
