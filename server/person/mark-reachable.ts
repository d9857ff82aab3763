import { isId } from '../../shared/contract/id.ts';
import type { CommandRow } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { personNoun } from './person.ts';

/** Somebody is connected again. `subject` is the person's id. Saying so twice changes nothing. */
export const markReachable: CommandRow<{ readonly subject: string }, null> = {
  permission: 'system',
  rate: { points: 6000, seconds: 60 },
  needs: (input) => [need(personNoun, input.subject)],
  decide: (state, input) => {
    const person = isId<'person'>(input.subject) ? state.get(personNoun, input.subject) : undefined;
    if (person === undefined || !person.active || person.reachable) return { events: [], value: null };
    return { events: [{ type: 'person:reachable', personId: person.id }], value: null };
  },
};
