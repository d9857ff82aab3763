import { createServer, type Server as HttpServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import type {
  CustomerAnswer,
  CustomerConversation,
  CustomerLine,
  CustomerRefusal,
  CustomerToHub,
  HubToCustomer,
} from '../../../shared/contract/customer.ts';

/** A line before it has its place in the log. */
export type Said = CustomerLine extends infer L
  ? L extends CustomerLine
    ? Omit<L, 'position' | 'at'> & { at?: number }
    : never
  : never;

/**
 * The hub as one customer sees it, over real sockets: it keeps the contract of `shared/contract/customer.ts` for a single
 * visitor and is played by the test, which speaks for the staff and breaks what it wants broken.
 */
export class CustomerHub {
  readonly #http: HttpServer;
  readonly #io: Server<CustomerToHub, HubToCustomer>;
  readonly #answers = new Map<string, CustomerAnswer>();
  readonly #sockets = new Set<Socket<CustomerToHub, HubToCustomer>>();
  readonly #heart: ReturnType<typeof setInterval>;
  /** Every frame as it came, also the ones that were not answered. */
  readonly frames: {
    readonly kind: 'start' | 'send' | 'close';
    readonly id: string;
    readonly text: string;
    readonly channel?: string | undefined;
  }[] = [];
  readonly hellos: { readonly after: number; readonly visitor: string | null }[] = [];
  readonly typing: boolean[] = [];
  lines: CustomerLine[] = [];
  conversation: CustomerConversation | null = null;
  position = 0;
  /** Called before a frame is handled; an answer takes the place of the hub's own, `lost` swallows the answer. */
  meddle: ((kind: string, id: string, text: string) => CustomerAnswer | 'lost' | null) | null = null;
  beats = true;
  /** Takes a hello, and is lost before the snapshot is read: what is said meanwhile comes live. */
  slow = false;
  /** Refuses every hello. */
  refusal: CustomerRefusal | null = null;
  #customer = '';

  /** @param pages answers what is not for the sockets */
  constructor(pages?: RequestListener) {
    this.#http = createServer(pages);
    this.#io = new Server(this.#http, { serveClient: false });
    this.#io.of('/customer').on('connection', (socket) => this.#serve(socket));
    this.#heart = setInterval(() => {
      if (this.beats) for (const socket of this.#sockets) socket.emit('alive', Date.now());
    }, 200);
  }

  /** @returns its address */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  /** From now on it is as behind a proxy that lets no WebSocket through. */
  refuseWebSockets(): void {
    this.#io.engine.opts.transports = ['polling'];
  }

  async close(): Promise<void> {
    clearInterval(this.#heart);
    await this.#io.close();
  }

  /** Cuts every connection, as a dying hub does. */
  cut(): void {
    for (const socket of this.#sockets) socket.conn.close();
  }

  say(said: Said): CustomerLine {
    this.position += 1;
    const line: CustomerLine = { at: Date.now(), ...said, position: this.position };
    this.lines.push(line);
    for (const socket of this.#sockets) socket.emit('line', line);
    return line;
  }

  turn(conversation: CustomerConversation): void {
    this.position += 1;
    this.conversation = conversation;
    for (const socket of this.#sockets) socket.emit('conversation', { position: this.position, conversation });
  }

  mark(name: string, on: boolean): void {
    for (const socket of this.#sockets) socket.emit('typing', { name, on });
  }

  #serve(socket: Socket<CustomerToHub, HubToCustomer>): void {
    socket.on('hello', ({ after }, answer) => {
      const visitor: unknown = socket.handshake.auth.visitor;
      this.hellos.push({ after, visitor: typeof visitor === 'string' ? visitor : null });
      answer(this.refusal);
      if (this.refusal !== null) return;
      this.#sockets.add(socket);
      if (this.slow) return;
      socket.emit('snapshot', {
        visitor: 'visitor-token',
        organisation: 'Northlight',
        demo: true,
        position: this.position,
        at: Date.now(),
        conversation: this.conversation,
        lines: this.lines.filter((line) => line.position > after),
      });
    });
    socket.on('disconnect', () => this.#sockets.delete(socket));
    socket.on('typing', (on) => this.typing.push(on));
    socket.on('start', ({ id, name, text, channel }, answer) =>
      this.#once('start', id, text, answer, () => this.#start(id, name, text, channel === 'legacy'), channel),
    );
    socket.on('send', ({ id, conversationId, text }, answer) =>
      this.#once('send', id, text, answer, () => {
        if (conversationId !== this.conversation?.id || this.conversation.state === 'closed') return closed;
        const { position } = this.say({ id, from: 'customer', name: this.#customer, text });
        return { ok: true, position, value: { entryId: id } };
      }),
    );
    socket.on('close', ({ id, conversationId }, answer) =>
      this.#once('close', id, '', answer, () => {
        if (this.conversation?.id !== conversationId) return closed;
        this.turn({ ...this.conversation, state: 'closed', helpers: [] });
        this.say({ id: `${id}-closed`, from: 'notice', notice: 'closed', name: '', helps: '' });
        return { ok: true, position: this.position, value: null };
      }),
    );
  }

  #start(id: string, name: string, text: string, endsWithCustomer: boolean): CustomerAnswer {
    const conversationId = `conversation-of-${id}`;
    this.lines = [];
    this.#customer = name;
    this.turn({ id: conversationId, state: 'waiting', helpers: [], endsWithCustomer });
    this.say({ id, from: 'customer', name, text });
    return { ok: true, position: this.position, value: { conversationId, entryId: id } };
  }

  #once(
    kind: 'start' | 'send' | 'close',
    id: string,
    text: string,
    answer: (answer: CustomerAnswer) => void,
    run: () => CustomerAnswer,
    channel?: string,
  ): void {
    this.frames.push({ kind, id, text, channel });
    const meddled = this.meddle?.(kind, id, text) ?? null;
    if (meddled !== null && meddled !== 'lost') {
      answer(meddled);
      return;
    }
    const given = this.#answers.get(id) ?? run();
    this.#answers.set(id, given);
    if (meddled === null) answer(given);
  }
}

const closed: CustomerAnswer = {
  ok: false,
  refusal: { code: 'conversation_closed', message: 'This conversation is closed.', next: 'Start a new one.' },
};
