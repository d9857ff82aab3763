import type { Fact } from '../../shared/contract/event.ts';
import type { TeamId } from '../../shared/contract/id.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { teamNoun } from '../team/team.ts';
import { joiningNoun } from './joining.ts';
import { personNoun } from './person.ts';
import { managing, noSuchPerson, ownerRefusal, sameIds } from './rights.ts';

/** Lets somebody in again, with the old password. Teams that were archived meanwhile fall off. */
export const reactivate: Command<'person:reactivate'> = {
  permission: 'person.manage',
  rate: managing,
  alone: true,
  needs: (input) => [need(personNoun, input.personId), need(joiningNoun, input.personId)],
  decide: (state, input, context) => {
    const person = state.get(personNoun, input.personId);
    if (person === undefined) return { refusal: noSuchPerson };
    const refused = ownerRefusal(context, person.role);
    if (refused !== null) return { refusal: refused };
    if (person.active) return { events: [], value: null };
    if (!state.get(joiningNoun, person.id)?.joined) {
      return {
        refusal: refusal('person_inactive', `${person.name} has not joined yet.`, 'Send a new link instead.'),
      };
    }
    const stands = (id: TeamId): boolean => state.get(teamNoun, id)?.active === true;
    const teamIds = person.teamIds.filter(stands);
    const supervises = person.supervises.filter(stands);
    const events: Fact[] = [{ type: 'person:reactivated', personId: person.id }];
    if (!sameIds(teamIds, person.teamIds) || !sameIds(supervises, person.supervises)) {
      const before = { teamIds: person.teamIds, supervises: person.supervises };
      events.push({ type: 'person:teams-set', personId: person.id, before, teamIds, supervises });
    }
    return { events, value: null };
  },
};
