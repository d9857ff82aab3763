import type { PersonId } from '../../shared/contract/id.ts';
import { type Refusal, refusal } from '../../shared/contract/refusal.ts';
import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { teamNoun } from '../team/team.ts';
import { emailTakenNoun } from './joining.ts';
import { invited } from './person.ts';
import { distinct, managing, ownerRefusal, placingRefusal } from './rights.ts';

export const emailTaken: Refusal = refusal(
  'email_taken',
  'Somebody already signs in with this e-mail address.',
  'Use another address, or look for the person in the list: a deactivated one can be reactivated.',
  { field: 'email' },
);

/** Invites somebody. The address and the hash of the link's secret go to their tables and nowhere else. */
export const invite: Command<'person:invite'> = {
  permission: 'person.manage',
  rate: managing,
  alone: true,
  needs: (input) => [
    need(emailTakenNoun, input.email),
    ...[...input.teamIds, ...input.supervises].map((id) => need(teamNoun, id)),
  ],
  decide: (state, input, context) => {
    const refused = ownerRefusal(context, input.role) ?? placingRefusal(state, input.role, input);
    if (refused !== null) return { refusal: refused };
    if (state.get(emailTakenNoun, input.email)) return { refusal: emailTaken };
    const id: PersonId = context.newId();
    const person = {
      id,
      name: input.name.trim(),
      role: input.role,
      teamIds: distinct(input.teamIds),
      supervises: distinct(input.supervises),
      capacity: input.capacity,
    };
    return {
      events: [invited(person, { email: input.email, tokenHash: input.tokenHash }, context.now)],
      value: { personId: id },
    };
  },
};
