import type { Event } from '../contract/event.ts';
import type { Organisation, Queue, Reason } from '../contract/organisation.ts';
import type { Team } from '../contract/team.ts';

export function evolveTeam(team: Team | undefined, event: Event): Team | undefined {
  if (event.type === 'team:created') return event.team;
  if (team === undefined) return team;
  if (event.type === 'team:renamed' && event.teamId === team.id) return { ...team, name: event.name };
  if (event.type === 'team:archived' && event.teamId === team.id) return { ...team, active: false };
  if (event.type === 'team:legacy-flag-set' && event.teamId === team.id) return { ...team, legacyFlag: event.on };
  return team;
}

export function evolveQueue(queue: Queue | undefined, event: Event): Queue | undefined {
  if (event.type === 'queue:created') return event.queue;
  if (queue === undefined) return queue;
  if (event.type === 'queue:renamed' && event.queueId === queue.id) return { ...queue, name: event.name };
  if (event.type === 'queue:deactivated' && event.queueId === queue.id) return { ...queue, active: false };
  return queue;
}

/** The reasons an event moves. */
export function reasonsOf(event: Event): readonly Reason['id'][] {
  if (event.type === 'reason:created') return [event.reason.id];
  if (event.type === 'reason:reordered') return event.reasonIds;
  return event.type.startsWith('reason:') && 'reasonId' in event ? [event.reasonId] : [];
}

export function evolveReason(reason: Reason | undefined, event: Event): Reason | undefined {
  if (event.type === 'reason:created') return event.reason;
  if (reason === undefined) return reason;
  switch (event.type) {
    case 'reason:renamed':
      return { ...reason, name: event.name };
    case 'reason:target-set':
      return { ...reason, targetMs: event.targetMs };
    case 'reason:reordered':
      return { ...reason, order: event.reasonIds.indexOf(reason.id) + 1 };
    case 'reason:archived':
      return { ...reason, active: false };
    case 'reason:restored':
      return { ...reason, active: true, order: event.order };
    default:
      return reason;
  }
}

export function evolveOrganisation(organisation: Organisation, event: Event): Organisation {
  switch (event.type) {
    case 'organisation:created':
      return event.organisation;
    case 'organisation:monitoring-set':
      return { ...organisation, monitoring: event.policy };
    case 'organisation:thresholds-set':
      return { ...organisation, warnPercent: event.warnPercent };
    case 'organisation:escalation-set':
      return { ...organisation, escalation: event.steps };
    case 'organisation:fallback-entered':
      return { ...organisation, fallback: event.fallback };
    case 'organisation:fallback-left':
      return { ...organisation, fallback: null };
    default:
      return organisation;
  }
}
