import { refusal } from '../../shared/contract/refusal.ts';
import { nextStepAt } from '../../shared/live/call.ts';
import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { organisationNoun, organisationOf } from '../organisation/organisation.ts';
import { about, flagNoun, helpedFlag, noFlag } from './flag.ts';

/** Whoever took a flag gives it back; it needs somebody again. */
export const release: Command<'flag:release'> = {
  permission: 'supervision.own',
  rate: { points: 20, seconds: 10 },
  needs: (input, _actor, organisationId) => [need(flagNoun, input.flagId), need(organisationNoun, organisationId)],
  decide: (state, input, context) => {
    const { actor, now } = context;
    const found = helpedFlag(actor, input.flagId, state);
    if ('refusal' in found || actor.kind !== 'person') return 'refusal' in found ? found : { refusal: noFlag };
    const { flag } = found;
    if (flag.claim === null)
      return { refusal: refusal('flag_not_claimed', 'Nobody has taken this flag.', 'You can take it.') };
    if (flag.claim.personId !== actor.id)
      return {
        refusal: refusal('not_your_claim', 'Somebody else has taken this flag.', 'Ask them to release it.', {
          personId: flag.claim.personId,
        }),
      };
    const nextAt = nextStepAt(organisationOf(state, context).escalation, flag.reach, now);
    return {
      events: [{ type: 'flag:released', ...about(flag), personId: actor.id, reason: 'released', nextAt }],
      value: null,
    };
  },
};
