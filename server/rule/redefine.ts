import type { Rule } from '../../shared/contract/rule.ts';
import type { Command } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { checkNeeds, definitionFault, settled } from './check.ts';
import { arranging, noRule, ruleNoun } from './rule.ts';

/** A rule says something else from now on. Flags that it raised keep what was heard then. */
export const redefine: Command<'rule:redefine'> = {
  permission: 'flag.manage',
  rate: arranging,
  alone: true,
  needs: (input, _actor, organisationId) => [need(ruleNoun, input.ruleId), ...checkNeeds(input, organisationId)],
  decide: (state, input, context) => {
    const row = state.get(ruleNoun, input.ruleId);
    if (row === undefined || row.removed) return { refusal: noRule };
    const { removed: _removed, ...before } = row;
    const definition = settled(input);
    const fault = definitionFault(state, context.organisationId, definition, before);
    if (fault !== null) return { refusal: fault };
    const rule: Rule = { ...before, ...definition };
    if (asText(rule) === asText(before)) return { events: [], value: null };
    return { events: [{ type: 'rule:redefined', before, rule }], value: null };
  },
};

/** The same, whatever order the database gives a rule's parts in. */
function asText({ name, side, channels, queueIds, reasonId, words: { any, all, near, not } }: Rule): string {
  const close = near === null ? null : [near.first, near.second, near.within];
  return JSON.stringify([name, side, channels, queueIds, reasonId, any, all, close, not]);
}
