import type { DeliveryFault, DeliveryState } from '../../contract/connection.ts';
import type { Event } from '../../contract/event.ts';
import type { EntryId } from '../../contract/id.ts';

/** How far a line has come. */
export interface DeliveryView {
  readonly entryId: EntryId;
  readonly state: DeliveryState;
  /** What went wrong last, of a line that waits or has failed. */
  readonly fault: DeliveryFault | null;
  /** When it is tried again, hub time in ms. */
  readonly nextAt: number | null;
}

/** How far each line of a conversation has come, by its id, as the events tell it; lines of other channels are not in it. */
export function deliveries(events: readonly Event[]): ReadonlyMap<string, DeliveryView> {
  const views = new Map<string, DeliveryView>();
  for (const event of events) {
    const view = viewAfter(event);
    if (view !== null) views.set(view.entryId, view);
  }
  return views;
}

function viewAfter(event: Event): DeliveryView | null {
  switch (event.type) {
    case 'delivery:queued':
    case 'delivery:retried':
      return { entryId: event.entryId, state: 'waiting', fault: null, nextAt: null };
    case 'delivery:delayed':
      return { entryId: event.entryId, state: 'waiting', fault: event.fault, nextAt: event.nextAt };
    case 'delivery:failed':
      return { entryId: event.entryId, state: 'failed', fault: event.fault, nextAt: null };
    case 'delivery:sent':
      return { entryId: event.entryId, state: 'sent', fault: null, nextAt: null };
    case 'delivery:delivered':
      return { entryId: event.entryId, state: 'delivered', fault: null, nextAt: null };
    case 'delivery:read':
      return { entryId: event.entryId, state: 'read', fault: null, nextAt: null };
    default:
      return null;
  }
}
