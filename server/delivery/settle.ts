import type { DeliveryFault } from '../../shared/contract/connection.ts';
import type { EntryId } from '../../shared/contract/id.ts';
import { connectionNoun } from '../connection/connection.ts';
import type { CommandRow, Outcome } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import { deliveryNoun } from './delivery.ts';

/** What came of one attempt. */
export interface Settle {
  readonly entryId: EntryId;
  /** Which attempt: the first is 1. */
  readonly attempt: number;
  readonly outcome:
    | { readonly kind: 'sent'; readonly ref: string | null }
    | { readonly kind: 'delayed'; readonly fault: DeliveryFault; readonly nextAt: number }
    | { readonly kind: 'failed'; readonly fault: DeliveryFault }
    /** There is nobody at the target any more: the connection is switched off with it. */
    | { readonly kind: 'gone' };
}

/** Notes what came of an attempt. Of one that was noted already, or overtaken, nothing comes a second time. */
export const settle: CommandRow<Settle, null> = {
  permission: 'system',
  rate: { points: 1000, seconds: 1 },
  needs: (input) => [need(deliveryNoun, input.entryId)],
  decide: (state, { entryId, attempt: attempts, outcome }) => {
    const delivery = state.get(deliveryNoun, entryId);
    if (delivery === undefined || delivery.state !== 'waiting' || delivery.attempts !== attempts - 1)
      return { events: [], value: null };
    const { conversationId, connectionId } = delivery;
    const line = { conversationId, entryId } as const;
    switch (outcome.kind) {
      case 'sent':
        return { events: [{ type: 'delivery:sent', ...line, attempts, ref: outcome.ref }], value: null };
      case 'delayed': {
        const { fault, nextAt } = outcome;
        return { events: [{ type: 'delivery:delayed', ...line, attempts, fault, nextAt }], value: null };
      }
      case 'failed':
        return { events: [{ type: 'delivery:failed', ...line, attempts, fault: outcome.fault }], value: null };
      case 'gone': {
        const off: Outcome[] = state.get(connectionNoun, connectionId)?.active
          ? [{ type: 'connection:deactivated', connectionId, because: 'target_gone' }]
          : [];
        return { events: [{ type: 'delivery:failed', ...line, attempts, fault: 'gone' }, ...off], value: null };
      }
    }
  },
};
