import { flagEnabled } from '../../shared/contract/channel.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import { conversationNoun, entryOf } from '../conversation/conversation.ts';
import { call, nobody, watchersNoun } from '../escalation/escalation.ts';
import type { Command, Outcome } from '../hub/room.ts';
import { need, needThrough } from '../hub/room.ts';
import { fallbackOf, organisationNoun, organisationOf } from '../organisation/organisation.ts';
import { noReason, reasonNoun } from '../reason/reason.ts';
import { noSession, sessionEnded, sessionNoun } from '../session/session.ts';
import { teamNoun } from '../team/team.ts';
import { amended } from './amend.ts';
import { about, flagNoun } from './flag.ts';

/** An agent calls for a supervisor, on an own live session. Raising again changes what is up (S1.1, S1.5). */
export const raise: Command<'flag:raise'> = {
  permission: 'flag.raise',
  rate: { points: 5, seconds: 5 },
  callsForHelp: true,
  needs: (input, actor, organisationId) => [
    need(sessionNoun, input.sessionId),
    needThrough(conversationNoun, 'session', input.sessionId),
    need(reasonNoun, input.reasonId),
    need(organisationNoun, organisationId),
    ...(actor.kind === 'person' ? [need(watchersNoun, actor.id)] : []),
  ],
  decide: (state, input, context) => {
    const { actor } = context;
    const session = state.get(sessionNoun, input.sessionId);
    if (session === undefined || actor.kind !== 'person') return { refusal: noSession };
    if (session.agentId !== actor.id)
      return {
        refusal: refusal(
          'not_your_session',
          'A flag is raised by the agent who serves the customer.',
          'Take or join the conversation instead.',
        ),
      };
    if (session.endedAt !== null) return { refusal: sessionEnded };
    const organisation = organisationOf(state, context);
    const fallback = fallbackOf(organisation, context);
    if (fallback !== null) return { refusal: fallback };
    const conversation = state.get(conversationNoun, session.conversationId);
    const reason = state.get(reasonNoun, input.reasonId);
    if (conversation === undefined) return { refusal: noSession };
    if (reason === undefined) return { refusal: noReason };
    if (!flagEnabled(conversation.channel, actor.person, (id) => state.get(teamNoun, id)))
      return {
        refusal: refusal(
          'flag_not_enabled',
          'Help flags on Legacy chat are not switched on for your team.',
          'Ask an admin to switch them on under Settings, Channels.',
        ),
      };
    const watching = state.get(watchersNoun, actor.id) ?? nobody;

    const up = session.flagId === null ? undefined : state.get(flagNoun, session.flagId);
    if (!reason.active && up?.reasonId !== reason.id) return { refusal: noReason };
    if (up !== undefined) {
      const events: Outcome[] = [amended(up, reason, input.message, context)];
      if (input.askJoin && up.join?.state !== 'asked') events.push({ type: 'flag:join-asked', ...about(up) });
      return { events, value: { flagId: up.id, watching: watching[up.reach] } };
    }
    const called = call(
      {
        session,
        conversation,
        organisation,
        reason,
        source: { kind: 'agent' },
        text: input.message,
        entryId: entryOf(context),
        watching,
      },
      context,
    );
    const asked: Outcome[] = input.askJoin ? [{ type: 'flag:join-asked', ...about(called.flag) }] : [];
    const value = { flagId: called.flag.id, watching: called.watching };
    return { events: [...called.outcomes, ...asked], value };
  },
};
