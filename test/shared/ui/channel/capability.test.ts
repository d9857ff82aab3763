import { expect, test } from 'vitest';
import { rosa, tell } from '../../../../console/specimen/story.ts';
import { channels } from '../../../../shared/contract/channel.ts';
import type { Live } from '../../../../shared/live/apply.ts';
import { capabilityRows, capabilityWords, channelList, flagHere } from '../../../../shared/ui/channel/capability.ts';

function floor(state: string) {
  const { live } = tell(state, 1_800_000_000_000);
  const conversation = live?.conversations.get(rosa);
  if (live == null || conversation === undefined) throw new Error(state);
  return { live, conversation };
}

const switched = (live: Live, on: boolean): Live => ({
  ...live,
  teams: new Map([...live.teams].map(([id, team]) => [id, { ...team, legacyFlag: on }])),
});

test('S1.2: every channel is told by the table, and none is left out', () => {
  expect(channelList).toEqual(['chat', 'legacy', 'messaging']);
  const rows = capabilityRows();
  // One row for each capability, one cell for each channel.
  expect(rows).toHaveLength(Object.keys(channels.chat).length);
  for (const { name, cells } of rows)
    expect(
      cells.map(({ channel }) => channel),
      name,
    ).toEqual(channelList);
});

test('S1.16: the side chat is two-way on every channel, and every channel says so', () => {
  for (const channel of channelList) {
    expect(channels[channel].sideChat).toBe('two-way');
    expect(capabilityWords(channel, 'on')).toContain('Side chat both ways');
  }
  const side = capabilityRows().find(({ name }) => name === 'Side chat');
  expect(side?.cells.map(({ has, words }) => [has, words])).toEqual(channelList.map(() => [true, 'Both ways']));
});

test('S1.3: Legacy Chat says whether its flag is switched on, and that it ends with its customer', () => {
  expect(capabilityWords('legacy', 'off')).toEqual([
    'No help flag: not switched on for the agent’s team',
    'Side chat both ways',
    'A supervisor can join',
    'Ends when the customer leaves',
  ]);
  expect(capabilityWords('legacy', 'on')[0]).toBe('Help flag');
  expect(capabilityWords('legacy', 'by-team')[0]).toBe('Help flag where the team has it switched on');
  expect(capabilityWords('chat', 'on')).toContain('Stays when the customer leaves');
  expect(capabilityWords('messaging', 'on')).toContain('Delivery marks');
});

test('S1.3: the flag of a conversation goes by its channel and its agent’s teams', () => {
  const { live, conversation } = floor('legacy');
  expect(flagHere(conversation, live)).toBe('off');
  expect(flagHere(conversation, switched(live, true))).toBe('on');
  expect(flagHere({ ...conversation, assigneeId: null }, live)).toBe('by-team');
  expect(flagHere({ ...conversation, channel: 'chat' }, live)).toBe('on');
});
