import { refusal } from '../../shared/contract/refusal.ts';
import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { personNoun } from './person.ts';
import { may, noSuchPerson, ownerRefusal } from './rights.ts';

const notYours = refusal(
  'not_permitted',
  'Only the person, or somebody who manages people, may end these sessions.',
  'Ask an admin to do it.',
);

/** Ends every session of somebody on every device: rows by the writer, sockets at the gate out (I8). */
export const signOutEverywhere: Command<'person:sign-out-everywhere'> = {
  permission: 'anyone',
  rate: { points: 10, seconds: 60 },
  needs: (input) => [need(personNoun, input.personId)],
  decide: (state, input, context) => {
    const own = context.actor.kind === 'person' && context.actor.id === input.personId;
    if (!own && !may(context, 'person.manage')) return { refusal: notYours };
    const person = state.get(personNoun, input.personId);
    if (person === undefined) return { refusal: noSuchPerson };
    const refused = own ? null : ownerRefusal(context, person.role);
    if (refused !== null) return { refusal: refused };
    return { events: [{ type: 'person:signed-out-everywhere', personId: person.id }], value: null };
  },
};
