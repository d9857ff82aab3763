import type { Channel } from '../../contract/channel.ts';
import { channels, flagEnabled } from '../../contract/channel.ts';
import type { Conversation } from '../../contract/conversation.ts';
import type { Live } from '../../live/apply.ts';
import { channelText as text } from './text.ts';

/** Whether a help flag can go up: where the channel leaves it to the team, `by-team` says that no agent is known yet. */
export type FlagHere = 'on' | 'off' | 'by-team';

/** Whether a help flag could go up in this conversation now, by its channel and the switches of its agent's teams. */
export function flagHere(
  { channel, assigneeId }: Pick<Conversation, 'channel' | 'assigneeId'>,
  live: Pick<Live, 'people' | 'teams'>,
): FlagHere {
  if (channels[channel].helpFlag === 'always') return 'on';
  const agent = assigneeId === null ? undefined : live.people.get(assigneeId);
  if (agent === undefined) return 'by-team';
  return flagEnabled(channel, agent, (id) => live.teams.get(id)) ? 'on' : 'off';
}

/** What a channel can do, for the line beside a conversation: a few words each, in a fixed order. */
export function capabilityWords(channel: Channel, flag: FlagHere): readonly string[] {
  const { sideChat, join, endsWithCustomer, delivery } = channels[channel];
  return [
    text(flag === 'on' ? 'line.flag' : flag === 'off' ? 'line.flag.off' : 'line.flag.team'),
    text(`line.side.${sideChat}`),
    text(join ? 'line.join' : 'line.join.not'),
    text(endsWithCustomer ? 'line.ends' : 'line.stays'),
    ...(delivery ? [text('line.delivery')] : []),
  ];
}

/** One row of the table of channels: a capability, and what each channel makes of it. */
export interface CapabilityRow {
  readonly name: string;
  /** `has`: null where it is no question of having it. */
  readonly cells: readonly { readonly channel: Channel; readonly has: boolean | null; readonly words: string }[];
}

/** All channels there are, in the order of the capability table. */
export const channelList = Object.keys(channels) as readonly Channel[];

/** The capability table in words, a row for each capability. */
export function capabilityRows(): readonly CapabilityRow[] {
  const row = (
    name: string,
    cell: (channel: Channel) => readonly [has: boolean | null, words: string],
  ): CapabilityRow => ({
    name,
    cells: channelList.map((channel) => {
      const [has, words] = cell(channel);
      return { channel, has, words };
    }),
  });
  const yes = (has: boolean): readonly [boolean, string] => [has, text(has ? 'cell.true' : 'cell.false')];
  return [
    row(text('cell.helpFlag'), (one) => [true, text(`cell.helpFlag.${channels[one].helpFlag}`)]),
    row(text('cell.flagPlace'), (one) => [null, text(`cell.flagPlace.${channels[one].flagPlace}`)]),
    row(text('cell.sideChat'), (one) => [
      channels[one].sideChat === 'two-way',
      text(`cell.sideChat.${channels[one].sideChat}`),
    ]),
    row(text('cell.join'), (one) => yes(channels[one].join)),
    row(text('cell.endsWithCustomer'), (one) => [
      null,
      text(`cell.endsWithCustomer.${channels[one].endsWithCustomer}`),
    ]),
    row(text('cell.delivery'), (one) => yes(channels[one].delivery)),
    row(text('cell.typing'), (one) => yes(channels[one].typing)),
  ];
}
