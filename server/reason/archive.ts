import { refusal } from '../../shared/contract/refusal.ts';
import { derivedNoun } from '../hub/derived-noun.ts';
import type { Command, Outcome } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { settingRate } from '../organisation/organisation.ts';
import { noReason, reasonNoun } from './reason.ts';
import { activeReasons, reasonsNoun } from './use.ts';

/** Names of rules that raise with a reason, keyed by the reason. */
export const rulesOfReasonNoun = derivedNoun<readonly string[]>(
  'rules of a reason',
  (organisationId, ids) => ({
    text: `select reason_id, array_agg(name order by name) as names from rule
      where organisation_id = $1 and not removed and reason_id = any($2::uuid[]) group by reason_id`,
    values: [organisationId, ids],
  }),
  (raw) => [raw.reason_id as string, raw.names as readonly string[]],
);

/** A reason that agents can no longer choose. What was raised with it keeps it. */
export const archive: Command<'reason:archive'> = {
  permission: 'flag.manage',
  rate: settingRate,
  alone: true,
  needs: ({ reasonId }, _actor, organisationId) => [
    need(reasonNoun, reasonId),
    need(reasonsNoun, organisationId),
    need(rulesOfReasonNoun, reasonId),
  ],
  decide: (state, { reasonId }, context) => {
    const reason = state.get(reasonNoun, reasonId);
    if (reason === undefined) return { refusal: noReason };
    if (!reason.active) return { events: [], value: null };
    const before = activeReasons(state, context).map((one) => one.id);
    const rest = before.filter((id) => id !== reasonId);
    if (rest.length === 0)
      return {
        refusal: refusal(
          'reason_in_use',
          'Agents need at least one reason to choose.',
          'Make another one first, then archive this.',
        ),
      };
    const [rule] = state.get(rulesOfReasonNoun, reasonId) ?? [];
    if (rule !== undefined)
      return {
        refusal: refusal(
          'reason_in_use',
          `The rule ${rule} raises flags with this reason.`,
          'Give the rule another reason first.',
          { rule },
        ),
      };
    const archived: Outcome = { type: 'reason:archived', reasonId };
    // Those behind it move up, so that the keys 1, 2, 3 have no hole.
    return { events: [archived, { type: 'reason:reordered', before, reasonIds: rest }], value: null };
  },
};
