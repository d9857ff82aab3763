import type { CustomerAnswer, CustomerChannel, CustomerLine } from '../../shared/contract/customer.ts';
import { newId } from '../../shared/contract/uuid.ts';
import type { Memory } from './memory.ts';
import {
  nextToSend,
  type Outbox,
  type Outgoing,
  read,
  withAgain,
  withAnswer,
  withConversation,
  withoutArrived,
  withoutRefused,
  withTried,
  written,
} from './outbox.ts';

/** Pauses between two tries of one frame. */
const leastPauseMs = 250;
const mostPauseMs = 4000;

export interface SenderOptions {
  readonly memory: Memory;
  readonly channel: CustomerChannel;
  /** One try of one frame: the hub's answer, or null when none came in time. */
  readonly ask: (item: Outgoing) => Promise<CustomerAnswer | null>;
  /** The feed stands, so frames can go out. */
  readonly ready: () => boolean;
}

/** Brings what the customer did to the hub: in order, one at a time, each until it is answered, over reloads of the tab. */
export class Sender {
  #outbox = $state.raw<Outbox>([]);
  readonly #options: SenderOptions;
  #sending = false;
  #wake: (() => void) | null = null;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#outbox = read(options.memory.get('outbox'));
  }

  get outbox(): Outbox {
    return this.#outbox;
  }

  add(item: Pick<Outgoing, 'kind' | 'conversationId' | 'name' | 'text'>): void {
    const at = Date.now();
    const { channel } = this.#options;
    const made: Outgoing = {
      ...item,
      channel,
      id: newId(at),
      at,
      state: 'waiting',
      tried: false,
      tries: 0,
      refusal: null,
    };
    this.#keep([...this.#outbox, made]);
    void this.#run();
  }

  /** @param conversationId the open chat; null begins one, under `name` */
  again(id: string, conversationId: string | null, name: string): void {
    this.#keep(withAgain(this.#outbox, id, newId(Date.now()), conversationId, name));
    void this.#run();
  }

  remove(id: string): void {
    this.#keep(withoutRefused(this.#outbox, id));
    void this.#run();
  }

  /** These lines are there now: what waits for them need not be shown, or sent, any more. */
  arrived(lines: readonly CustomerLine[]): void {
    this.#keep(withoutArrived(this.#outbox, lines));
  }

  /** This chat is open now. */
  begun(conversationId: string): void {
    this.#keep(withConversation(this.#outbox, conversationId));
    void this.#run();
  }

  /** The chat is closed, so nobody need close it. */
  closed(): void {
    if (this.#outbox.some((item) => item.kind === 'close'))
      this.#keep(this.#outbox.filter((item) => item.kind !== 'close'));
  }

  /** The way is free again. */
  resume(): void {
    this.#wake?.();
    void this.#run();
  }

  #keep(outbox: Outbox): void {
    if (outbox === this.#outbox) return;
    this.#outbox = outbox;
    this.#options.memory.set('outbox', outbox.length === 0 ? null : written(outbox));
  }

  async #run(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    for (let pause = leastPauseMs; ; ) {
      const item = nextToSend(this.#outbox);
      if (item === null || !this.#options.ready()) break;
      this.#keep(withTried(this.#outbox, item.id));
      const answer = await this.#options.ask(item);
      if (answer !== null) this.#keep(withAnswer(this.#outbox, item.id, answer));
      if (answer !== null && nextToSend(this.#outbox)?.id !== item.id) {
        pause = leastPauseMs;
        continue;
      }
      await this.#rest(pause);
      pause = Math.min(pause * 2, mostPauseMs);
    }
    this.#sending = false;
  }

  #rest(ms: number): Promise<void> {
    return new Promise((resume) => {
      const timer = setTimeout(resume, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resume();
      };
    });
  }
}
