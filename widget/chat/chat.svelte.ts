import { Manager, type Socket } from 'socket.io-client';
import type {
  CustomerAnswer,
  CustomerChannel,
  CustomerConversation,
  CustomerLine,
  CustomerRefusal,
  CustomerSnapshot,
  CustomerToHub,
  HubToCustomer,
} from '../../shared/contract/customer.ts';
import type { protocolVersion } from '../../shared/contract/version.ts';
import { lastPosition, linesAfterEnd, withLines } from './lines.ts';
import { isDead, type Link, type LinkEvent, linkAt, linkFacts, unlinked } from './link.ts';
import type { Memory } from './memory.ts';
import type { Outgoing } from './outbox.ts';
import { Sender } from './sender.svelte.ts';

/** Held to the contract by its type, so that the widget imports no value of it. */
const version: typeof protocolVersion = 2;
/** How long a frame waits for its answer before the same id goes out again. */
const answerMs = 4000;
/** Before a new try after a refusal that is no fault of the network. */
const laterMs = 1000;
/** A typing mark stands for this long without a new one, and is sent again at half of it. */
export const typingMs = 6000;

export interface ChatOptions {
  /** The hub's address; empty for the page's own. */
  readonly url: string;
  /** Null: the hub's only, or demo, organisation. */
  readonly organisation: string | null;
  /** What a chat is begun on; one that is going on stays what it is. */
  readonly channel: CustomerChannel;
  readonly memory: Memory;
  /** Something was said by the other side, live (not part of a snapshot). */
  readonly onSaid?: (line: CustomerLine) => void;
}

/**
 * The customer's side of one chat: the socket, what came over it, and what waits to go out. Screens read its fields and
 * call its verbs. It connects when `open` is called, not before.
 */
export class Chat {
  #link = $state.raw<Link>('connecting');
  #refusal = $state.raw<CustomerRefusal | null>(null);
  #organisation = $state.raw<string | null>(null);
  #demo = $state.raw(false);
  #loaded = $state.raw(false);
  #conversation = $state.raw<CustomerConversation | null>(null);
  #lines = $state.raw<readonly CustomerLine[]>([]);
  #typing = $state.raw<readonly string[]>([]);

  readonly #options: ChatOptions;
  readonly #sender: Sender;
  #socket: Socket<HubToCustomer, CustomerToHub> | null = null;
  #facts = unlinked;
  /** Everything up to this log position has come. */
  #after = 0;
  /** What the last hello asked for. */
  #asked = 0;
  #conversationAt = 0;
  /** A chat that the customer has put behind: what still comes of it is not shown. */
  #endedId: string | null = null;
  readonly #typingUntil = new Map<string, ReturnType<typeof setTimeout>>();
  #typingSentAt = Number.NEGATIVE_INFINITY;
  #watch: ReturnType<typeof setInterval> | null = null;
  /** Long polling is among what is tried. */
  #polls = false;

