import type { Fact } from '../../shared/contract/event.ts';
import { holds } from '../../shared/contract/permission.ts';
import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { ownersNoun } from './joining.ts';
import { personNoun } from './person.ts';
import { lastOwnerRefusal, managing, noSuchPerson, ownerRefusal } from './rights.ts';

/** Gives another role. Who loses the right to help teams supervises none from then on. */
export const setRole: Command<'person:set-role'> = {
  permission: 'person.manage',
  rate: managing,
  alone: true,
  needs: (input, _actor, organisationId) => [need(personNoun, input.personId), need(ownersNoun, organisationId)],
  decide: (state, input, context) => {
    const person = state.get(personNoun, input.personId);
    if (person === undefined) return { refusal: noSuchPerson };
    if (input.role === person.role) return { events: [], value: null };
    const refused = ownerRefusal(context, person.role, input.role) ?? lastOwnerRefusal(state, context, person);
    if (refused !== null) return { refusal: refused };
    const events: Fact[] = [{ type: 'person:role-set', personId: person.id, before: person.role, role: input.role }];
    if (person.supervises.length > 0 && !holds(input.role, 'supervision.own')) {
      events.push({
        type: 'person:teams-set',
        personId: person.id,
        before: { teamIds: person.teamIds, supervises: person.supervises },
        teamIds: person.teamIds,
        supervises: [],
      });
    }
    return { events, value: null };
  },
};
