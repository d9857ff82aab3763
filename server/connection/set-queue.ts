import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { queueNoun } from '../queue/queue.ts';
import { arranging, connectionNoun, noConnection } from './connection.ts';
import { queueRefusal } from './use.ts';

/** Where new conversations of a connection wait; those that are open stay where they are. */
export const setQueue: Command<'connection:set-queue'> = {
  permission: 'channel.manage',
  rate: arranging,
  needs: (input) => [need(connectionNoun, input.connectionId), need(queueNoun, input.queueId)],
  decide: (state, { connectionId, queueId }) => {
    const connection = state.get(connectionNoun, connectionId);
    if (connection === undefined) return { refusal: noConnection };
    if (connection.queueId === queueId) return { events: [], value: null };
    const refused = queueRefusal(state, queueId);
    if (refused !== null) return { refusal: refused };
    return {
      events: [{ type: 'connection:queue-set', connectionId, before: connection.queueId, queueId }],
      value: null,
    };
  },
};
