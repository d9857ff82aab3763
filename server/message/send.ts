import { refusal } from '../../shared/contract/refusal.ts';
import { closed, conversationNoun, entryOf, noConversation } from '../conversation/conversation.ts';
import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { ruleSetNoun } from '../rule/rule.ts';
import { sessionNoun } from '../session/session.ts';

/** A line that both sides see: by the customer, by the agent in charge, or by a supervisor who has joined. */
export const send: Command<'message:send'> = {
  permission: 'anyone',
  rate: { points: 30, seconds: 10 },
  // Every line is heard by the rules; which ones stand is one row.
  needs: (input, _actor, organisationId) => [
    need(conversationNoun, input.conversationId),
    need(ruleSetNoun, organisationId),
  ],
  decide: (state, input, context) => {
    const { actor } = context;
    const conversation = state.get(conversationNoun, input.conversationId);
    if (conversation === undefined) return { refusal: noConversation };
    const entryId = entryOf(context);
    const line = { type: 'message:sent', conversationId: conversation.id, entryId, text: input.text } as const;
    if (actor.kind === 'customer') {
      if (conversation.customerId !== actor.id) return { refusal: noConversation };
      if (conversation.lifecycle === 'closed') return { refusal: closed };
      return { events: [{ ...line, author: 'customer', personId: null }], value: { entryId } };
    }
    if (actor.kind !== 'person') return { refusal: noConversation };
    if (conversation.lifecycle === 'closed') return { refusal: closed };
    if (conversation.assigneeId === actor.id)
      return { events: [{ ...line, author: 'agent', personId: actor.id }], value: { entryId } };
    const session = conversation.sessionId === null ? undefined : state.get(sessionNoun, conversation.sessionId);
    const joined = session?.supervisors.some((one) => one.personId === actor.id && one.mode === 'joined');
    if (joined === true) return { events: [{ ...line, author: 'supervisor', personId: actor.id }], value: { entryId } };
    return {
      refusal: refusal(
        'not_joined',
        'You are not in this conversation, so the customer cannot read you.',
        conversation.assigneeId === null ? 'Take it first.' : 'Join it first, or write in the side chat.',
      ),
    };
  },
};
