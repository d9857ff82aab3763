import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { organisationNoun, organisationOf, settingRate } from './organisation.ts';

/** From which share of its target a flag's clock warns. */
export const setThresholds: Command<'organisation:set-thresholds'> = {
  permission: 'flag.manage',
  rate: settingRate,
  needs: (_input, _actor, organisationId) => [need(organisationNoun, organisationId)],
  decide: (state, { warnPercent }, context) => {
    const { warnPercent: before } = organisationOf(state, context);
    if (before === warnPercent) return { events: [], value: null };
    return { events: [{ type: 'organisation:thresholds-set', before, warnPercent }], value: null };
  },
};
