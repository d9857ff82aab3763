import type { Fact } from '../../shared/contract/event.ts';
import { type Refusal, refusal } from '../../shared/contract/refusal.ts';
import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { arranging, noSuchTeam } from './create.ts';
import { teamNoun } from './team.ts';
import { teamQueuesNoun, teamUseNoun } from './use.ts';

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

function inUse(name: string, people: number, conversations: number): Refusal {
  const parts = [
    ...(people > 0 ? [counted(people, 'person', 'people')] : []),
    ...(conversations > 0 ? [counted(conversations, 'open conversation', 'open conversations')] : []),
  ];
  const next = people > 0 ? 'Move its people to other teams' : 'Wait until its conversations are closed';
  const rest = people > 0 && conversations > 0 ? ' and wait until its conversations are closed' : '';
  return refusal('team_in_use', `${name} still has ${parts.join(' and ')}.`, `${next}${rest}, then archive it.`, {
    people,
    conversations,
  });
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
    const people = use?.people ?? 0;
    const conversations = use?.conversations ?? 0;
    if (people > 0 || conversations > 0) return { refusal: inUse(team.name, people, conversations) };
    const events: Fact[] = [{ type: 'team:archived', teamId: team.id }];
    for (const queueId of state.get(teamQueuesNoun, team.id) ?? []) {
      events.push({ type: 'queue:deactivated', queueId });
    }
    return { events, value: null };
  },
};
