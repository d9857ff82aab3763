import { refusal } from '../../shared/contract/refusal.ts';
import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { personNoun } from './person.ts';
import { may, noSuchPerson, notActive } from './rights.ts';

const notYours = refusal(
  'not_permitted',
  'Only the person, or somebody who manages people, may set this status.',
  'Ask the person to do it.',
);

/** Sets one's own status; whoever manages people may set another's, for instance of somebody who went home. */
export const setStatus: Command<'person:set-status'> = {
  permission: 'anyone',
  rate: { points: 30, seconds: 60 },
  needs: (input) => [need(personNoun, input.personId)],
  decide: (state, input, context) => {
    const own = context.actor.kind === 'person' && context.actor.id === input.personId;
    if (!own && !may(context, 'person.manage')) return { refusal: notYours };
    const person = state.get(personNoun, input.personId);
    if (person === undefined) return { refusal: noSuchPerson };
    if (!person.active) return { refusal: notActive(person.name) };
    if (person.status === input.status) return { events: [], value: null };
    return {
      events: [{ type: 'person:status-set', personId: person.id, before: person.status, status: input.status }],
      value: null,
    };
  },
};
