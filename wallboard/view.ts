import type { Conversation } from '../shared/contract/conversation.ts';
import type { Flag } from '../shared/contract/flag.ts';
import type { TeamId } from '../shared/contract/id.ts';
import { holds } from '../shared/contract/permission.ts';
import type { Person } from '../shared/contract/person.ts';
import type { Reach } from '../shared/contract/policy.ts';
import type { Minute, RecentFlag } from '../shared/contract/snapshot.ts';
import type { Team } from '../shared/contract/team.ts';
import type { Live } from '../shared/live/apply.ts';
import { floorTeams } from '../shared/live/apply.ts';
import { calledFrom, isCalled } from '../shared/live/call.ts';
import { supervises } from '../shared/ui/conversation/people.ts';
import { ofTeam, recentOf } from './report/recent.ts';

/** The part of the floor that one board counts: the teams this person may see, narrowed to one of them if chosen. */
export interface View {
  readonly live: Live;
  /** The chosen team, or null for all of the person's teams. */
  readonly teamId: TeamId | null;
  readonly teams: readonly Team[];
  /** Open conversations of these teams' queues. */
  readonly conversations: readonly Conversation[];
  /** People who serve the queues of these teams. */
  readonly agents: readonly Person[];
  /** Help flags that are up and that this person may answer or see. */
  readonly flags: readonly Flag[];
  readonly recentFlags: readonly RecentFlag[];
  readonly minutes: readonly Minute[];
}

/** The teams whose floor this person may see, by name: all of them, or the supervised ones. */
export function teamsOf(live: Live): readonly Team[] {
  const mine = floorTeams(live.people.get(live.me.personId));
  return [...live.teams.values()]
    .filter((team) => team.active && (mine === 'all' || mine.has(team.id)))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Whether somebody serves a queue: active, in a team, and allowed to take conversations. */
export function isAgent(person: Person): boolean {
  return person.active && person.teamIds.length > 0 && holds(person.role, 'conversation.serve');
}

/**
 * Who sees a flag: the agent's supervisors, whoever may see all, and every supervisor once it has called that far. An agent this
 * screen cannot see is nobody's.
 */
const isOver = (me: Person, agent: Person | undefined, reach: Reach): boolean =>
  agent !== undefined && (supervises(me, agent) || isCalled(reach, me, agent));

/** The flags on this person's board before any team filter. One's own flag is for others to answer. */
export function flagsFor(live: Live): readonly Flag[] {
  const me = live.people.get(live.me.personId);
  if (me === undefined) return [];
  return [...live.flags.values()].filter((flag) => isOver(me, live.people.get(flag.agentId), flag.reach));
}

/** Whether a flag calls this person only because nobody nearer took it: then no choice of a team may hide it. */
function calledFurther(live: Live, flag: Flag): boolean {
  const me = live.people.get(live.me.personId);
  const agent = live.people.get(flag.agentId);
  if (me === undefined || agent === undefined) return false;
  return isCalled(flag.reach, me, agent) && calledFrom(me, agent) !== 'own';
}

/** @param teamId narrows everything to one team; null, or a team that is gone, means all */
export function flagsOf(live: Live, teamId: TeamId | null): readonly Flag[] {
  const all = flagsFor(live);
  if (teamId === null || !live.teams.has(teamId)) return all;
  return all.filter((flag) => ofTeam(live, teamId, flag) || calledFurther(live, flag));
}

/** Narrows what is live to what this board counts. Linear in its size, so screens call it a few times a second at most. */
export function viewOf(live: Live, wanted: TeamId | null): View {
  const mine = teamsOf(live);
  const chosen = mine.find((team) => team.id === wanted);
  const teams = chosen === undefined ? mine : [chosen];
  const ids = new Set(teams.map((team) => team.id));
  const teamId = chosen?.id ?? null;
  return {
    live,
    teamId,
    teams,
    conversations: [...live.conversations.values()].filter((one) => ids.has(one.teamId)),
    agents: [...live.people.values()].filter((one) => isAgent(one) && one.teamIds.some((id) => ids.has(id))),
    flags: flagsOf(live, teamId),
    recentFlags: recentOf(live, teamId),
    minutes: [...live.minutes.values()].filter((one) => ids.has(one.teamId)),
  };
}
