import type { ActorRef } from '../../shared/contract/event.ts';
import { permissionsOf } from '../../shared/contract/permission.ts';
import type { Refusal } from '../../shared/contract/refusal.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import type { Actor, Need } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import type { State } from '../hub/state.ts';
import { personNoun } from './person.ts';

const gone: Refusal = refusal('person_inactive', 'Your account is not active.', 'Ask an admin of your organisation.');

/** Finds who acts at a command's position: rights are those of that moment, not of the sign-in. */
export const actorSource = {
  need: (ref: ActorRef): readonly Need[] => (ref.kind === 'person' ? [need(personNoun, ref.id)] : []),
  read: (state: State, ref: ActorRef): Actor | Refusal => {
    if (ref.kind !== 'person') return ref;
    const person = state.get(personNoun, ref.id);
    if (person === undefined || !person.active) return gone;
    const held = permissionsOf[person.role];
    return { kind: 'person', id: person.id, person, can: (permission) => held.includes(permission) };
  },
};
