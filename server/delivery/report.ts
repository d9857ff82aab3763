import type { EntryId } from '../../shared/contract/id.ts';
import type { CommandRow } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { deliveryNoun } from './delivery.ts';

/** What a provider says of a line that it took. */
export interface Report {
  readonly entryId: EntryId;
  readonly state: 'delivered' | 'read' | 'failed';
}

/**
 * A provider's word on a line. Words come in any order and more than once: a line only goes forward, and one that was told to have
 * failed may still turn up delivered, on the customer's other device.
 */
export const report: CommandRow<Report, null> = {
  permission: 'system',
  rate: { points: 1000, seconds: 1 },
  needs: (input) => [need(deliveryNoun, input.entryId)],
  decide: (state, { entryId, state: told }) => {
    const delivery = state.get(deliveryNoun, entryId);
    // Of a line that was never taken nobody can say anything.
    if (delivery === undefined || delivery.state === 'waiting') return { events: [], value: null };
    if (delivery.state === 'failed' && delivery.fault !== 'not_reached') return { events: [], value: null };
    const line = { conversationId: delivery.conversationId, entryId } as const;
    const { state: now, attempts } = delivery;
    if (told === 'read' && now !== 'read') return { events: [{ type: 'delivery:read', ...line }], value: null };
    if (told === 'delivered' && (now === 'sent' || now === 'failed'))
      return { events: [{ type: 'delivery:delivered', ...line }], value: null };
    if (told === 'failed' && now === 'sent')
      return { events: [{ type: 'delivery:failed', ...line, attempts, fault: 'not_reached' }], value: null };
    return { events: [], value: null };
  },
};
