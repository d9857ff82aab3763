import { conversationNoun } from '../conversation/conversation.ts';
import type { CommandRow, JobWriter } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { floorNoun, match } from './floor.ts';

/** How long an agent has to answer an offer. */
export const offerMs = 30_000;
/** How long whoever passed on a conversation is left alone before being asked again. */
export const askAgainMs = 15_000;

/** The job that looks for matches; one waits at a time, however many reasons there are. */
const routeJob = 'offer:route';

/** Offers what waits to whom is free. Runs alone: the floor it looks at is the floor at its position. */
export const route: CommandRow<{ readonly subject: string }, null> = {
  permission: 'system',
  rate: { points: 1000, seconds: 1 },
  alone: true,
  needs: () => [need(floorNoun, 'floor')],
  decide: (state, { subject }, context) => {
    const floor = state.get(floorNoun, 'floor');
    if (floor === undefined) return { events: [], value: null };
    const matches = match(floor, new Set([subject]));
    // Their audiences are looked up by conversation: all of them at once.
    state.all(
      conversationNoun,
      matches.map(({ conversationId }) => conversationId),
    );
    const events = matches.map(({ conversationId, personId }) => {
      const offer = { id: context.newId<'offer'>(), personId, madeAt: context.now, expiresAt: context.now + offerMs };
      return { type: 'offer:made', conversationId, offer } as const;
    });
    return { events, value: null };
  },
};

/** An offer that nobody answered lapses, and the next agent is asked. */
export const expire: CommandRow<{ readonly subject: string }, null> = {
  permission: 'system',
  rate: { points: 1000, seconds: 1 },
  needs: ({ subject }) => [need(conversationNoun, subject.split('/')[0] ?? '')],
  decide: (state, { subject }) => {
    const [conversationId = '', offerId = ''] = subject.split('/');
    const conversation = state.get(conversationNoun, conversationId);
    const offer = conversation?.offer;
    if (conversation === undefined || !offer || offer.id !== offerId) return { events: [], value: null };
    return {
      events: [{ type: 'offer:expired', conversationId: conversation.id, offerId: offer.id, personId: offer.personId }],
      value: null,
    };
  },
};

/** What makes routing worth another look, and what puts an offer's end on the clock. */
export const offerJobs: JobWriter = {
  jobs: (event) => {
    const routeNow = { id: routeJob, kind: routeJob, subject: '', dueAt: event.at };
    switch (event.type) {
      case 'conversation:started':
      case 'conversation:queued':
      case 'conversation:closed':
      case 'conversation:assigned':
      case 'person:reachable':
      case 'person:status-set':
      case 'person:capacity-set':
      case 'person:teams-set':
      case 'person:role-set':
      case 'person:reactivated':
        return { plan: [routeNow] };
      case 'offer:made':
        return {
          plan: [
            {
              id: `offer:expire:${event.offer.id}`,
              kind: 'offer:expire',
              subject: `${event.conversationId}/${event.offer.id}`,
              dueAt: event.offer.expiresAt,
            },
          ],
        };
      case 'offer:accepted':
        return { drop: [`offer:expire:${event.offerId}`] };
      case 'offer:cancelled':
        return { drop: [`offer:expire:${event.offerId}`], plan: [routeNow] };
      case 'offer:declined':
      case 'offer:expired':
        return {
          drop: [`offer:expire:${event.offerId}`],
          plan: [
            routeNow,
            {
              id: `${routeJob}:${event.conversationId}`,
              kind: routeJob,
              subject: event.conversationId,
              dueAt: event.at + askAgainMs,
            },
          ],
        };
      default:
        return {};
    }
  },
};
