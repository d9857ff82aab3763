import type { Flag } from '../../shared/contract/flag.ts';
import type { TeamId } from '../../shared/contract/id.ts';
import type { RecentFlag } from '../../shared/contract/snapshot.ts';
import type { Live } from '../../shared/live/apply.ts';

/** A flag belongs to the team of its queue and to every team of its agent, so that no filter hides it from its own team. */
export function ofTeam(live: Pick<Live, 'people'>, teamId: TeamId, flag: Pick<Flag, 'teamId' | 'agentId'>): boolean {
  return flag.teamId === teamId || (live.people.get(flag.agentId)?.teamIds.includes(teamId) ?? false);
}

/** Flags of the last day that the figures count: all that this person sees, or one team's. The hub's reports narrow alike. */
export function recentOf(live: Live, teamId: TeamId | null): readonly RecentFlag[] {
  const all = [...live.recentFlags.values()];
  return teamId === null ? all : all.filter((one) => ofTeam(live, teamId, one));
}
