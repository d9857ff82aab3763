import type { Event } from '../../shared/contract/event.ts';
import type { Organisation } from '../../shared/contract/organisation.ts';
import type { Refusal } from '../../shared/contract/refusal.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import { evolveOrganisation } from '../../shared/live/organisation.ts';
import { autoFallback } from '../hub/fallback.ts';
import type { Context, Noun, Rate } from '../hub/room.ts';
import type { State } from '../hub/state.ts';
import { table } from '../hub/table.ts';

export const organisationTable = table<Organisation>('organisation', {
  id: ['id', 'uuid'],
  name: ['name', 'text'],
  parentId: ['parent_id', 'uuid'],
  demo: ['demo', 'boolean'],
  monitoring: ['monitoring', 'text'],
  warnPercent: ['warn_percent', 'integer'],
  escalation: ['escalation', 'jsonb'],
  fallback: ['fallback', 'jsonb'],
});

const touches = (event: Event): readonly string[] =>
  event.type.startsWith('organisation:') ? [event.organisationId] : [];

/** A company that uses Halyard, or a part of one (`parentId`). Its column `organisation_id` is made from its id. */
export const organisationNoun: Noun<Organisation> = {
  kind: 'organisation',
  load: (organisationId, ids) => ({
    text: `${organisationTable.select} where organisation_id = $1 and id = any($2::uuid[])`,
    values: [organisationId, ids],
  }),
  read: (raw) => {
    const row = organisationTable.read(raw);
    return [row.id, row];
  },
  touches,
  born: (event) => (event.type === 'organisation:created' ? touches(event) : []),
  evolve: (row, event) => {
    if (event.type === 'organisation:created') return event.organisation;
    return row === undefined ? row : evolveOrganisation(row, event);
  },
  save: (_organisationId, rows) => ({
    text: `insert into organisation (id, name, parent_id, demo, monitoring, warn_percent, escalation, fallback)
      select id, name, parent_id, demo, monitoring, warn_percent, escalation::jsonb, fallback::jsonb
        from unnest($1::uuid[], $2::text[], $3::uuid[], $4::boolean[], $5::text[], $6::integer[], $7::text[], $8::text[])
          as given (id, name, parent_id, demo, monitoring, warn_percent, escalation, fallback)
      on conflict (id) do update set name = excluded.name, parent_id = excluded.parent_id, demo = excluded.demo,
        monitoring = excluded.monitoring, warn_percent = excluded.warn_percent, escalation = excluded.escalation,
        fallback = excluded.fallback`,
    values: [
      rows.map((row) => row.id),
      rows.map((row) => row.name),
      rows.map((row) => row.parentId),
      rows.map((row) => row.demo),
      rows.map((row) => row.monitoring),
      rows.map((row) => row.warnPercent),
      rows.map((row) => JSON.stringify(row.escalation)),
      rows.map((row) => (row.fallback === null ? null : JSON.stringify(row.fallback))),
    ],
  }),
};

/** Settings are changed by hand. */
export const settingRate: Rate = { points: 60, seconds: 60 };

/** The organisation a command acts in. @throws where it has none, which cannot be: its clock was locked */
export function organisationOf(state: State, context: Pick<Context, 'organisationId'>): Organisation {
  const found = state.get(organisationNoun, context.organisationId);
  if (found === undefined) throw new Error(`there is no organisation ${context.organisationId}`);
  return found;
}

/** Why no flag can be raised just now, by an admin's switch or because this hub finds that none would arrive; else null. */
export function fallbackOf(organisation: Organisation, context: Pick<Context, 'fallback'>): Refusal | null {
  if (organisation.fallback !== null)
    return refusal(
      'fallback_mode',
      `Flags are switched off: ${organisation.fallback.note}`,
      'Ask a supervisor in person or by phone. Flags that are up can still be lowered.',
      { why: 'switched', since: organisation.fallback.since },
    );
  return context.fallback === null ? null : autoFallback(context.fallback);
}
