import type { TeamId } from './id.ts';

/**
 * What a channel can do. A channel stands here only once it works end to end; screens and the gate read the same table.
 */
export const channels = {
  chat: {
    typing: true,
    helpFlag: 'always',
    flagPlace: 'interaction-pane',
    sideChat: 'two-way',
    join: true,
    endsWithCustomer: false,
    delivery: false,
  },
  legacy: {
    typing: true,
    helpFlag: 'by-team',
    flagPlace: 'interaction-pane',
    sideChat: 'two-way',
    join: true,
    endsWithCustomer: true,
    delivery: false,
  },
  messaging: {
    typing: false,
    helpFlag: 'always',
    flagPlace: 'conversation',
    sideChat: 'two-way',
    join: true,
    endsWithCustomer: false,
    delivery: true,
  },
} as const satisfies Record<string, ChannelCapability>;

export interface ChannelCapability {
  /** A customer line and an answer are seconds apart, so typing marks make sense. */
  readonly typing: boolean;
  /** Whether an agent may raise a help flag on it (S1.2): always, or once an admin switched it on for the agent's team (S1.3). */
  readonly helpFlag: 'always' | 'by-team';
  /** Where the Flag button sits (S1.4). */
  readonly flagPlace: 'interaction-pane' | 'conversation';
  /** Agent and supervisor can both write in the side chat (S1.9, S1.16). */
  readonly sideChat: 'two-way' | 'one-way';
  /** A supervisor may join the customer conversation as a second voice. */
  readonly join: boolean;
  /** The conversation ends when its customer has been gone for `customerGraceMs`. */
  readonly endsWithCustomer: boolean;
  /** Lines of the staff travel through an adapter, and each says how far it has come. */
  readonly delivery: boolean;
}

export type Channel = keyof typeof channels;

/** Channels that a customer's own widget may open; the others come in through a connection. */
export const widgetChannels = ['chat', 'legacy'] as const satisfies readonly Channel[];
export type WidgetChannel = (typeof widgetChannels)[number];

/** Channels whose conversations end when their customer has left. */
export const endingChannels: readonly Channel[] = (Object.keys(channels) as Channel[]).filter(
  (channel) => channels[channel].endsWithCustomer,
);

/** What decides whether a help flag may be raised here: the channel, and the switches of the agent's teams. */
export function flagEnabled(
  channel: Channel,
  agent: { readonly teamIds: readonly TeamId[] } | undefined,
  teamOf: (id: TeamId) => { readonly legacyFlag: boolean } | undefined,
): boolean {
  if (channels[channel].helpFlag === 'always') return true;
  return agent?.teamIds.some((id) => teamOf(id)?.legacyFlag === true) ?? false;
}
