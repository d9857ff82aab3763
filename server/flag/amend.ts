import type { Flag } from '../../shared/contract/flag.ts';
import type { Reason } from '../../shared/contract/organisation.ts';
import { entryOf } from '../conversation/conversation.ts';
import type { Command, Context, Outcome } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { fallbackOf, organisationNoun, organisationOf } from '../organisation/organisation.ts';
import { noReason, reasonNoun } from '../reason/reason.ts';
import { about, flagNoun, ownFlag } from './flag.ts';

/** The fact of a changed message; the target still counts from when the flag went up. */
export function amended(flag: Flag, reason: Reason, text: string, context: Context): Outcome {
  return {
    type: 'flag:amended',
    ...about(flag),
    reasonId: reason.id,
    targetAt: flag.raisedAt + reason.targetMs,
    entryId: entryOf(context),
    text,
  };
}

/** The agent says it differently while the flag is up. */
export const amend: Command<'flag:amend'> = {
  permission: 'flag.raise',
  rate: { points: 5, seconds: 5 },
  callsForHelp: true,
  needs: (input, _actor, organisationId) => [
    need(flagNoun, input.flagId),
    need(reasonNoun, input.reasonId),
    need(organisationNoun, organisationId),
  ],
  decide: (state, input, context) => {
    const found = ownFlag(context.actor, input.flagId, state);
    if ('refusal' in found) return found;
    const fallback = fallbackOf(organisationOf(state, context), context);
    if (fallback !== null) return { refusal: fallback };
    const reason = state.get(reasonNoun, input.reasonId);
    if (reason === undefined || (!reason.active && found.flag.reasonId !== reason.id)) return { refusal: noReason };
    return { events: [amended(found.flag, reason, input.message, context)], value: null };
  },
};
