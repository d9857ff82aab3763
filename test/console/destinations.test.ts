import { expect, test } from 'vitest';
import { destinations } from '../../console/destinations.ts';
import { rosa, tell } from '../../console/specimen/story.ts';

test('queues first, then people who can serve, the free ones before the others; never the assignee', () => {
  const { live } = tell('calm', 1_800_000_000_000);
  const conversation = live?.conversations.get(rosa);
  if (live == null || conversation === undefined) throw new Error('no floor');
  expect(destinations(live, conversation).map((one) => `${one.name} ${one.person?.status ?? 'queue'}`)).toEqual([
    'Banking queue',
    'Rentals queue',
    'Ines Okafor available',
    'Tomasz Wolny available',
    'Leo Fontaine busy',
    'Mei Lin busy',
    'Marcus Bell break',
    'Hana Sato offline',
  ]);
  expect(destinations(live, conversation).at(-1)?.refused).toBe('unreachable');
});

test('a conversation that waits in a queue cannot go to that queue', () => {
  const { live } = tell('waiting', 1_800_000_000_000);
  const conversation = live?.conversations.get(rosa);
  if (live == null || conversation === undefined) throw new Error('no floor');
  expect(
    destinations(live, conversation)
      .filter((one) => one.refused === 'current')
      .map((one) => one.name),
  ).toEqual(['Banking']);
});
