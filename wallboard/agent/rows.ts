import type { Conversation } from '../../shared/contract/conversation.ts';
import type { Flag } from '../../shared/contract/flag.ts';
import type { PersonId } from '../../shared/contract/id.ts';
import type { Person } from '../../shared/contract/person.ts';
import { loads } from '../../shared/ui/conversation/people.ts';
import { byUrgency } from '../flag/order.ts';
import type { View } from '../view.ts';
import { presenceOf } from './presence.ts';

/** What the table needs to know beside the people, gathered in one pass over the floor. */
export interface AgentFacts {
  readonly loads: ReadonlyMap<PersonId, number>;
  /** The most urgent flag of each agent. */
  readonly flags: ReadonlyMap<PersonId, Flag>;
  /** Of each agent's conversations the one with the newest line. */
  readonly newest: ReadonlyMap<PersonId, Conversation>;
}

export function agentFacts(view: View): AgentFacts {
  const flags = new Map<PersonId, Flag>();
  for (const flag of [...view.flags].sort(byUrgency)) if (!flags.has(flag.agentId)) flags.set(flag.agentId, flag);
  const newest = new Map<PersonId, Conversation>();
  for (const one of view.live.conversations.values()) {
    if (one.assigneeId === null || one.lastLine === null) continue;
    const before = newest.get(one.assigneeId)?.lastLine;
    if (before == null || one.lastLine.at > before.at) newest.set(one.assigneeId, one);
  }
  return { loads: loads(view.live), flags, newest };
}

/** Whether somebody takes nothing more: as many conversations in hand as they take at most. */
export const isFull = (agent: Person, facts: AgentFacts): boolean =>
  presenceOf(agent) !== 'offline' && (facts.loads.get(agent.id) ?? 0) >= agent.capacity;

export type Column = 'name' | 'state' | 'since' | 'load' | 'flag' | 'team';

export interface Sort {
  readonly by: Column;
  readonly down: boolean;
}

/** Flags first: whoever needs help stands above everybody else. */
export const firstSort: Sort = { by: 'flag', down: true };

export interface AgentFilter {
  readonly flagged: boolean;
  readonly full: boolean;
  /** Part of a name or of a team's name. */
  readonly search: string;
}

export function filterAgents(view: View, facts: AgentFacts, filter: AgentFilter): readonly Person[] {
  const wanted = filter.search.trim().toLocaleLowerCase();
  const team = (agent: Person): string => teamNames(view, agent).toLocaleLowerCase();
  return view.agents.filter(
    (agent) =>
      (!filter.flagged || facts.flags.has(agent.id)) &&
      (!filter.full || isFull(agent, facts)) &&
      (wanted === '' || agent.name.toLocaleLowerCase().includes(wanted) || team(agent).includes(wanted)),
  );
}

/** The teams that somebody serves, as written in the table. */
export function teamNames(view: View, agent: Person): string {
  return agent.teamIds.flatMap((id) => view.live.teams.get(id)?.name ?? []).join(', ');
}

const stateRank = { available: 0, busy: 1, break: 2, offline: 3 } as const;

/**
 * Puts agents in order; equal ones stand by name. Comparing names as people do is dear, and there are 5,000 of them four times a
 * second: the order by name is kept until a name or a person changes.
 */
export class AgentOrder {
  readonly #collator = new Intl.Collator(undefined, { numeric: true });
  #named: readonly Person[] = [];
  #ranks: ReadonlyMap<PersonId, number> = new Map();

  sort(agents: readonly Person[], view: View, facts: AgentFacts, sort: Sort): readonly Person[] {
    const ranks = this.#nameRanks(view.agents);
    const name = (agent: Person): number => ranks.get(agent.id) ?? 0;
    const key = this.#key(view, facts, sort.by, name);
    const sign = sort.down ? -1 : 1;
    return agents
      .map((agent) => ({ agent, key: key(agent), name: name(agent) }))
      .sort((a, b) => (a.key - b.key) * sign || a.name - b.name)
      .map((one) => one.agent);
  }

  /** A number for each agent that grows with the column's value. */
  #key(view: View, facts: AgentFacts, by: Column, name: (agent: Person) => number): (agent: Person) => number {
    switch (by) {
      case 'name':
        return name;
      case 'state':
        return (agent) => stateRank[presenceOf(agent)];
      case 'since':
        return (agent) => -agent.statusSince;
      case 'load':
        return (agent) => (facts.loads.get(agent.id) ?? 0) / agent.capacity;
      case 'flag': {
        const urgent = [...facts.flags.values()].sort(byUrgency);
        const places = new Map(urgent.map((flag, at) => [flag.agentId, urgent.length - at]));
        return (agent) => places.get(agent.id) ?? 0;
      }
      case 'team': {
        const teams = [...view.live.teams.values()].sort((a, b) => this.#collator.compare(a.name, b.name));
        const places = new Map(teams.map((team, at) => [team.id, at]));
        return (agent) => Math.min(...agent.teamIds.map((id) => places.get(id) ?? teams.length));
      }
    }
  }

  #nameRanks(agents: readonly Person[]): ReadonlyMap<PersonId, number> {
    const same =
      agents.length === this.#named.length &&
      agents.every((agent, at) => agent.id === this.#named[at]?.id && agent.name === this.#named[at]?.name);
    if (!same) {
      const sorted = [...agents].sort((a, b) => this.#collator.compare(a.name, b.name));
      this.#ranks = new Map(sorted.map((agent, at) => [agent.id, at]));
    }
    this.#named = agents;
    return this.#ranks;
  }
}

/**
 * Keeps an order while a hand is on the table: whoever is there stays in place, newcomers come last.
 * @param before ids as shown
 */
export function keepOrder(before: readonly PersonId[], wanted: readonly Person[]): readonly Person[] {
  const byId = new Map(wanted.map((agent) => [agent.id, agent]));
  const kept = before.flatMap((id) => byId.get(id) ?? []);
  const known = new Set(before);
  return [...kept, ...wanted.filter((agent) => !known.has(agent.id))];
}

/** The rows of a scrolled table that must exist: those in sight and a few around. */
export function rowWindow(
  count: number,
  scrolled: number,
  height: number,
  row: number,
): { readonly from: number; readonly to: number } {
  const around = 6;
  const from = Math.max(0, Math.min(count, Math.floor(scrolled / row) - around));
  const to = Math.min(count, Math.ceil((scrolled + height) / row) + around);
  return { from, to: Math.max(from, to) };
}
