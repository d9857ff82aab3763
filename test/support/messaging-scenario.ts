import { randomUUID } from 'node:crypto';
import type { CommandInput, CommandName } from '../../shared/contract/command.ts';
import type { ConnectionId, ConversationId, EntryId } from '../../shared/contract/id.ts';
import { connected, signingSecret, writes } from './messaging.ts';
import type { Scenario, Scene } from './scenario.ts';
import type { Stage } from './stage.ts';

type Messaging = Extract<CommandName, `connection:${string}` | `delivery:${string}`>;

const staffScene = <N extends CommandName>(input: CommandInput<N>): Scene<N> => ({ input, customer: null });
const unique = (name: string): string => `${name} ${randomUUID().slice(0, 8)}`;

/** A private address: nothing is sent there, and a line for it fails at once. */
const nowhere = 'http://10.0.0.1/replies';

const connection = async (stage: Stage): Promise<ConnectionId> =>
  (await connected(stage.of('Marta'), stage.queue('Banking'), nowhere)).connectionId;

/** Priya has answered a customer of a messaging channel, and the answer could not be delivered. */
async function undelivered(stage: Stage): Promise<{ conversationId: ConversationId; entryId: EntryId }> {
  const to = await connected(stage.of('Marta'), stage.queue('Banking'), nowhere);
  const address = unique('customer');
  await writes(stage.floor, to, address, 'Is anybody there?');
  const { id: conversationId } = await stage
    .of('Priya')
    .sees('the conversation', (live) =>
      [...live.conversations.values()].find((one) => one.connectionId === to.connectionId),
    );
  await stage.does('Priya', 'conversation:take', { conversationId });
  const { entryId } = await stage.of('Priya').does('message:send', { conversationId, text: 'Yes.' });
  await stage.settle();
  return { conversationId, entryId: entryId as EntryId };
}

/** Situations in which the commands of the messaging channel succeed. */
export const messagingScenarios: { readonly [N in Messaging]: Scenario<N> } = {
  'connection:create': {
    by: 'Marta',
    moves: 'nothing kept',
    prepare: async (stage) =>
      staffScene({
        name: unique('Messages'),
        adapter: 'generic',
        queueId: stage.queue('Banking'),
        target: nowhere,
        sender: null,
        inbound: signingSecret(),
        outbound: signingSecret(),
        verify: null,
      }),
  },
  'connection:rename': {
    by: 'Marta',
    moves: 'nothing kept',
    prepare: async (stage) => staffScene({ connectionId: await connection(stage), name: unique('Messages') }),
  },
  'connection:set-queue': {
    by: 'Marta',
    moves: 'nothing kept',
    prepare: async (stage) => staffScene({ connectionId: await connection(stage), queueId: stage.queue('Travel') }),
  },
  'connection:set-target': {
    by: 'Marta',
    moves: 'nothing kept',
    prepare: async (stage) =>
      staffScene({ connectionId: await connection(stage), target: 'https://example.org/replies', sender: null }),
  },
  'connection:set-secrets': {
    by: 'Marta',
    moves: 'nothing kept',
    prepare: async (stage) =>
      staffScene({
        connectionId: await connection(stage),
        inbound: signingSecret(),
        outbound: signingSecret(),
        verify: null,
      }),
  },
  'connection:activate': {
    by: 'Marta',
    moves: 'nothing kept',
    prepare: async (stage) => {
      const connectionId = await connection(stage);
      await stage.does('Marta', 'connection:deactivate', { connectionId });
      return staffScene({ connectionId });
    },
  },
  'connection:deactivate': {
    by: 'Marta',
    moves: 'nothing kept',
    prepare: async (stage) => staffScene({ connectionId: await connection(stage) }),
  },
  'delivery:retry': {
    by: 'Priya',
    moves: 'nothing kept',
    prepare: async (stage) => {
      const { conversationId, entryId } = await undelivered(stage);
      return staffScene({ conversationId, entryId });
    },
  },
};
