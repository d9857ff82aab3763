import type { Event } from '../../shared/contract/event.ts';
import type { FlagId } from '../../shared/contract/id.ts';
import { callFurther, nobody, watchersNoun } from '../escalation/escalation.ts';
import type { CommandRow, Job, JobWriter } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { organisationNoun, organisationOf } from '../organisation/organisation.ts';
import { flagNoun } from './flag.ts';

/** Nobody has claimed the flag in time: it calls further. What has been claimed, lowered or called further since is left alone. */
export const escalate: CommandRow<{ readonly subject: string }, null> = {
  permission: 'system',
  rate: { points: 1000, seconds: 1 },
  needs: (input, _actor, organisationId) => [need(flagNoun, input.subject), need(organisationNoun, organisationId)],
  decide: (state, input, context) => {
    const { now } = context;
    const flag = state.get(flagNoun, input.subject);
    // A claim and a lowering leave no instant; a release, or a step taken meanwhile, a later one.
    if (flag === undefined || flag.nextAt === null || flag.nextAt > now) return { events: [], value: null };
    const watching = state.get(watchersNoun, flag.agentId) ?? nobody;
    return { events: callFurther(flag, organisationOf(state, context), watching, 'waited', now), value: null };
  },
};

const jobId = (flagId: FlagId): string => `flag:escalate ${flagId}`;

const jobOf = (flagId: FlagId, nextAt: number | null): { plan?: Job[]; drop?: string[] } =>
  nextAt === null
    ? { drop: [jobId(flagId)] }
    : { plan: [{ id: jobId(flagId), kind: 'flag:escalate', subject: flagId, dueAt: nextAt }] };

/** A flag that is up and unclaimed has one job: its next step. A claim stops the clock, a release starts it anew. */
export const escalateJobs: JobWriter = {
  jobs: (event: Event) => {
    switch (event.type) {
      case 'flag:raised':
        return jobOf(event.flag.id, event.flag.nextAt);
      case 'flag:escalated':
      case 'flag:released':
        return jobOf(event.flagId, event.nextAt);
      case 'flag:claimed':
      case 'flag:lowered':
        return jobOf(event.flagId, null);
      default:
        return {};
    }
  },
};
