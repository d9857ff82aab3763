import type { Socket } from 'socket.io-client';
import { io } from 'socket.io-client';
import type {
  CustomerAnswer,
  CustomerChannel,
  CustomerConversation,
  CustomerLine,
  CustomerToHub,
  HubToCustomer,
} from '../../shared/contract/customer.ts';
import type { QueueId } from '../../shared/contract/id.ts';
import { newId } from '../../shared/contract/uuid.ts';
import { protocolVersion } from '../../shared/contract/version.ts';
import type { Log } from '../log.ts';

export interface CustomerLinkOptions {
  readonly url: string;
  /** Who the customer is: a signed visitor token. */
  readonly visitor: string;
  readonly log: Log;
  readonly clock: () => number;
}

/** What a simulated customer does over the socket. */
export type CustomerAct =
  | {
      readonly kind: 'start';
      readonly name: string;
      readonly queueId: QueueId;
      readonly channel: CustomerChannel;
      readonly text: string;
    }
  | { readonly kind: 'say' | 'close'; readonly conversationId: string; readonly text: string };

/** What has been said so far, as the customer's own screen shows it. */
export interface Said {
  /** The customer's own lines. */
  readonly customer: number;
  /** The newest line of either side; null where there is none. */
  readonly last: { readonly id: string; readonly from: 'customer' | 'staff'; readonly at: number } | null;
}

/** What a simulated customer needs of the channel they write in. */
export type Link = Pick<CustomerLink, 'ready' | 'conversation' | 'said' | 'send' | 'typing' | 'close'>;

const answerMs = 5000;

/** One simulated customer's widget, without a picture. */
export class CustomerLink {
  readonly #socket: Socket<HubToCustomer, CustomerToHub>;
  readonly #options: CustomerLinkOptions;
  readonly #own = new Set<string>();
  #last: (Said['last'] & { readonly position: number }) | null = null;
  #conversation: CustomerConversation | null = null;
  #position = 0;
  #ready = false;

  constructor(options: CustomerLinkOptions) {
    this.#options = options;
    this.#socket = io(`${options.url}/customer`, {
      transports: ['websocket'],
      auth: { visitor: options.visitor },
      forceNew: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 5000,
    });
    const socket = this.#socket;
    socket.on('connect', () => {
      this.#ready = false;
      socket.emit('hello', { version: protocolVersion, organisation: null, after: 0 }, (refusal) => {
        if (refusal !== null) options.log.info({ code: refusal.code }, 'a simulated customer was not let in');
      });
    });
    socket.on('disconnect', (reason) => {
      this.#ready = false;
      if (reason === 'io server disconnect') socket.connect();
    });
    socket.on('snapshot', ({ position, conversation, lines }) => {
      this.#ready = true;
      this.#moved(position, conversation);
      for (const line of lines) this.#hear(line);
    });
    socket.on('line', (line) => this.#hear(line));
    socket.on('conversation', ({ position, conversation }) => this.#moved(position, conversation));
  }

  /** Whether what this screen shows is complete. */
  get ready(): boolean {
    return this.#ready && this.#socket.connected;
  }

  get conversation(): CustomerConversation | null {
    return this.#conversation;
  }

  get said(): Said {
    return { customer: this.#own.size, last: this.#last };
  }

  /** Sends what the customer does; answers whether it was taken. */
  async send(act: CustomerAct): Promise<boolean> {
    const { clock, log } = this.#options;
    const id = newId<'command'>(clock());
    try {
      const answer = await this.#frame(id, act);
      if (!answer.ok) log.info({ act: act.kind, code: answer.refusal.code }, 'a simulated customer was refused');
      return answer.ok;
    } catch {
      // The connection went; what is still wanted is tried again.
      return false;
    }
  }

  typing(on: boolean): void {
    if (this.#socket.connected) this.#socket.volatile.emit('typing', on);
  }

  close(): void {
    this.#socket.disconnect();
  }

  #frame(id: string, act: CustomerAct): Promise<CustomerAnswer> {
    const socket = this.#socket.timeout(answerMs);
    switch (act.kind) {
      case 'start':
        return socket.emitWithAck('start', {
          id,
          name: act.name,
          text: act.text,
          queueId: act.queueId,
          channel: act.channel,
        });
      case 'say':
        return socket.emitWithAck('send', { id, conversationId: act.conversationId, text: act.text });
      case 'close':
        return socket.emitWithAck('close', { id, conversationId: act.conversationId });
    }
  }

  #moved(position: number, conversation: CustomerConversation | null): void {
    if (position < this.#position) return;
    this.#position = position;
    this.#conversation = conversation;
  }

  #hear(line: CustomerLine): void {
    if (line.from === 'notice') return;
    if (line.from === 'customer') this.#own.add(line.id);
    if (this.#last !== null && line.position <= this.#last.position) return;
    const from = line.from === 'customer' ? 'customer' : 'staff';
    this.#last = { id: line.id, from, at: line.at, position: line.position };
  }
}
