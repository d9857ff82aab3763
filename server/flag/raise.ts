import { channels } from '../../shared/contract/channel.ts';
import type { Flag } from '../../shared/contract/flag.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import { conversationNoun, entryOf } from '../conversation/conversation.ts';
import type { Command, Outcome } from '../hub/room.ts';
import { need, needThrough } from '../hub/room.ts';
import { noSession, sessionEnded, sessionNoun } from '../session/session.ts';
import { amended } from './amend.ts';
import { about, flagNoun, reasonNoun, watchersNoun } from './flag.ts';

/** An agent calls for a supervisor, on an own live session. Raising again changes what is up (S1.1, S1.5). */
export const raise: Command<'flag:raise'> = {
  permission: 'flag.raise',
  rate: { points: 5, seconds: 5 },
  needs: (input, actor) => [
    need(sessionNoun, input.sessionId),
    needThrough(conversationNoun, 'session', input.sessionId),
    need(reasonNoun, input.reasonId),
    ...(actor.kind === 'person' ? [need(watchersNoun, actor.id)] : []),
  ],
  decide: (state, input, context) => {
    const { actor, now } = context;
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
    const conversation = state.get(conversationNoun, session.conversationId);
    const reason = state.get(reasonNoun, input.reasonId);
    if (conversation === undefined) return { refusal: noSession };
    if (reason === undefined)
      return { refusal: refusal('not_found', 'There is no such reason.', 'Choose one of the reasons shown.') };
    if (!channels[conversation.channel].helpFlag)
      return {
        refusal: refusal(
          'not_supported_on_channel',
          'No flag can be raised on this channel.',
          'Ask a supervisor in person.',
        ),
      };
    const watching = (state.get(watchersNoun, actor.id) ?? []).length;

    const up = session.flagId === null ? undefined : state.get(flagNoun, session.flagId);
    if (up !== undefined) {
      const events: Outcome[] = [amended(up, reason, input.message, context)];
      if (input.askJoin && up.join?.state !== 'asked') events.push({ type: 'flag:join-asked', ...about(up) });
      return { events, value: { flagId: up.id, watching } };
    }
    const flag: Flag = {
      id: context.newId<'flag'>(),
      sessionId: session.id,
      conversationId: conversation.id,
      agentId: actor.id,
      channel: conversation.channel,
      queueId: conversation.queueId,
      teamId: conversation.teamId,
      customerName: conversation.customerName,
      reasonId: reason.id,
      message: '',
      raisedAt: now,
      targetAt: now + reason.targetMs,
      amendedAt: null,
      deliveredAt: null,
      seenBy: [],
      claim: null,
      claimedAt: null,
      answeredAt: null,
      join: null,
      joinedAt: null,
      joinedBy: [],
      lowered: null,
    };
    const raised: Outcome = {
      type: 'flag:raised',
      conversationId: conversation.id,
      flag,
      entryId: entryOf(context),
      text: input.message,
    };
    const asked: Outcome[] = input.askJoin ? [{ type: 'flag:join-asked', ...about(flag) }] : [];
    return { events: [raised, ...asked], value: { flagId: flag.id, watching } };
  },
};
