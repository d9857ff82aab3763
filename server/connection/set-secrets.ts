import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { arranging, connectionNoun, noConnection } from './connection.ts';
import { settingsRefusal } from './use.ts';

/** Puts new secrets in the place of the old ones, which count no longer from then on. */
export const setSecrets: Command<'connection:set-secrets'> = {
  permission: 'channel.manage',
  rate: arranging,
  needs: (input) => [need(connectionNoun, input.connectionId)],
  decide: (state, { connectionId, inbound, outbound, verify }) => {
    const connection = state.get(connectionNoun, connectionId);
    if (connection === undefined) return { refusal: noConnection };
    const { adapter, sender } = connection;
    const refused = settingsRefusal(adapter, { sender, inbound, outbound, verify });
    if (refused !== null) return { refusal: refused };
    return {
      events: [{ fact: { type: 'connection:secrets-set', connectionId }, secret: { inbound, outbound, verify } }],
      value: null,
    };
  },
};
