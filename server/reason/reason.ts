import type { Reason } from '../../shared/contract/organisation.ts';
import { evolveReason } from '../../shared/live/organisation.ts';
import { table } from '../hub/table.ts';
import { tableNoun } from '../hub/table-noun.ts';

export const reasonTable = table<Reason>('reason', {
  id: ['id', 'uuid'],
  name: ['name', 'text'],
  order: ['order', 'integer'],
  targetMs: ['target_ms', 'bigint'],
});

/** A reason preset of the Raise dialog. */
export const reasonNoun = tableNoun<Reason>('reason', reasonTable, {
  of: (event) => (event.type === 'reason:created' ? event.reason.id : undefined),
  born: (event) => event.type === 'reason:created',
  evolve: evolveReason,
});

/** What a new organisation starts with: by when somebody should have taken a flag of this kind. */
export const presets: readonly Pick<Reason, 'name' | 'targetMs'>[] = [
  { name: 'Approval needed', targetMs: 4 * 60_000 },
  { name: 'Policy question', targetMs: 5 * 60_000 },
  { name: 'Escalation', targetMs: 4 * 60_000 },
  { name: 'Something broke', targetMs: 6 * 60_000 },
  { name: 'I feel unsafe', targetMs: 60_000 },
];
