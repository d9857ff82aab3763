import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { arranging, noSuchTeam } from './create.ts';
import { teamNoun } from './team.ts';

/** The chat agent configuration of a team: whether its agents may raise help flags on Legacy chat (S1.3). */
export const setLegacyFlag: Command<'team:set-legacy-flag'> = {
  permission: 'channel.manage',
  rate: arranging,
  needs: ({ teamId }) => [need(teamNoun, teamId)],
  decide: (state, { teamId, on }) => {
    const team = state.get(teamNoun, teamId);
    if (team === undefined || !team.active) return { refusal: noSuchTeam };
    if (team.legacyFlag === on) return { events: [], value: null };
    return { events: [{ type: 'team:legacy-flag-set', teamId, on }], value: null };
  },
};
