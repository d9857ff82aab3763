import type { Reason } from '../../shared/contract/organisation.ts';
import type { Refusal } from '../../shared/contract/refusal.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import { evolveReason, reasonsOf } from '../../shared/live/organisation.ts';
import type { Noun } from '../hub/room.ts';
import { table } from '../hub/table.ts';

export const reasonTable = table<Reason>('reason', {
  id: ['id', 'uuid'],
  name: ['name', 'text'],
  order: ['order', 'integer'],
  targetMs: ['target_ms', 'bigint'],
  active: ['active', 'boolean'],
});

/** A reason preset of the Raise dialog. One event may move several: their order. */
export const reasonNoun: Noun<Reason> = {
  kind: 'reason',
  load: (organisationId, ids) => ({
    text: `${reasonTable.select} where organisation_id = $1 and id = any($2::uuid[])`,
    values: [organisationId, ids],
  }),
  read: (raw) => {
    const row = reasonTable.read(raw);
    return [row.id, row];
  },
  touches: reasonsOf,
  born: (event) => (event.type === 'reason:created' ? [event.reason.id] : []),
  evolve: evolveReason,
  save: (organisationId, rows) => reasonTable.upsert(organisationId, rows),
};

export const noReason: Refusal = refusal('not_found', 'There is no such reason.', 'Choose one of the reasons shown.');

/** What a new organisation starts with: by when somebody should have taken a flag of this kind. */
export const presets: readonly Pick<Reason, 'name' | 'targetMs'>[] = [
  { name: 'Approval needed', targetMs: 4 * 60_000 },
  { name: 'Policy question', targetMs: 5 * 60_000 },
  { name: 'Escalation', targetMs: 4 * 60_000 },
  { name: 'Something broke', targetMs: 6 * 60_000 },
  { name: 'I feel unsafe', targetMs: 60_000 },
];
