import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { personNoun } from './person.ts';
import { managing, noSuchPerson, ownerRefusal } from './rights.ts';

/** Sets how many live sessions somebody takes at most. Sessions above a lower number stay; no further one is offered. */
export const setCapacity: Command<'person:set-capacity'> = {
  permission: 'person.manage',
  rate: managing,
  needs: (input) => [need(personNoun, input.personId)],
  decide: (state, input, context) => {
    const person = state.get(personNoun, input.personId);
    if (person === undefined) return { refusal: noSuchPerson };
    const refused = ownerRefusal(context, person.role);
    if (refused !== null) return { refusal: refused };
    if (input.capacity === person.capacity) return { events: [], value: null };
    return {
      events: [{ type: 'person:capacity-set', personId: person.id, before: person.capacity, capacity: input.capacity }],
      value: null,
    };
  },
};
