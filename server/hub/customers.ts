import type { DefaultEventsMap, Namespace, Server, Socket } from 'socket.io';
import { z } from 'zod';
import type {
  CustomerAnswer,
  CustomerConversation,
  CustomerRefusal,
  CustomerSnapshot,
  CustomerToHub,
  HubToCustomer,
} from '../../shared/contract/customer.ts';
import type { ConversationId, CustomerId, OrganisationId } from '../../shared/contract/id.ts';
import type { Answer } from '../../shared/contract/refusal.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import { newId } from '../../shared/contract/uuid.ts';
import { oldestProtocol, protocolVersion } from '../../shared/contract/version.ts';
import { badInput } from '../auth/answer.ts';
import type { Log } from '../log.ts';
import type { CustomerPresence } from './customer-presence.ts';
import type { Caller, Gate } from './gate.ts';
import type { Hub } from './hub.ts';
import type { Sent } from './log.ts';
import type { Buckets } from './rate.ts';
import { closeIfSilent } from './silence.ts';
import type { Visitor } from './visitor.ts';
import { readVisitor, visitorToken } from './visitor.ts';

interface Data {
  visitor: Visitor | null;
  conversationId: ConversationId | null;
}
type CustomerSocket = Socket<CustomerToHub, HubToCustomer, DefaultEventsMap, Data>;

export interface CustomersOptions {
  readonly io: Server;
  readonly hub: Hub;
  readonly gate: Gate;
  readonly buckets: Buckets;
  readonly log: Log;
  readonly clock: () => number;
  readonly secret: Buffer;
  /** The organisation that the widget names, or the only one there is; null where there is none. */
  organisation(named: string | null): Promise<OrganisationId | null>;
  /** Reads with the customer's own login, whose role may not read anything internal (I7). */
  snapshot(visitor: Visitor, after: number): Promise<Omit<CustomerSnapshot, 'visitor'>>;
  typing(visitor: Visitor, conversationId: ConversationId, on: boolean): void;
  /** Who of those whose conversation ends with them is connected here. */
  readonly presence: Pick<CustomerPresence, 'told' | 'gone'>;
}

const helloSchema = z.strictObject({
  version: z.number().int(),
  organisation: z.string().max(64).nullable(),
  after: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
});
const startSchema = z.strictObject({
  id: z.unknown(),
  name: z.unknown(),
  text: z.unknown(),
  queueId: z.unknown().optional(),
  channel: z.unknown().optional(),
});
const sendSchema = z.strictObject({ id: z.unknown(), conversationId: z.unknown(), text: z.unknown() });
const closeSchema = z.strictObject({ id: z.unknown(), conversationId: z.unknown() });

const helloRate = { points: 20, seconds: 10 };
const typingRate = { points: 20, seconds: 10 };

/** The customers' sockets: a namespace of its own, with payloads that cannot hold anything internal. */
export class Customers {
  readonly #options: CustomersOptions;
  readonly #space: Namespace<CustomerToHub, HubToCustomer, DefaultEventsMap, Data>;

  constructor(options: CustomersOptions) {
    this.#options = options;
    this.#space = options.io.of('/customer');
    this.#space.on('connection', (socket) => this.#connected(socket));
  }

