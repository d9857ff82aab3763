import type { Reason } from '../../shared/contract/organisation.ts';
import { derivedNoun } from '../hub/derived-noun.ts';
import type { Context } from '../hub/room.ts';
import type { State } from '../hub/state.ts';

/** All reasons of an organisation, keyed by it. Commands that decide by it are alone in their batch. */
export const reasonsNoun = derivedNoun<readonly Reason[]>(
  'reasons',
  (organisationId, ids) => ({
    text: `select $1::uuid as organisation_id, (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name,
        'order', "order", 'targetMs', target_ms, 'active', active) order by "order"), '[]') from reason where organisation_id = $1) as reasons
      where $1 = any($2::uuid[])`,
    values: [organisationId, ids],
  }),
  (raw) => [raw.organisation_id as string, raw.reasons as readonly Reason[]],
);

/** Those that can be chosen, in their order. */
export function activeReasons(state: State, context: Pick<Context, 'organisationId'>): readonly Reason[] {
  return (state.get(reasonsNoun, context.organisationId) ?? []).filter((one) => one.active);
}
