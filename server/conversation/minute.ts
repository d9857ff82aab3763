import type { Minute } from '../../shared/contract/snapshot.ts';
import { conversationOf } from '../../shared/live/conversation.ts';
import { addToMinute, emptyMinute, minuteChanges, startOfMinute } from '../../shared/live/minute.ts';
import type { Writer } from '../hub/room.ts';
import { table } from '../hub/table.ts';
import { conversationNoun } from './conversation.ts';

export const minuteTable = table<Minute>(
  'minute',
  {
    teamId: ['team_id', 'uuid'],
    at: ['at', 'instant'],
    started: ['started', 'integer'],
    closed: ['closed', 'integer'],
    queued: ['queued', 'integer'],
    dequeued: ['dequeued', 'integer'],
    answered: ['answered', 'integer'],
    answeredInTime: ['answered_in_time', 'integer'],
    longestWait: ['longest_wait', 'bigint'],
  },
  ['organisation_id', 'team_id', 'at'],
);

/** Adds what events count to their team's minute, in the batch that made them happen. */
export const minuteWriter: Writer<Minute> = {
  table: 'minute',
  rows: (event, before) => {
    const id = conversationOf(event);
    if (id === undefined || !counted.has(event.type)) return [];
    const conversation = event.type === 'conversation:started' ? undefined : before.get(conversationNoun, id);
    return minuteChanges(conversation, event).map(({ teamId, add }) =>
      addToMinute(emptyMinute(teamId, startOfMinute(event.at)), add),
    );
  },
  save: (organisationId, rows) => {
    const merged = new Map<string, Minute>();
    for (const row of rows) {
      const key = `${row.teamId}@${row.at}`;
      merged.set(key, addToMinute(merged.get(key) ?? emptyMinute(row.teamId, row.at), row));
    }
    const sums = ['started', 'closed', 'queued', 'dequeued', 'answered', 'answered_in_time'].map(
      (column) => `${column} = minute.${column} + excluded.${column}`,
    );
    return minuteTable.insert(
      organisationId,
      [...merged.values()],
      `on conflict (organisation_id, team_id, at) do update set ${sums.join(', ')}, longest_wait = greatest(minute.longest_wait, excluded.longest_wait)`,
    );
  },
};

const counted = new Set<string>([
  'conversation:started',
  'conversation:queued',
  'conversation:assigned',
  'conversation:closed',
  'message:sent',
]);
