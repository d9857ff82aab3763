import { limits } from '../../shared/contract/limits.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import type { Command } from '../hub/room.ts';
import { checkNeeds, definitionFault, settled } from './check.ts';
import { arranging, ruleNamesNoun } from './rule.ts';

/** A new rule. It listens at once. */
export const create: Command<'rule:create'> = {
  permission: 'flag.manage',
  rate: arranging,
  alone: true,
  needs: (input, _actor, organisationId) => checkNeeds(input, organisationId),
  decide: (state, input, context) => {
    const definition = settled(input);
    const fault = definitionFault(state, context.organisationId, definition, null);
    if (fault !== null) return { refusal: fault };
    if ((state.get(ruleNamesNoun, context.organisationId) ?? []).length >= limits.rules)
      return {
        refusal: refusal(
          'limit_reached',
          `There are ${limits.rules} rules already, as many as there can be.`,
          'Remove one that is not used, or add the words to another.',
        ),
      };
    const id = context.newId<'rule'>();
    return { events: [{ type: 'rule:created', rule: { id, active: true, ...definition } }], value: { ruleId: id } };
  },
};
