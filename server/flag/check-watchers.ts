import type { FlagId } from '../../shared/contract/id.ts';
import { callFurther, watchersNoun } from '../escalation/escalation.ts';
import { derivedNoun } from '../hub/derived-noun.ts';
import type { CommandRow, JobWriter, Outcome } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { organisationNoun, organisationOf } from '../organisation/organisation.ts';
import { flagNoun } from './flag.ts';

/** So many flags are looked at in one go; whatever is left calls further when its time comes. */
const mostFlags = 200;

/** Flags that wait for somebody and could call further. Asked only by the command below, which has a batch of its own. */
const waitingNoun = derivedNoun<readonly FlagId[]>(
  'flags that wait',
  (organisationId) => ({
    text: `select array(select id from flag where organisation_id = $1 and lowered is null and next_at is not null
      order by next_at limit ${mostFlags}) as flags`,
    values: [organisationId],
  }),
  (raw) => ['waiting', raw.flags as FlagId[]],
);

/** The last of those whom a flag calls is gone: it calls further at once, because waiting for nobody helps nobody (S1.19). */
export const checkWatchers: CommandRow<{ readonly subject: string }, null> = {
  permission: 'system',
  rate: { points: 1000, seconds: 1 },
  alone: true,
  needs: (_input, _actor, organisationId) => [need(waitingNoun, 'waiting'), need(organisationNoun, organisationId)],
  decide: (state, _input, context) => {
    const organisation = organisationOf(state, context);
    const flags = state.all(flagNoun, state.get(waitingNoun, 'waiting') ?? []);
    state.all(watchersNoun, [...new Set(flags.map((flag) => flag.agentId))]);
    const events = flags.flatMap((flag): Outcome[] => {
      const watching = state.get(watchersNoun, flag.agentId);
      if (watching === undefined || watching[flag.reach] > 0) return [];
      return callFurther(flag, organisation, watching, 'nobody_there', context.now);
    });
    return { events, value: null };
  },
};

/** What may leave a flag with nobody who is there. */
export const watchersJobs: JobWriter = {
  jobs: (event) => {
    switch (event.type) {
      case 'person:unreachable':
      case 'person:deactivated':
      case 'person:role-set':
      case 'person:teams-set':
      case 'flag:released':
        return { plan: [{ id: 'flag:check-watchers', kind: 'flag:check-watchers', subject: '', dueAt: event.at }] };
      default:
        return {};
    }
  },
};
