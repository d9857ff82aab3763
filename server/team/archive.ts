import type { Fact } from '../../shared/contract/event.ts';
import { type Refusal, refusal } from '../../shared/contract/refusal.ts';
import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { arranging, noSuchTeam } from './create.ts';
import { teamNoun } from './team.ts';
import { type TeamUse, teamQueuesNoun, teamUseNoun } from './use.ts';

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

function inUse(name: string, { people, conversations, connections }: TeamUse): Refusal {
  const parts = [
    ...(people > 0 ? [counted(people, 'person', 'people')] : []),
    ...(conversations > 0 ? [counted(conversations, 'open conversation', 'open conversations')] : []),
    ...(connections > 0 ? [counted(connections, 'connection', 'connections')] : []),
  ];
  const steps = [
    ...(people > 0 ? ['move its people to other teams'] : []),
    ...(conversations > 0 ? ['wait until its conversations are closed'] : []),
    ...(connections > 0 ? ['give its connections another queue'] : []),
  ];
  const listed = (all: readonly string[]): string =>
    all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
  const next = listed(steps);
  return refusal(
    'team_in_use',
    `${name} still has ${listed(parts)}.`,
    `${next.charAt(0).toUpperCase()}${next.slice(1)}, then archive it.`,
    { people, conversations, connections },
  );
}

/** Puts a team away, with its queue. What happened in it stays. */
export const archive: Command<'team:archive'> = {
  permission: 'team.manage',
  rate: arranging,
  alone: true,
  needs: (input) => [need(teamNoun, input.teamId), need(teamUseNoun, input.teamId), need(teamQueuesNoun, input.teamId)],
  decide: (state, input) => {
    const team = state.get(teamNoun, input.teamId);
    if (team === undefined) return { refusal: noSuchTeam };
    if (!team.active) return { events: [], value: null };
    const use = state.get(teamUseNoun, team.id);
    if (use !== undefined && use.people + use.conversations + use.connections > 0)
      return { refusal: inUse(team.name, use) };
    const events: Fact[] = [{ type: 'team:archived', teamId: team.id }];
    for (const queueId of state.get(teamQueuesNoun, team.id) ?? []) {
      events.push({ type: 'queue:deactivated', queueId });
    }
    return { events, value: null };
  },
};
