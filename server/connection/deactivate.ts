import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { arranging, connectionNoun, noConnection } from './connection.ts';

/** Takes no more messages; what waits to be sent waits on. */
export const deactivate: Command<'connection:deactivate'> = {
  permission: 'channel.manage',
  rate: arranging,
  needs: (input) => [need(connectionNoun, input.connectionId)],
  decide: (state, { connectionId }) => {
    const connection = state.get(connectionNoun, connectionId);
    if (connection === undefined) return { refusal: noConnection };
    if (!connection.active) return { events: [], value: null };
    return { events: [{ type: 'connection:deactivated', connectionId, because: 'switched_off' }], value: null };
  },
};
