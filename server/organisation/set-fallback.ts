import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { organisationNoun, organisationOf, settingRate } from './organisation.ts';

/** Fallback mode by switch (S1.6): while it is on no flag can be raised, on any channel, by anybody or anything. */
export const setFallback: Command<'organisation:set-fallback'> = {
  permission: 'flag.manage',
  rate: settingRate,
  needs: (_input, _actor, organisationId) => [need(organisationNoun, organisationId)],
  decide: (state, input, context) => {
    const { actor, now } = context;
    const { fallback } = organisationOf(state, context);
    if (actor.kind !== 'person') return { events: [], value: null };
    if (!input.on)
      return {
        events: fallback === null ? [] : [{ type: 'organisation:fallback-left', personId: actor.id }],
        value: null,
      };
    const note = input.note.trim();
    if (fallback?.note === note) return { events: [], value: null };
    const since = fallback?.since ?? now;
    return {
      events: [{ type: 'organisation:fallback-entered', fallback: { by: actor.id, since, note } }],
      value: null,
    };
  },
};
