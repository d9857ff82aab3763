import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { personNoun } from './person.ts';
import { managing, noSuchPerson, ownerRefusal } from './rights.ts';

/** Changes the name that colleagues and customers see. */
export const rename: Command<'person:rename'> = {
  permission: 'person.manage',
  rate: managing,
  needs: (input) => [need(personNoun, input.personId)],
  decide: (state, input, context) => {
    const person = state.get(personNoun, input.personId);
    if (person === undefined) return { refusal: noSuchPerson };
    const refused = ownerRefusal(context, person.role);
    if (refused !== null) return { refusal: refused };
    const name = input.name.trim();
    if (name === person.name) return { events: [], value: null };
    return { events: [{ type: 'person:renamed', personId: person.id, before: person.name, name }], value: null };
  },
};
