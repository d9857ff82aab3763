import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { teamNoun } from '../team/team.ts';
import { personNoun } from './person.ts';
import { distinct, managing, noSuchPerson, ownerRefusal, placingRefusal, sameIds } from './rights.ts';

/** Sets the teams that somebody serves and those whose agents they supervise. */
export const setTeams: Command<'person:set-teams'> = {
  permission: 'person.manage',
  rate: managing,
  needs: (input) => [
    need(personNoun, input.personId),
    ...[...input.teamIds, ...input.supervises].map((id) => need(teamNoun, id)),
  ],
  decide: (state, input, context) => {
    const person = state.get(personNoun, input.personId);
    if (person === undefined) return { refusal: noSuchPerson };
    const kept = new Set([...person.teamIds, ...person.supervises]);
    const refused = ownerRefusal(context, person.role) ?? placingRefusal(state, person.role, input, kept);
    if (refused !== null) return { refusal: refused };
    if (sameIds(person.teamIds, input.teamIds) && sameIds(person.supervises, input.supervises)) {
      return { events: [], value: null };
    }
    return {
      events: [
        {
          type: 'person:teams-set',
          personId: person.id,
          before: { teamIds: person.teamIds, supervises: person.supervises },
          teamIds: distinct(input.teamIds),
          supervises: distinct(input.supervises),
        },
      ],
      value: null,
    };
  },
};
