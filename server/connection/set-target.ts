import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { arranging, connectionNoun, noConnection } from './connection.ts';
import { settingsRefusal } from './use.ts';

/** Where replies go; what waits goes there too. */
export const setTarget: Command<'connection:set-target'> = {
  permission: 'channel.manage',
  rate: arranging,
  needs: (input) => [need(connectionNoun, input.connectionId)],
  decide: (state, input) => {
    const connection = state.get(connectionNoun, input.connectionId);
    if (connection === undefined) return { refusal: noConnection };
    const { id: connectionId, target: before, sender: was } = connection;
    const { target } = input;
    const sender = input.sender?.trim() ?? null;
    if (target === before && sender === was) return { events: [], value: null };
    const refused = settingsRefusal(connection.adapter, { sender });
    if (refused !== null) return { refusal: refused };
    return {
      events: [
        { type: 'connection:target-set', connectionId, before: { target: before, sender: was }, target, sender },
      ],
      value: null,
    };
  },
};
