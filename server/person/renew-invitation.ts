import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { joiningNoun } from './joining.ts';
import { invitationMs, personNoun } from './person.ts';
import { managing, noSuchPerson, notActive, ownerRefusal } from './rights.ts';

/**
 * A new link: for somebody who has not joined, or who must set a new password. Whoever redeems it signs in as that person,
 * so an owner's link is made by owners alone.
 */
export const renewInvitation: Command<'person:renew-invitation'> = {
  permission: 'person.manage',
  rate: managing,
  alone: true,
  needs: (input) => [need(personNoun, input.personId), need(joiningNoun, input.personId)],
  decide: (state, input, context) => {
    const person = state.get(personNoun, input.personId);
    if (person === undefined) return { refusal: noSuchPerson };
    const refused = ownerRefusal(context, person.role);
    if (refused !== null) return { refusal: refused };
    const joining = state.get(joiningNoun, input.personId);
    if (!person.active && joining?.joined) return { refusal: notActive(person.name) };
    return {
      events: [
        {
          fact: {
            type: 'person:invitation-renewed',
            personId: person.id,
            expiresAt: context.now + invitationMs,
          },
          secret: { tokenHash: input.tokenHash },
        },
      ],
      value: null,
    };
  },
};
