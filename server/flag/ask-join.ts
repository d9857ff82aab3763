import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { fallbackOf, organisationNoun, organisationOf } from '../organisation/organisation.ts';
import { about, flagNoun, ownFlag } from './flag.ts';

/** The agent asks that a supervisor joins the customer conversation; after a decline it may be asked again (S1.10).
 * A new call, so fallback mode refuses it like a flag (S1.6). */
export const askJoin: Command<'flag:ask-join'> = {
  permission: 'flag.raise',
  rate: { points: 5, seconds: 5 },
  callsForHelp: true,
  needs: (input, _actor, organisationId) => [need(flagNoun, input.flagId), need(organisationNoun, organisationId)],
  decide: (state, input, context) => {
    const found = ownFlag(context.actor, input.flagId, state);
    if ('refusal' in found) return found;
    const fallback = fallbackOf(organisationOf(state, context), context);
    if (fallback !== null) return { refusal: fallback };
    const { flag } = found;
    if (flag.join?.state === 'asked' || flag.joinedBy.length > 0) return { events: [], value: null };
    return { events: [{ type: 'flag:join-asked', ...about(flag) }], value: null };
  },
};
