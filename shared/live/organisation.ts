import type { Event } from '../contract/event.ts';
import type { Queue, Reason } from '../contract/organisation.ts';
import type { Team } from '../contract/team.ts';

export function evolveTeam(team: Team | undefined, event: Event): Team | undefined {
  if (event.type === 'team:created') return event.team;
  if (team === undefined) return team;
  if (event.type === 'team:renamed' && event.teamId === team.id) return { ...team, name: event.name };
  if (event.type === 'team:archived' && event.teamId === team.id) return { ...team, active: false };
  return team;
}

export function evolveQueue(queue: Queue | undefined, event: Event): Queue | undefined {
  if (event.type === 'queue:created') return event.queue;
  if (queue === undefined) return queue;
  if (event.type === 'queue:renamed' && event.queueId === queue.id) return { ...queue, name: event.name };
  if (event.type === 'queue:deactivated' && event.queueId === queue.id) return { ...queue, active: false };
  return queue;
}

export function evolveReason(reason: Reason | undefined, event: Event): Reason | undefined {
  return event.type === 'reason:created' ? event.reason : reason;
}