  /** Emits what customers get of an event. Frames read back from the log lack the view, which is then read anew. */
  deliver({ event, frames }: Sent): void {
    for (const frame of frames) {
      const room = this.#space.to(frame.customerId);
      if (frame.kind === 'line') {
        room.emit('line', frame.line);
        continue;
      }
      room.emit('conversation', { position: frame.position, conversation: frame.conversation });
      this.#note(
        { organisationId: event.organisationId, customerId: frame.customerId },
        frame.conversation,
        frame.position,
      );
    }
    if (!('conversationId' in event) || frames.length === 0 || frames.some((frame) => frame.kind === 'conversation'))
      return;
    if (event.type === 'message:sent') return;
    const [first] = frames;
    if (first !== undefined) this.#refresh(first.customerId);
  }

  typing(customerId: CustomerId, name: string, on: boolean): void {
    this.#space.to(customerId).volatile.emit('typing', { name, on });
  }

  /** After every look at the database, once a second: the feed stands. */
  beat(): void {
    this.#space.emit('alive', this.#options.clock());
  }

  get sockets(): number {
    return this.#space.sockets.size;
  }

  #connected(socket: CustomerSocket): void {
    const { buckets, log, secret } = this.#options;
    const token: unknown = socket.handshake.auth.visitor;
    socket.data = { visitor: typeof token === 'string' ? readVisitor(secret, token) : null, conversationId: null };
    const heard = closeIfSilent(socket);
    socket.on('disconnect', () => {
      heard();
      const { visitor } = socket.data;
      if (visitor !== null && !this.#isHere(visitor)) this.#options.presence.gone(visitor);
    });

    socket.on('hello', (given: unknown, answer: unknown) => {
      const tell = ackOf<CustomerRefusal | null>(answer);
      if (buckets.take(`hello ${socket.id}`, helloRate) > 0)
        return tell(refusal('rate_limited', 'Too many hellos.', 'Wait a few seconds.'));
      const hello = helloSchema.safeParse(given);
      if (!hello.success) return tell(badInput(hello.error));
      if (hello.data.version < oldestProtocol || hello.data.version > protocolVersion)
        return tell(refusal('client_too_old', 'This page is older than the hub.', 'Reload the page.'));
      heard();
      this.#hello(socket, hello.data.organisation, hello.data.after).then(tell, (error: Error) => {
        log.warn({ error: error.message }, 'a customer could not be caught up');
        tell(refusal('try_again', 'We cannot be reached just now.', 'It is tried again by itself.'));
      });
    });
    socket.on('start', (given: unknown, answer: unknown) => {
      const tell = ackOf<CustomerAnswer>(answer);
      const frame = startSchema.safeParse(given);
      if (!frame.success) return tell({ ok: false, refusal: badInput(frame.error) });
      const { id, name, text, queueId = null, channel = 'chat' } = frame.data;
      this.#command(socket, id, 'conversation:start', { queueId, channel, name, text }, tell);
    });
    socket.on('send', (given: unknown, answer: unknown) => {
      const tell = ackOf<CustomerAnswer>(answer);
      const frame = sendSchema.safeParse(given);
      if (!frame.success) return tell({ ok: false, refusal: badInput(frame.error) });
      const { id, conversationId, text } = frame.data;
      this.#command(socket, id, 'message:send', { conversationId, text }, tell);
    });
    socket.on('close', (given: unknown, answer: unknown) => {
      const tell = ackOf<CustomerAnswer>(answer);
      const frame = closeSchema.safeParse(given);
      if (!frame.success) return tell({ ok: false, refusal: badInput(frame.error) });
      const { id, conversationId } = frame.data;
      this.#command(socket, id, 'conversation:close', { conversationId }, tell);
    });
    socket.on('typing', (on: unknown) => {
      const { visitor, conversationId } = socket.data;
      if (typeof on !== 'boolean' || visitor === null || conversationId === null) return;
      if (buckets.take(`volatile ${socket.id}`, typingRate) === 0) this.#options.typing(visitor, conversationId, on);
    });
  }

  #command(
    socket: CustomerSocket,
    id: unknown,
    name: string,
    input: unknown,
    answer: (answer: CustomerAnswer) => void,
  ): void {
    const { visitor } = socket.data;
    if (visitor === null) {
      answer({ ok: false, refusal: refusal('not_signed_in', 'Say hello first.', 'Reload the page.') });
      return;
    }
    const frame = { id, organisationId: visitor.organisationId, name, input };
    void this.#options.gate.take(callerOf(socket, visitor), frame).then((given) => {
      if (name === 'conversation:start' && given.ok) void this.#follow(socket, visitor);
      answer(narrow(given));
    });
  }

  async #hello(
    socket: CustomerSocket,
    named: string | null,
    after: number,
  ): Promise<ReturnType<typeof refusal> | null> {
    const { organisation, clock, hub } = this.#options;
    if (socket.data.visitor === null) {
      const organisationId = await organisation(named);
      if (organisationId === null)
        return refusal('not_found', 'There is nobody to talk to at this address.', 'Tell whoever runs this page.');
      socket.data.visitor = { organisationId, customerId: newId<'customer'>(clock()) };
    }
    await hub.follow(socket.data.visitor.organisationId);
    // Gone meanwhile: nobody is here, and a room must not say otherwise.
    if (!socket.connected) return null;
    void socket.join(socket.data.visitor.customerId);
    await this.#snapshot(socket, socket.data.visitor, after);
    return null;
  }

  async #snapshot(socket: CustomerSocket, visitor: Visitor, after: number): Promise<void> {
    const { snapshot, secret } = this.#options;
    const whole = await snapshot(visitor, after);
    socket.data.conversationId = (whole.conversation?.id ?? null) as ConversationId | null;
    socket.emit('snapshot', { ...whole, visitor: visitorToken(secret, visitor) });
    this.#note(visitor, whole.conversation, whole.position);
  }

  #isHere({ customerId }: Visitor): boolean {
    return (this.#space.adapter.rooms.get(customerId)?.size ?? 0) > 0;
  }

  /** What a customer's screen has just been told also says whether they must stay for it to go on. */
  #note(visitor: Visitor, conversation: CustomerConversation | null, position: number): void {
    if (!this.#isHere(visitor)) return;
    const ends = conversation?.endsWithCustomer === true && conversation.state !== 'closed';
    this.#options.presence.told(visitor, ends, position);
  }

  async #follow(socket: CustomerSocket, visitor: Visitor): Promise<void> {
    const whole = await this.#options.snapshot(visitor, Number.MAX_SAFE_INTEGER).catch(() => null);
    if (whole !== null) socket.data.conversationId = (whole.conversation?.id ?? null) as ConversationId | null;
  }

  #refresh(customerId: CustomerId): void {
    for (const socket of this.#space.sockets.values()) {
      const { visitor } = socket.data;
      if (visitor?.customerId === customerId)
        void this.#snapshot(socket, visitor, 0).catch(() => socket.disconnect(true));
    }
  }
}

function callerOf(socket: CustomerSocket, visitor: Visitor): Caller {
  return {
    actor: { kind: 'customer', id: visitor.customerId },
    organisations: [visitor.organisationId],
    socket: socket.id,
    address: socket.handshake.address,
    may: (permission) => permission === 'customer' || permission === 'anyone',
  };
}

/** The acknowledgement that a frame came with; a frame without one is carried out all the same. */
export function ackOf<T>(answer: unknown): (given: T) => void {
  return typeof answer === 'function' ? (given) => void answer(given) : () => {};
}

/** Names what a customer gets of an answer; nothing else of it leaves. */
function narrow(answer: Answer): CustomerAnswer {
  if (!answer.ok)
    return {
      ok: false,
      refusal: { code: answer.refusal.code, message: answer.refusal.message, next: answer.refusal.next },
    };
  const value = answer.value;
  if (typeof value !== 'object' || value === null) return { ok: true, position: answer.position, value: null };
  const { conversationId, entryId } = value as { conversationId?: string; entryId?: string };
  return {
    ok: true,
    position: answer.position,
    value: {
      ...(conversationId === undefined ? {} : { conversationId }),
      ...(entryId === undefined ? {} : { entryId }),
    },
  };
}
