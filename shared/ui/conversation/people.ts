import type { PersonId } from '../../contract/id.ts';
import { holds } from '../../contract/permission.ts';
import type { Person } from '../../contract/person.ts';
import type { Live } from '../../live/apply.ts';
import { conversationText as text } from './text.ts';

/** The name by which a person is addressed: the first word of the full name. */
export function firstName(name: string): string {
  return name.trim().split(/\s+/)[0] ?? name;
}

/** The full name of a person; "Someone" for one that this screen does not know. */
export function personName(live: Pick<Live, 'people'>, id: PersonId | null | undefined): string {
  return (id == null ? undefined : live.people.get(id)?.name) ?? text('someone');
}

/** Whether a person supervises an agent: by one of the agent's teams, or by a right over all. */
export function supervises(supervisor: Person, agent: Person): boolean {
  if (supervisor.id === agent.id) return false;
  if (holds(supervisor.role, 'flag.view.any')) return true;
  return holds(supervisor.role, 'supervision.own') && supervisor.supervises.some((id) => agent.teamIds.includes(id));
}

/**
 * The supervisors who would see a flag of this agent now: those of the agent's teams and whoever holds `flag.view.any`, who
 * are connected (S1.19). In order of name.
 */
export function watching(live: Pick<Live, 'people'>, agentId: PersonId): readonly Person[] {
  const agent = live.people.get(agentId);
  if (agent === undefined) return [];
  return [...live.people.values()]
    .filter((one) => one.active && one.reachable && supervises(one, agent))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Whether the person of this screen may help this agent: take, chat, monitor, join, take over, lower. */
export function mayHelp(live: Pick<Live, 'people' | 'me'>, agentId: PersonId): boolean {
  const me = live.people.get(live.me.personId);
  const agent = live.people.get(agentId);
  if (me === undefined || agent === undefined || me.id === agent.id) return false;
  if (live.me.permissions.has('supervision.any')) return true;
  return live.me.permissions.has('supervision.own') && me.supervises.some((id) => agent.teamIds.includes(id));
}

/** Live conversations of a person plus their open offer, as far as this screen may see them. */
export function loadOf(live: Pick<Live, 'conversations'>, personId: PersonId): number {
  let load = 0;
  for (const one of live.conversations.values())
    if (one.assigneeId === personId || one.offer?.personId === personId) load += 1;
  return load;
}

/** Loads of everybody in one pass, for lists of people. */
export function loads(live: Pick<Live, 'conversations'>): ReadonlyMap<PersonId, number> {
  const found = new Map<PersonId, number>();
  const add = (id: PersonId | null | undefined): void => {
    if (id != null) found.set(id, (found.get(id) ?? 0) + 1);
  };
  for (const one of live.conversations.values()) {
    add(one.assigneeId);
    if (one.offer?.personId !== one.assigneeId) add(one.offer?.personId);
  }
  return found;
}
