import { holds } from '../../shared/contract/permission.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import type { Command, Outcome } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { personNoun } from '../person/person.ts';
import { queueNoun } from '../queue/queue.ts';
import {
  assign,
  cancelOffer,
  closed,
  conversationNoun,
  enqueue,
  mayMove,
  noConversation,
  ofItsTeam,
} from './conversation.ts';

/** Gives a conversation to another queue, or straight to a person who is there to take it. */
export const transfer: Command<'conversation:transfer'> = {
  permission: 'anyone',
  rate: { points: 20, seconds: 10 },
  needs: ({ conversationId, to }) => [
    need(conversationNoun, conversationId),
    to.kind === 'queue' ? need(queueNoun, to.queueId) : need(personNoun, to.personId),
  ],
  decide: (state, { conversationId, to }, context) => {
    const { actor } = context;
    const conversation = state.get(conversationNoun, conversationId);
    if (conversation === undefined) return { refusal: noConversation };
    if (!mayMove(actor, conversation, state)) {
      if (!ofItsTeam(actor, conversation)) return { refusal: noConversation };
      return {
        refusal: refusal(
          'not_your_session',
          'Somebody else serves this conversation.',
          'Ask its agent or a supervisor to transfer it.',
        ),
      };
    }
    if (conversation.lifecycle === 'closed') return { refusal: closed };
    const { sessionId, assigneeId } = conversation;
    const leaving: Outcome[] = [
      ...cancelOffer(conversation),
      ...(sessionId === null || assigneeId === null
        ? []
        : [{ type: 'session:ended', conversationId, sessionId, agentId: assigneeId, reason: 'transferred' } as const]),
    ];
    if (to.kind === 'queue') {
      const queue = state.get(queueNoun, to.queueId);
      if (queue === undefined)
        return { refusal: refusal('not_found', 'There is no such queue.', 'Choose another queue.') };
      if (!queue.active)
        return {
          refusal: refusal(
            'queue_inactive',
            `The queue ${queue.name} takes no conversations.`,
            'Choose another queue.',
          ),
        };
      // It must not come straight back to whoever gave it away.
      return {
        events: [...leaving, enqueue(conversation, queue, assigneeId === null ? [] : [assigneeId], context)],
        value: null,
      };
    }
    const person = state.get(personNoun, to.personId);
    if (person === undefined)
      return { refusal: refusal('not_found', 'There is no such person.', 'Choose somebody else.') };
    if (person.id === assigneeId)
      return {
        refusal: refusal(
          'already_assigned',
          `${person.name} already serves this conversation.`,
          'Choose somebody else.',
          { personId: person.id, name: person.name },
        ),
      };
    if (!person.active || !holds(person.role, 'conversation.serve'))
      return {
        refusal: refusal('person_inactive', `${person.name} cannot take conversations.`, 'Choose somebody else.'),
      };
    if (!person.reachable || person.status === 'offline')
      return {
        refusal: refusal(
          'person_unavailable',
          `${person.name} is not here at the moment.`,
          'Choose somebody who is here, or a queue.',
        ),
      };
    return { events: [...leaving, ...assign(conversation, person.id, context).outcomes], value: null };
  },
};
