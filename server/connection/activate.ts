import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { arranging, connectionNoun, noConnection } from './connection.ts';
import { queueRefusal } from './use.ts';

/** Takes messages again, and sends what has waited. */
export const activate: Command<'connection:activate'> = {
  permission: 'channel.manage',
  rate: arranging,
  needs: (input) => [need(connectionNoun, input.connectionId)],
  decide: (state, { connectionId }) => {
    const connection = state.get(connectionNoun, connectionId);
    if (connection === undefined) return { refusal: noConnection };
    if (connection.active) return { events: [], value: null };
    const refused = queueRefusal(state, connection.queueId);
    if (refused !== null) return { refusal: refused };
    return { events: [{ type: 'connection:activated', connectionId }], value: null };
  },
};
