/**
 * What a channel can do. A channel stands here only once it works end to end; screens and the gate read the same table.
 */
export const channels = {
  chat: {
    /** A customer line and an answer are seconds apart, so typing marks make sense. */
    typing: true,
    /** An agent may raise a help flag on it (S1.2). */
    helpFlag: true,
    /** Agent and supervisor can both write in the side chat (S1.9, S1.16). */
    sideChat: 'two-way',
    /** A supervisor may join the customer conversation as a second voice. */
    join: true,
  },
} as const satisfies Record<string, ChannelCapability>;

export interface ChannelCapability {
  readonly typing: boolean;
  readonly helpFlag: boolean;
  readonly sideChat: 'two-way' | 'one-way';
  readonly join: boolean;
}

export type Channel = keyof typeof channels;
