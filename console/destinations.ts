import type { CommandInput } from '../shared/contract/command.ts';
import type { Conversation } from '../shared/contract/conversation.ts';
import { holds } from '../shared/contract/permission.ts';
import type { Person, Status } from '../shared/contract/person.ts';
import type { Live } from '../shared/live/apply.ts';
import { loads } from '../shared/ui/conversation/people.ts';

type To = CommandInput<'conversation:transfer'>['to'];

/** Where a conversation can go. `refused`: shown, and why it can not be chosen. */
export interface Destination {
  readonly key: string;
  readonly to: To;
  readonly name: string;
  readonly person: { readonly status: Status; readonly load: number; readonly capacity: number } | null;
  readonly refused: 'unreachable' | 'current' | null;
}

const rank: Readonly<Record<Status, number>> = { available: 0, busy: 1, break: 2, offline: 3 };

/** Queues in order of name, then people: whoever is free first. */
export function destinations(live: Live, one: Conversation): readonly Destination[] {
  const load = loads(live);
  const queues = [...live.queues.values()]
    .filter((queue) => queue.active)
    .sort((a, b) => a.name.localeCompare(b.name))
    .map((queue): Destination => {
      const current = queue.id === one.queueId && one.assigneeId === null;
      return {
        key: queue.id,
        to: { kind: 'queue', queueId: queue.id },
        name: queue.name,
        person: null,
        refused: current ? 'current' : null,
      };
    });
  const free = (person: Person): number => (person.reachable ? rank[person.status] : 4);
  const people = [...live.people.values()]
    .filter((person) => person.active && person.id !== one.assigneeId && holds(person.role, 'conversation.serve'))
    .sort((a, b) => free(a) - free(b) || (load.get(a.id) ?? 0) - (load.get(b.id) ?? 0) || a.name.localeCompare(b.name))
    .map(
      (person): Destination => ({
        key: person.id,
        to: { kind: 'person', personId: person.id },
        name: person.name,
        person: {
          status: person.reachable ? person.status : 'offline',
          load: load.get(person.id) ?? 0,
          capacity: person.capacity,
        },
        refused: person.reachable ? null : 'unreachable',
      }),
    );
  return [...queues, ...people];
}
