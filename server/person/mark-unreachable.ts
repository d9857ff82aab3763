import { isId } from '../../shared/contract/id.ts';
import type { CommandRow } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { personNoun } from './person.ts';

/**
 * Every connection of somebody has been gone for longer than the grace delay: a fact that rules depend on. `subject` is the
 * person's id.
 */
export const markUnreachable: CommandRow<{ readonly subject: string }, null> = {
  permission: 'system',
  rate: { points: 6000, seconds: 60 },
  needs: (input) => [need(personNoun, input.subject)],
  decide: (state, input) => {
    const person = isId<'person'>(input.subject) ? state.get(personNoun, input.subject) : undefined;
    if (person === undefined || !person.reachable) return { events: [], value: null };
    return { events: [{ type: 'person:unreachable', personId: person.id }], value: null };
  },
};
