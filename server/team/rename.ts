import type { Fact } from '../../shared/contract/event.ts';
import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { queueNoun } from '../queue/queue.ts';
import { arranging, nameTaken, noSuchTeam } from './create.ts';
import { teamNoun } from './team.ts';
import { nameKey, teamNamesNoun, teamQueuesNoun } from './use.ts';

/** Changes a team's name, and that of the queue which was called the same. */
export const rename: Command<'team:rename'> = {
  permission: 'team.manage',
  rate: arranging,
  alone: true,
  needs: (input, _actor, organisationId) => [
    need(teamNoun, input.teamId),
    need(teamNamesNoun, organisationId),
    need(teamQueuesNoun, input.teamId),
  ],
  decide: (state, input, context) => {
    const team = state.get(teamNoun, input.teamId);
    if (team === undefined || !team.active) return { refusal: noSuchTeam };
    const name = input.name.trim();
    if (name === team.name) return { events: [], value: null };
    const holder = state.get(teamNamesNoun, context.organisationId)?.get(nameKey(name));
    if (holder !== undefined && holder !== team.id) return { refusal: nameTaken(name) };
    const events: Fact[] = [{ type: 'team:renamed', teamId: team.id, before: team.name, name }];
    for (const queueId of state.get(teamQueuesNoun, team.id) ?? []) {
      const queue = state.get(queueNoun, queueId);
      if (queue?.name === team.name) events.push({ type: 'queue:renamed', queueId, before: queue.name, name });
    }
    return { events, value: null };
  },
};
