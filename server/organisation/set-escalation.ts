import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { organisationNoun, organisationOf, settingRate } from './organisation.ts';

/** The chain that an unclaimed flag goes along. Flags that are up keep the instant of their next step, and go by this after it. */
export const setEscalation: Command<'organisation:set-escalation'> = {
  permission: 'flag.manage',
  rate: settingRate,
  needs: (_input, _actor, organisationId) => [need(organisationNoun, organisationId)],
  decide: (state, { steps }, context) => {
    const { escalation: before } = organisationOf(state, context);
    if (JSON.stringify(before) === JSON.stringify(steps)) return { events: [], value: null };
    return { events: [{ type: 'organisation:escalation-set', before, steps }], value: null };
  },
};
