import type { ConversationId } from '../../shared/contract/id.ts';
import { flagNoun } from '../flag/flag.ts';
import type { CommandRow, JobWriter, Noun, Outcome } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { queueNoun } from '../queue/queue.ts';
import { sessionNoun } from '../session/session.ts';
import { conversationNoun, enqueue } from './conversation.ts';

/** Open conversations of a person, for the one command that moves them all. */
const servedNoun: Noun<readonly ConversationId[]> = {
  kind: 'served by a person',
  load: (organisationId, ids) => ({
    text: `select p.id as person_id, array(select c.id from conversation c
        where c.organisation_id = $1 and c.assignee_id = p.id and c.lifecycle = 'open' order by c.started_at) as served
      from unnest($2::uuid[]) as p (id)`,
    values: [organisationId, ids],
  }),
  read: (raw) => [raw.person_id as string, raw.served as ConversationId[]],
  touches: () => [],
  evolve: (served) => served,
};

/** Somebody who may no longer serve gives back what they served: the customers wait again, in front of everybody. */
export const requeue: CommandRow<{ readonly subject: string }, null> = {
  permission: 'system',
  rate: { points: 1000, seconds: 1 },
  alone: true,
  needs: ({ subject }) => [need(servedNoun, subject)],
  decide: (state, { subject }, context) => {
    const served = state.all(conversationNoun, state.get(servedNoun, subject) ?? []);
    const queues = new Map(
      state.all(queueNoun, [...new Set(served.map((one) => one.queueId))]).map((queue) => [queue.id, queue]),
    );
    // What ends with the conversations' sessions, asked for together.
    const sessions = state.all(
      sessionNoun,
      served.flatMap((one) => one.sessionId ?? []),
    );
    state.all(
      flagNoun,
      sessions.flatMap((session) => session.flagId ?? []),
    );
    const events = served.flatMap((conversation): Outcome[] => {
      const { id, sessionId, assigneeId: agentId } = conversation;
      const queue = queues.get(conversation.queueId);
      if (queue === undefined || sessionId === null || agentId === null) return [];
      return [
        { type: 'session:ended', conversationId: id, sessionId, agentId, reason: 'unassigned' },
        enqueue(conversation, queue, [agentId], context),
      ];
    });
    return { events, value: null };
  },
};

export const requeueJobs: JobWriter = {
  jobs: (event) =>
    event.type === 'person:deactivated'
      ? {
          plan: [
            {
              id: `conversation:requeue:${event.personId}`,
              kind: 'conversation:requeue',
              subject: event.personId,
              dueAt: event.at,
            },
          ],
        }
      : {},
};
