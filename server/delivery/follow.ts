import { channels } from '../../shared/contract/channel.ts';
import { conversationNoun } from '../conversation/conversation.ts';
import type { Reaction } from '../hub/room.ts';
import { personNoun } from '../person/person.ts';

/**
 * What the staff says to a customer of a messaging channel, and who really joins or leaves, is to be sent. Nothing else is: side
 * chats, flags and monitoring have no row here (I7).
 */
export const queueDeliveries: Reaction = (event, state, context) => {
  switch (event.type) {
    case 'message:sent':
      if (event.author === 'customer') return [];
      break;
    case 'supervision:joined':
      break;
    case 'supervision:left':
      if (event.was !== 'joined') return [];
      break;
    default:
      return [];
  }
  const conversation = state.get(conversationNoun, event.conversationId);
  if (conversation === undefined || !channels[conversation.channel].delivery) return [];
  const { id: conversationId, connectionId } = conversation;
  if (connectionId === null) return [];
  const queued = { type: 'delivery:queued', conversationId, connectionId } as const;
  if (event.type === 'message:sent') return [{ ...queued, entryId: event.entryId, notice: null }];
  const name = state.get(personNoun, event.personId)?.name ?? '';
  const kind = event.type === 'supervision:joined' ? 'joined' : 'left';
  return [{ ...queued, entryId: context.newId<'entry'>(), notice: { kind, name } }];
};
