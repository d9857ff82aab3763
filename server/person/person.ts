import type { Event } from '../../shared/contract/event.ts';
import { holds } from '../../shared/contract/permission.ts';
import type { Person } from '../../shared/contract/person.ts';
import type { Reach } from '../../shared/contract/policy.ts';
import { evolvePerson } from '../../shared/live/person.ts';
import type { Actor, Outcome } from '../hub/room.ts';
import { table } from '../hub/table.ts';
import { tableNoun } from '../hub/table-noun.ts';

export const personTable = table<Person>('person', {
  id: ['id', 'uuid'],
  name: ['name', 'text'],
  role: ['role', 'text'],
  teamIds: ['team_ids', 'uuids'],
  supervises: ['supervises', 'uuids'],
  status: ['status', 'text'],
  statusSince: ['status_since', 'instant'],
  capacity: ['capacity', 'integer'],
  reachable: ['reachable', 'boolean'],
  active: ['active', 'boolean'],
});

/** Only events of the person room move a person; others merely name one. */
const personOf = (event: Event): string | undefined => {
  if (event.type === 'person:invited') return event.person.id;
  return event.type.startsWith('person:') && 'personId' in event && event.personId !== null
    ? event.personId
    : undefined;
};

/** A person of the staff. */
export const personNoun = tableNoun<Person>('person', personTable, {
  of: personOf,
  born: (event) => event.type === 'person:invited',
  evolve: evolvePerson,
});

/** How long a link can be redeemed, ms. */
export const invitationMs = 72 * 3_600_000;

/** What an invitation brings into being: a person who is not active until the link is redeemed. */
export function invited(
  person: Pick<Person, 'id' | 'name' | 'role' | 'teamIds' | 'supervises' | 'capacity'>,
  secret: { readonly email: string | null; readonly tokenHash: string | null },
  now: number,
): Outcome {
  const expiresAt = now + invitationMs;
  return {
    fact: {
      type: 'person:invited',
      person: { ...person, status: 'offline', statusSince: now, reachable: false, active: false },
      expiresAt,
    },
    secret: { email: secret.email, tokenHash: secret.tokenHash },
  };
}

const meets = (a: readonly string[], b: readonly string[]): boolean => a.some((one) => b.includes(one));

/** Whether the actor helps this agent: as supervisor of one of the agent's teams, or of everybody. Never oneself. */
export function supervises(actor: Actor, agent: Person | undefined): boolean {
  return helps(actor, agent, 'own');
}

/** Whether the actor helps this agent where a flag has called so far: beyond `own`, every supervisor may. Never oneself. */
export function helps(actor: Actor, agent: Person | undefined, reach: Reach): boolean {
  return actor.kind === 'person' && agent !== undefined && mayHelp(actor.person, agent, reach);
}

/** As `helps`, for somebody who is not acting just now. */
export function mayHelp(helper: Person, agent: Person, reach: Reach): boolean {
  if (helper.id === agent.id) return false;
  if (holds(helper.role, 'supervision.any')) return true;
  return holds(helper.role, 'supervision.own') && (reach !== 'own' || meets(helper.supervises, agent.teamIds));
}
