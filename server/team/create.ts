import type { QueueId, TeamId } from '../../shared/contract/id.ts';
import { type Refusal, refusal } from '../../shared/contract/refusal.ts';
import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { nameKey, teamNamesNoun } from './use.ts';

export const arranging = { points: 60, seconds: 60 } as const;

export const noSuchTeam = refusal(
  'not_found',
  'There is no such team in this organisation.',
  'Look at the list of teams again.',
);

export const nameTaken = (name: string): Refusal =>
  refusal('name_taken', `There is already a team called ${name}.`, 'Choose another name.', { field: 'name' });

/** Makes a team, and the queue of the same name that it serves. */
export const create: Command<'team:create'> = {
  permission: 'team.manage',
  rate: arranging,
  alone: true,
  needs: (_input, _actor, organisationId) => [need(teamNamesNoun, organisationId)],
  decide: (state, input, context) => {
    const name = input.name.trim();
    if (state.get(teamNamesNoun, context.organisationId)?.has(nameKey(name))) return { refusal: nameTaken(name) };
    const teamId: TeamId = context.newId();
    const queueId: QueueId = context.newId();
    return {
      events: [
        { type: 'team:created', team: { id: teamId, name, active: true, legacyFlag: false } },
        { type: 'queue:created', queue: { id: queueId, name, teamId, active: true } },
      ],
      value: { teamId, queueId },
    };
  },
};
