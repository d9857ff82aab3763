import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { arranging, connectionNoun, noConnection } from './connection.ts';
import { connectionNamesNoun, nameKey, nameTaken } from './use.ts';

export const rename: Command<'connection:rename'> = {
  permission: 'channel.manage',
  rate: arranging,
  alone: true,
  needs: (input, _actor, organisationId) => [
    need(connectionNoun, input.connectionId),
    need(connectionNamesNoun, organisationId),
  ],
  decide: (state, input, context) => {
    const connection = state.get(connectionNoun, input.connectionId);
    if (connection === undefined) return { refusal: noConnection };
    const name = input.name.trim();
    if (name === connection.name) return { events: [], value: null };
    const other = state.get(connectionNamesNoun, context.organisationId)?.get(nameKey(name));
    if (other !== undefined && other !== connection.id) return { refusal: nameTaken(name) };
    return {
      events: [{ type: 'connection:renamed', connectionId: connection.id, before: connection.name, name }],
      value: null,
    };
  },
};
