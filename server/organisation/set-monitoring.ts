import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { organisationNoun, organisationOf, settingRate } from './organisation.ts';

/** How supervisors may watch from now on; who watches already stays under the policy that it began with. */
export const setMonitoring: Command<'organisation:set-monitoring'> = {
  permission: 'supervision.manage',
  rate: settingRate,
  needs: (_input, _actor, organisationId) => [need(organisationNoun, organisationId)],
  decide: (state, { policy }, context) => {
    const { monitoring: before } = organisationOf(state, context);
    if (before === policy) return { events: [], value: null };
    return { events: [{ type: 'organisation:monitoring-set', before, policy }], value: null };
  },
};
