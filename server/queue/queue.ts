import type { Queue } from '../../shared/contract/organisation.ts';
import { evolveQueue } from '../../shared/live/organisation.ts';
import { table } from '../hub/table.ts';
import { tableNoun } from '../hub/table-noun.ts';

export const queueTable = table<Queue>('queue', {
  id: ['id', 'uuid'],
  name: ['name', 'text'],
  teamId: ['team_id', 'uuid'],
  active: ['active', 'boolean'],
});

/** Where customers wait; one team serves it. */
export const queueNoun = tableNoun<Queue>('queue', queueTable, {
  of: (event) => {
    if (event.type === 'queue:created') return event.queue.id;
    return event.type === 'queue:renamed' || event.type === 'queue:deactivated' ? event.queueId : undefined;
  },
  born: (event) => event.type === 'queue:created',
  evolve: evolveQueue,
});
