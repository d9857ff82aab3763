import type { Team } from '../../shared/contract/team.ts';
import { evolveTeam } from '../../shared/live/organisation.ts';
import { table } from '../hub/table.ts';
import { tableNoun } from '../hub/table-noun.ts';

export const teamTable = table<Team>('team', {
  id: ['id', 'uuid'],
  name: ['name', 'text'],
  active: ['active', 'boolean'],
  legacyFlag: ['legacy_flag', 'boolean'],
});

/** A team: people who serve its queue, and supervisors who help them. */
export const teamNoun = tableNoun<Team>('team', teamTable, {
  of: (event) => {
    if (event.type === 'team:created') return event.team.id;
    return event.type === 'team:renamed' || event.type === 'team:archived' || event.type === 'team:legacy-flag-set'
      ? event.teamId
      : undefined;
  },
  born: (event) => event.type === 'team:created',
  evolve: evolveTeam,
});
