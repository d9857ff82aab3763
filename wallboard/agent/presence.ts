import type { Person, Status } from '../../shared/contract/person.ts';

/** What somebody is for the floor: whoever cannot be reached is offline, whatever they said last. */
export function presenceOf(person: Person): Status {
  return person.reachable ? person.status : 'offline';
}
