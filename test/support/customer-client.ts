import type { Socket } from 'socket.io-client';
import { io } from 'socket.io-client';
import type { WidgetChannel } from '../../shared/contract/channel.ts';
import type {
  CustomerAnswer,
  CustomerConversation,
  CustomerLine,
  CustomerSnapshot,
  CustomerToHub,
  HubToCustomer,
} from '../../shared/contract/customer.ts';
import type { ConversationId, OrganisationId } from '../../shared/contract/id.ts';
import { newId } from '../../shared/contract/uuid.ts';
import { protocolVersion } from '../../shared/contract/version.ts';
import { until } from './wait.ts';

/** A customer's widget without a picture, and a record of every frame that it got. */
export class CustomerClient {
  readonly socket: Socket<HubToCustomer, CustomerToHub>;
  readonly frames: unknown[][] = [];
  readonly lines = new Map<string, CustomerLine>();
  readonly typing: { name: string; on: boolean }[] = [];
  snapshot: CustomerSnapshot | null = null;
  /** Everything up to here has come; a live line says so only after the snapshot of its connection. */
  #after = 0;
  #caughtUp = false;
  #conversationAt = 0;
  conversation: CustomerConversation | null = null;

  private constructor(options: { url: string; organisationId: OrganisationId; visitor: string | null }) {
    this.socket = io(`${options.url}/customer`, {
      transports: ['websocket'],
      auth: (give) => give({ visitor: this.snapshot?.visitor ?? options.visitor }),
      reconnectionDelay: 20,
      reconnectionDelayMax: 100,
      forceNew: true,
    });
    this.socket.onAny((...frame: unknown[]) => this.frames.push(frame));
    this.socket.on('connect', () => {
      this.#caughtUp = false;
      const hello = { version: protocolVersion, organisation: options.organisationId, after: this.#after };
      this.socket.emit('hello', hello, () => {});
    });
    this.socket.on('snapshot', (snapshot) => {
      this.snapshot = snapshot;
      // What came live while it was read is newer.
      if (snapshot.position >= this.#conversationAt) {
        this.conversation = snapshot.conversation;
        this.#conversationAt = snapshot.position;
      }
      this.#after = Math.max(this.#after, snapshot.position);
      this.#caughtUp = true;
      for (const line of snapshot.lines) this.lines.set(line.id, line);
    });
    this.socket.on('line', (line) => {
      this.lines.set(line.id, line);
      if (this.#caughtUp) this.#after = Math.max(this.#after, line.position);
    });
    this.socket.on('conversation', ({ position, conversation }) => {
      if (position < this.#conversationAt) return;
      this.#conversationAt = position;
      this.conversation = conversation;
    });
    this.socket.on('typing', (mark) => this.typing.push(mark));
  }

  static async connect(options: {
    url: string;
    organisationId: OrganisationId;
    visitor: string | null;
  }): Promise<CustomerClient> {
    const client = new CustomerClient(options);
    await until('a customer to be connected', () => client.snapshot);
    return client;
  }

  get visitor(): string {
    return this.snapshot?.visitor ?? '';
  }

  get conversationId(): ConversationId {
    if (this.conversation === null) throw new Error('this customer has no conversation');
    return this.conversation.id as ConversationId;
  }

  /** What was said, in order, by the other side's eyes too: "agent: Hello". */
  get said(): string[] {
    return [...this.lines.values()]
      .sort((a, b) => a.position - b.position)
      .map((line) =>
        line.from === 'notice' ? `notice: ${line.notice} ${line.name}`.trim() : `${line.from}: ${line.text}`,
      );
  }

  /** Opens the conversation. */
  async start(text: string, name = 'Rosa Iglesias', channel?: WidgetChannel): Promise<ConversationId> {
    const on = channel === undefined ? {} : { channel };
    const answer = await this.frame('start', { id: newId(Date.now()), name, text, ...on });
    if (!answer.ok) throw new Error(answer.refusal.message);
    const id = answer.value?.conversationId;
    await until('the conversation to show', () => this.conversation?.id === id);
    return this.conversationId;
  }

  async says(text: string): Promise<void> {
    const answer = await this.frame('send', { id: newId(Date.now()), conversationId: this.conversationId, text });
    if (!answer.ok) throw new Error(answer.refusal.message);
  }

  /** Sends a frame of any form and gives the answer. */
  frame(name: 'start' | 'send' | 'close', frame: unknown): Promise<CustomerAnswer> {
    return this.socket.timeout(15_000).emitWithAck(name, frame as never);
  }

  sees<T>(what: string, look: (client: CustomerClient) => T): Promise<Exclude<T, false | null | undefined>> {
    return until(what, () => look(this));
  }

  cut(): void {
    this.socket.io.engine.close();
  }

  close(): void {
    this.socket.disconnect();
  }
}
