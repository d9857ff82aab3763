import { channels } from '../../shared/contract/channel.ts';
import { isId } from '../../shared/contract/id.ts';
import type { CommandRow } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { conversationNoun, ending } from './conversation.ts';

/**
 * The customer of a channel that ends with its customer has been gone everywhere for the grace: the conversation ends as if
 * they had ended it. `subject` is the conversation's id. Whatever is closed by then, or lasts without its customer, stays as
 * it is.
 */
export const customerLeft: CommandRow<{ readonly subject: string }, null> = {
  permission: 'system',
  rate: { points: 6000, seconds: 60 },
  needs: (input) => [need(conversationNoun, input.subject)],
  decide: (state, input) => {
    const conversation = isId<'conversation'>(input.subject) ? state.get(conversationNoun, input.subject) : undefined;
    if (conversation?.lifecycle !== 'open' || !channels[conversation.channel].endsWithCustomer)
      return { events: [], value: null };
    return { events: ending(conversation, 'customer_left'), value: null };
  },
};
