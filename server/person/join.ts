import type { PersonId } from '../../shared/contract/id.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import type { CommandRow, Outcome } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { emailTaken } from './invite.ts';
import { emailTakenNoun, joiningNoun } from './joining.ts';
import { personNoun } from './person.ts';
import { noSuchPerson } from './rights.ts';

export interface Join {
  readonly personId: PersonId;
  /** SHA-256 of the link's secret, in hex. */
  readonly tokenHash: string;
  /** argon2id in PHC form; null for a demo person, who has no password and enters by the demo door alone. */
  readonly passwordHash: string | null;
  /** A name of one's own choosing; the invitation's stays without it. */
  readonly name: string | null;
  /** The address of a first owner, whose link was made without one. */
  readonly email: string | null;
}

export const linkGone = refusal(
  'invitation_gone',
  'This link has been used, replaced, or has lapsed.',
  'Ask whoever sent it for a new one.',
);

const needsEmail = refusal('bad_input', 'An e-mail address is needed to sign in with later.', 'Type your address.', {
  field: 'email',
});

/**
 * Redeems a link, once: the line of the organisation decides between two who try. Somebody who had joined before sets a new
 * password by it, and every older session ends.
 */
export const join: CommandRow<Join, null> = {
  permission: 'system',
  rate: { points: 600, seconds: 60 },
  alone: true,
  needs: (input) => [
    need(personNoun, input.personId),
    need(joiningNoun, input.personId),
    ...(input.email === null ? [] : [need(emailTakenNoun, input.email)]),
  ],
  decide: (state, input, context) => {
    const person = state.get(personNoun, input.personId);
    const joining = state.get(joiningNoun, input.personId);
    if (person === undefined || joining === undefined) return { refusal: noSuchPerson };
    const open = joining.tokenHash === input.tokenHash && joining.expiresAt !== null && joining.expiresAt > context.now;
    if (!open || (joining.joined && !person.active)) return { refusal: linkGone };
    // Only a first owner's link lacks an address; everybody else's was chosen by whoever invited them.
    const email = joining.email === null ? input.email : null;
    if (joining.email === null && email === null) return { refusal: needsEmail };
    if (email !== null && state.get(emailTakenNoun, email)) return { refusal: emailTaken };

    const events: Outcome[] = [];
    const secret = { passwordHash: input.passwordHash, email };
    if (joining.joined) events.push({ fact: { type: 'person:signed-out-everywhere', personId: person.id }, secret });
    else events.push({ fact: { type: 'person:joined', personId: person.id }, secret });
    const name = input.name?.trim() || person.name;
    if (name !== person.name) events.push({ type: 'person:renamed', personId: person.id, before: person.name, name });
    return { events, value: null };
  },
};
