import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { organisationNoun, organisationOf } from '../organisation/organisation.ts';
import { noSession, sessionNoun } from '../session/session.ts';
import { presenceOf, supervisedSession } from './presence.ts';

/** A supervisor watches a conversation; its agent knows of it as the policy says, its customer never does. */
export const monitor: Command<'supervision:monitor'> = {
  permission: 'supervision.own',
  rate: { points: 20, seconds: 10 },
  needs: (input, _actor, organisationId) => [
    need(sessionNoun, input.sessionId),
    need(organisationNoun, organisationId),
  ],
  decide: (state, input, context) => {
    const { actor } = context;
    const found = supervisedSession(actor, input.sessionId, state);
    if ('refusal' in found || actor.kind !== 'person') return 'refusal' in found ? found : { refusal: noSession };
    const { session } = found;
    if (presenceOf(session, actor) !== undefined) return { events: [], value: null };
    const { id: sessionId, conversationId, agentId } = session;
    const { monitoring: policy } = organisationOf(state, context);
    return {
      events: [{ type: 'supervision:monitored', conversationId, sessionId, personId: actor.id, agentId, policy }],
      value: null,
    };
  },
};
