import { refusal } from '../../shared/contract/refusal.ts';
import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { joiningNoun, ownersNoun } from './joining.ts';
import { personNoun } from './person.ts';
import { lastOwnerRefusal, managing, noSuchPerson, ownerRefusal } from './rights.ts';

const notOneself = refusal('not_permitted', 'You cannot deactivate yourself.', 'Ask another admin or owner to do it.');

/**
 * Ends somebody's access: sessions and open links are deleted by the writers, sockets are closed at the gate out, and what
 * the person was serving returns to its queue by reaction. An invitation that nobody redeemed is withdrawn the same way.
 */
export const deactivate: Command<'person:deactivate'> = {
  permission: 'person.manage',
  rate: managing,
  alone: true,
  needs: (input, _actor, organisationId) => [
    need(personNoun, input.personId),
    need(joiningNoun, input.personId),
    need(ownersNoun, organisationId),
  ],
  decide: (state, input, context) => {
    const person = state.get(personNoun, input.personId);
    if (person === undefined) return { refusal: noSuchPerson };
    const invited = state.get(joiningNoun, person.id)?.tokenHash != null;
    if (!person.active && !invited) return { events: [], value: null };
    const refused = ownerRefusal(context, person.role) ?? lastOwnerRefusal(state, context, person);
    if (refused !== null) return { refusal: refused };
    if (context.actor.kind === 'person' && context.actor.id === person.id) return { refusal: notOneself };
    return { events: [{ type: 'person:deactivated', personId: person.id }], value: null };
  },
};
