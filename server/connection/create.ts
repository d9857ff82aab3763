import type { ConnectionId } from '../../shared/contract/id.ts';
import { limits } from '../../shared/contract/limits.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { queueNoun } from '../queue/queue.ts';
import { arranging } from './connection.ts';
import { connectionNamesNoun, nameKey, nameTaken, queueRefusal, settingsRefusal } from './use.ts';

/** Joins a messaging channel to a queue. The secrets go to their table and nowhere else. */
export const create: Command<'connection:create'> = {
  permission: 'channel.manage',
  rate: arranging,
  alone: true,
  needs: (input, _actor, organisationId) => [need(connectionNamesNoun, organisationId), need(queueNoun, input.queueId)],
  decide: (state, input, context) => {
    const { adapter, queueId, target, sender, inbound, outbound, verify } = input;
    const names = state.get(connectionNamesNoun, context.organisationId);
    const name = input.name.trim();
    if (names?.has(nameKey(name))) return { refusal: nameTaken(name) };
    if ((names?.size ?? 0) >= limits.connections)
      return {
        refusal: refusal(
          'limit_reached',
          `There are ${limits.connections} connections already.`,
          'Use one of those that are switched off.',
        ),
      };
    const refused = queueRefusal(state, queueId) ?? settingsRefusal(adapter, input);
    if (refused !== null) return { refusal: refused };
    const id: ConnectionId = context.newId();
    return {
      events: [
        {
          fact: {
            type: 'connection:created',
            connection: { id, name, adapter, queueId, active: true, target, sender: sender?.trim() ?? null },
          },
          secret: { inbound, outbound, verify },
        },
      ],
      value: { connectionId: id },
    };
  },
};
