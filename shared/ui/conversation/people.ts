import type { PersonId } from '../../contract/id.ts';
import { holds } from '../../contract/permission.ts';
import type { Person } from '../../contract/person.ts';
import type { Reach } from '../../contract/policy.ts';
import type { Live } from '../../live/apply.ts';
import { calledBy, stepAfter } from '../../live/call.ts';
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
 * The people whom a flag of this agent calls once it calls so far, and who are connected (S1.19). In order of name.
 * @param reach how far it calls: without it, the agent's own supervisors
 */
export function watching(live: Pick<Live, 'people'>, agentId: PersonId, reach: Reach = 'own'): readonly Person[] {
  return calledBy(reach, live.people.get(agentId), live.people.values()).filter((one) => one.reachable);
}

/**
 * Whom a flag of this agent would call if it went up now, and who of them is connected: where nobody is, it goes on to the next
 * step at once (S1.19).
 * @param from how far the session has called already
 */
export function wouldCall(
  live: Pick<Live, 'people' | 'organisation'>,
  agentId: PersonId,
  from: Reach,
): { readonly reach: Reach; readonly watchers: readonly Person[] } {
  let reach = from;
  let watchers = watching(live, agentId, reach);
  for (;;) {
    const step = stepAfter(live.organisation.escalation, reach);
    if (watchers.length > 0 || step === null) return { reach, watchers };
    reach = step.reach;
    watchers = watching(live, agentId, reach);
  }
}

/**
 * Whether the person of this screen may help this agent: take, chat, monitor, join, take over, lower.
 * @param reach how far the flag or session has called: beyond the own supervisors, every supervisor may
 */
export function mayHelp(live: Pick<Live, 'people' | 'me'>, agentId: PersonId, reach: Reach = 'own'): boolean {
  const me = live.people.get(live.me.personId);
  const agent = live.people.get(agentId);
  if (me === undefined || agent === undefined || me.id === agent.id) return false;
  if (live.me.permissions.has('supervision.any')) return true;
  if (!live.me.permissions.has('supervision.own')) return false;
  return reach !== 'own' || me.supervises.some((id) => agent.teamIds.includes(id));
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
