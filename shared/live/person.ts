import type { Event } from '../contract/event.ts';
import type { Person } from '../contract/person.ts';

/** Moves one person by one event. Pure; the hub and the screens share it. */
export function evolvePerson(person: Person | undefined, event: Event): Person | undefined {
  if (event.type === 'person:invited') return event.person;
  if (person === undefined || !('personId' in event) || event.personId !== person.id) return person;
  switch (event.type) {
    case 'person:joined':
    case 'person:reactivated':
      return { ...person, active: true };
    case 'person:deactivated':
      return { ...person, active: false, status: 'offline', statusSince: event.at, reachable: false };
    case 'person:renamed':
      return { ...person, name: event.name };
    case 'person:role-set':
      return { ...person, role: event.role };
    case 'person:teams-set':
      return { ...person, teamIds: event.teamIds, supervises: event.supervises };
    case 'person:capacity-set':
      return { ...person, capacity: event.capacity };
    case 'person:status-set':
      return { ...person, status: event.status, statusSince: event.at };
    case 'person:reachable':
      return { ...person, reachable: true };
    case 'person:unreachable':
      return { ...person, reachable: false };
    default:
      return person;
  }
}
