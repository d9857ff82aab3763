import type { Event } from '../../shared/contract/event.ts';
import type { Organisation } from '../../shared/contract/organisation.ts';
import type { Noun } from '../hub/room.ts';
import { table } from '../hub/table.ts';

export const organisationTable = table<Organisation>('organisation', {
  id: ['id', 'uuid'],
  name: ['name', 'text'],
  parentId: ['parent_id', 'uuid'],
  demo: ['demo', 'boolean'],
});

const created = (event: Event): Organisation | undefined =>
  event.type === 'organisation:created' ? event.organisation : undefined;

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
  touches: (event) => (event.type === 'organisation:created' ? [event.organisation.id] : []),
  born: (event) => (event.type === 'organisation:created' ? [event.organisation.id] : []),
  evolve: (row, event) => created(event) ?? row,
  save: (_organisationId, rows) => ({
    text: `insert into organisation (id, name, parent_id, demo)
      select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::boolean[])
      on conflict (id) do update set name = excluded.name, parent_id = excluded.parent_id, demo = excluded.demo`,
    values: [
      rows.map((row) => row.id),
      rows.map((row) => row.name),
      rows.map((row) => row.parentId),
      rows.map((row) => row.demo),
    ],
  }),
};