  constructor(options: ChatOptions) {
    this.#options = options;
    this.#sender = new Sender({
      memory: options.memory,
      channel: options.channel,
      ask: (item) => this.#ask(item),
      ready: () => this.#socket !== null && this.#facts.connected && this.#facts.ready,
    });
  }

  get link(): Link {
    return this.#link;
  }
  /** Why the hub will not have this page; null otherwise. */
  get refusal(): CustomerRefusal | null {
    return this.#refusal;
  }
  /** The organisation's name, once the hub has told it. */
  get organisation(): string | null {
    return this.#organisation;
  }
  get demo(): boolean {
    return this.#demo;
  }
  /** False until the hub has told what there is: a returning customer waits for it, a new one need not. */
  get loaded(): boolean {
    return this.#loaded;
  }
  get conversation(): CustomerConversation | null {
    return this.#conversation;
  }
  get lines(): readonly CustomerLine[] {
    return this.#lines;
  }
  /** Lines of one's own that are not yet among `lines`, in the order they were written. */
  get pending(): readonly Outgoing[] {
    return this.#sender.outbox.filter((item) => item.kind !== 'close');
  }
  /** The customer has ended the chat and the hub has not yet said so. */
  get ending(): boolean {
    return this.#sender.outbox.some((item) => item.kind === 'close');
  }
  /** Names of those who write at this moment. */
  get typing(): readonly string[] {
    return this.#typing;
  }

  /** Connects. Calling it again does nothing. */
  open(): void {
    if (this.#socket !== null) return;
    const memory = this.#options.memory;
    const manager: Manager<HubToCustomer, CustomerToHub> = new Manager(this.#options.url || undefined, {
      transports: ['websocket'],
      tryAllTransports: true,
      reconnectionDelay: 300,
      reconnectionDelayMax: 5000,
      timeout: 6000,
    });
    const socket = manager.socket('/customer', {
      auth: (give) => {
        const visitor = memory.get('visitor');
        give(visitor === null ? {} : { visitor });
      },
    });
    this.#socket = socket;
    socket.on('connect', () => {
      this.#note({ type: 'connected', at: performance.now() });
      this.#hello();
    });
    socket.on('disconnect', (reason) => {
      this.#note({ type: 'lost' });
      if (reason === 'io server disconnect' && this.#facts.refusal === null) this.#later(() => socket.connect());
    });
    socket.on('connect_error', (error) => {
      this.#note({ type: 'lost' });
      // The network: the library tries again by itself.
      if (socket.active) {
        void this.#alsoPoll(manager);
        return;
      }
      const refusal = refusalIn(error);
      if (refusal?.code === 'not_permitted' || refusal?.code === 'client_too_old') {
        this.#note({ type: 'refused', refusal });
        return;
      }
      // A token that is no longer good: without it this browser is a new visitor.
      if (refusal?.code === 'not_signed_in') memory.set('visitor', null);
      this.#later(() => socket.connect());
    });
    socket.on('snapshot', (snapshot) => this.#take(snapshot));
    socket.on('line', (line) => this.#add([line], true));
    socket.on('conversation', (change) => this.#turn(change.position, change.conversation));
    socket.on('typing', ({ name, on }) => this.#mark(name, on));
    socket.on('alive', () => this.#note({ type: 'alive', at: performance.now() }));
    this.#watch = setInterval(() => {
      if (isDead(this.#facts, performance.now())) this.tryNow();
      this.#show();
    }, 500);
  }

  /** Where a proxy lets no WebSocket through, long polling still works; whoever needs none does not fetch it. */
  async #alsoPoll(manager: Manager): Promise<void> {
    if (this.#polls) return;
    this.#polls = true;
    try {
      manager.opts.transports = (await import('./polling.ts')).withPolling;
    } catch {
      // The hub cannot be reached at all just now: asked again with the next try.
      this.#polls = false;
    }
  }

  /** Ends the connection for good, when the page goes. */
  shut(): void {
    if (this.#watch !== null) clearInterval(this.#watch);
    this.#watch = null;
    for (const timer of this.#typingUntil.values()) clearTimeout(timer);
    this.#socket?.disconnect();
    this.#socket = null;
  }

  /** Connects now instead of at the next planned time. */
  tryNow(): void {
    this.#note({ type: 'lost' });
    this.#facts = { ...this.#facts, refusal: null };
    this.#show();
    this.#socket?.disconnect().connect();
  }

  /** Begins a chat with a first line. A closed one leaves the screen. */
  start(name: string, text: string): void {
    this.#options.memory.set('name', name);
    this.#leave();
    this.open();
    this.#sender.add({ kind: 'start', conversationId: null, name, text });
  }

  /** Says a line. It is shown at once and goes out once, in its turn, also when the network comes back later. */
  send(text: string): void {
    this.#typingSentAt = Number.NEGATIVE_INFINITY;
    this.#sender.add({ kind: 'send', conversationId: this.#openId(), name: '', text });
  }

  /** Ends the chat, after everything that still waits to be sent. */
  end(): void {
    if (!this.ending) this.#sender.add({ kind: 'close', conversationId: this.#openId(), name: '', text: '' });
  }

  /** A refused line goes out again; into a new chat if this one is over. */
  again(id: string): void {
    const open = this.#openId();
    if (open === null) this.#leave();
    this.#sender.again(id, open, this.#options.memory.get('name') ?? '');
  }

  /** A refused line is taken back. */
  remove(id: string): void {
    this.#sender.remove(id);
  }

  /** Tells the other side that the customer writes, or has stopped. Nothing is sent while it is known already. */
  write(on: boolean): void {
    const now = performance.now();
    const told = now - this.#typingSentAt < typingMs / 2;
    if (this.#openId() === null || this.#link !== 'live') return;
    if (on ? told : this.#typingSentAt === Number.NEGATIVE_INFINITY) return;
    this.#typingSentAt = on ? now : Number.NEGATIVE_INFINITY;
    if (this.#socket?.connected === true) this.#socket.emit('typing', on);
  }

  /** Puts a closed chat behind. */
  #leave(): void {
    if (this.#conversation === null) return;
    this.#endedId = this.#conversation.id;
    this.#conversation = null;
    this.#lines = [];
  }

  #openId(): string | null {
    return this.#conversation === null || this.#conversation.state === 'closed' ? null : this.#conversation.id;
  }

  #hello(): void {
    const socket = this.#socket;
    this.#asked = this.#after;
    socket?.emit('hello', { version, organisation: this.#options.organisation, after: this.#asked }, (refusal) => {
      if (refusal === null || socket !== this.#socket) return;
      if (refusal.code === 'try_again' || refusal.code === 'rate_limited') {
        this.#later(() => {
          if (socket.connected) this.#hello();
        });
        return;
      }
      this.#note({ type: 'refused', refusal });
      socket.disconnect();
    });
  }

  #take(snapshot: CustomerSnapshot): void {
    this.#options.memory.set('visitor', snapshot.visitor);
    this.#organisation = snapshot.organisation;
    this.#demo = snapshot.demo;
    if (snapshot.position < this.#asked) {
      // The hub was restored from an older copy: what it tells now is what there is.
      this.#after = 0;
      this.#conversationAt = 0;
      this.#lines = [];
      this.#hello();
      return;
    }
    const { conversation } = snapshot;
    const id = conversation?.id ?? null;
    // A change that came live while this was read is newer. A chat put behind stays behind.
    const newer = snapshot.position >= this.#conversationAt && (id === null || id !== this.#endedId);
    if (newer) {
      if (id !== (this.#conversation?.id ?? null)) this.#lines = [];
      this.#conversation = conversation;
      this.#conversationAt = snapshot.position;
    }
    if (id !== null && id === this.#conversation?.id) this.#add(snapshot.lines, false);
    const open = this.#openId();
    if (open !== null) this.#sender.begun(open);
    else if (this.#conversation !== null) this.#sender.closed();
    this.#after = Math.max(this.#after, snapshot.position);
    this.#loaded = true;
    this.#note({ type: 'snapshot', at: performance.now() });
    this.#sender.resume();
  }

  #add(fresh: readonly CustomerLine[], live: boolean): void {
    const before = this.#lines;
    // Before the snapshot has come, what came earlier than a live line may still be missing.
    if (live && this.#facts.ready) this.#after = Math.max(this.#after, lastPosition(fresh));
    this.#lines = withLines(before, fresh);
    this.#sender.arrived(fresh);
    const open = this.#openId();
    if (open !== null) this.#sender.begun(open);
    for (const line of fresh) {
      if (line.from === 'agent' || line.from === 'supervisor') this.#mark(line.name, false);
      if (live && line.from !== 'customer' && this.#lines !== before) this.#options.onSaid?.(line);
    }
  }

  #turn(position: number, conversation: CustomerConversation): void {
    if (position < this.#conversationAt || conversation.id === this.#endedId) return;
    const before = this.#conversation;
    if (before !== null && before.id !== conversation.id) this.#lines = linesAfterEnd(this.#lines, position);
    this.#conversationAt = position;
    this.#conversation = conversation;
    if (conversation.state === 'closed') {
      this.#sender.closed();
      for (const name of this.#typing) this.#mark(name, false);
    } else {
      this.#sender.begun(conversation.id);
    }
  }

  #mark(name: string, on: boolean): void {
    const timer = this.#typingUntil.get(name);
    if (timer !== undefined) clearTimeout(timer);
    this.#typingUntil.delete(name);
    if (on)
      this.#typingUntil.set(
        name,
        setTimeout(() => this.#mark(name, false), typingMs),
      );
    const names = [...this.#typingUntil.keys()];
    if (names.join('\n') !== this.#typing.join('\n')) this.#typing = names;
  }

  /** One try of one frame; null when no answer came in time or the connection went. */
  async #ask(item: Outgoing): Promise<CustomerAnswer | null> {
    const socket = this.#socket;
    if (socket === null) return null;
    const { id, name, text, channel } = item;
    const conversationId = item.conversationId ?? '';
    const to = socket.timeout(answerMs);
    try {
      if (item.kind === 'start') return await to.emitWithAck('start', { id, name, text, channel });
      if (item.kind === 'send') return await to.emitWithAck('send', { id, conversationId, text });
      return await to.emitWithAck('close', { id, conversationId });
    } catch {
      return null;
    }
  }

  #later(run: () => void): void {
    setTimeout(() => {
      if (this.#socket !== null) run();
    }, laterMs);
  }

  #note(event: LinkEvent): void {
    this.#facts = linkFacts(this.#facts, event);
    this.#show();
  }

  #show(): void {
    this.#link = linkAt(this.#facts, performance.now());
    this.#refusal = this.#facts.refusal;
  }
}

/** The refusal that a handshake failed with; null when it was the network, or something that cannot be read. */
function refusalIn(error: object): CustomerRefusal | null {
  const data: unknown = 'data' in error ? error.data : null;
  if (typeof data !== 'object' || data === null) return null;
  const { code, message, next } = data as Partial<Record<keyof CustomerRefusal, unknown>>;
  if (typeof code !== 'string' || typeof message !== 'string') return null;
  return { code, message, next: typeof next === 'string' ? next : '' };
}
