import type { CustomerChannel, CustomerConversation } from '../../shared/contract/customer.ts';
import type { QueueId } from '../../shared/contract/id.ts';
import type { CustomerAct, Said } from './customer-link.ts';
import type { Exchange } from './dialogues.ts';
import type { Want, Wants } from './rhythm.ts';

/** Everything that a simulated customer decides from. */
export interface CustomerView {
  /** The injected clock, ms. */
  readonly now: number;
  readonly name: string;
  readonly queueId: QueueId;
  readonly channel: CustomerChannel;
  readonly exchanges: readonly Exchange[];
  readonly conversation: CustomerConversation | null;
  readonly said: Said;
  readonly hasty: boolean;
  /** How many times faster than life. */
  readonly speed: number;
}

/** How long a customer without an answer stays, and one who has said everything. */
const patienceMs = 10 * 60_000;
const farewellMs = 150_000;

/** What a simulated customer wants: to begin, to go on once there is an answer, to leave in the end. */
export function customerWants(view: CustomerView): Wants<CustomerAct> {
  const { conversation, said, exchanges, hasty } = view;
  const one = (want: Want<CustomerAct>): Wants<CustomerAct> => new Map([['conversation', want]]);
  const line = exchanges[said.customer]?.customer;
  if (conversation === null) {
    if (line === undefined) return new Map();
    const act: CustomerAct = {
      kind: 'start',
      name: view.name,
      queueId: view.queueId,
      channel: view.channel,
      text: line,
    };
    return one({ key: 'start', think: [100, 500], act });
  }
  if (conversation.state === 'closed') return new Map();
  const { last } = said;
  const quietFor = last === null ? 0 : (view.now - last.at) * view.speed;
  if (last?.from === 'staff' && line !== undefined)
    return one({
      // A second line from the other side begins the pause anew, as it does with people.
      key: `say ${said.customer} ${last.id}`,
      think: [2000, 7000],
      typing: line,
      hasty,
      act: { kind: 'say', conversationId: conversation.id, text: line },
    });
  if (quietFor < (last?.from === 'staff' ? farewellMs : patienceMs)) return new Map();
  return one({
    key: 'leave',
    think: [0, 20_000],
    act: { kind: 'close', conversationId: conversation.id, text: '' },
  });
}
