import { call } from '../shared/client/session.ts';
import type { Conversation } from '../shared/contract/conversation.ts';
import type { CustomerId } from '../shared/contract/id.ts';
import type { ConversationPage } from '../shared/contract/read.ts';
import type { Refusal } from '../shared/contract/refusal.ts';

export type Ask = typeof call<ConversationPage>;

/** Closed conversations, newest first, a page at a time; of everybody, or of one customer. */
export class History {
  #conversations = $state.raw<readonly Conversation[]>([]);
  #state = $state.raw<'idle' | 'loading' | 'ready' | 'failed'>('idle');
  #refusal = $state.raw<Refusal | null>(null);
  #before = $state.raw<number | null>(null);
  readonly #customerId: CustomerId | null;
  readonly #ask: Ask;
  #asked = 0;

  constructor(customerId: CustomerId | null, ask: Ask = call<ConversationPage>) {
    this.#customerId = customerId;
    this.#ask = ask;
  }

  get conversations(): readonly Conversation[] {
    return this.#conversations;
  }
  get state(): 'idle' | 'loading' | 'ready' | 'failed' {
    return this.#state;
  }
  get refusal(): Refusal | null {
    return this.#refusal;
  }
  get hasMore(): boolean {
    return this.#before !== null;
  }

  /** Reads the newest page. What is shown stays until it comes. */
  async load(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    if (this.#state !== 'ready') this.#state = 'loading';
    const page = await this.#ask('GET', this.#path(null));
    // A later call has overtaken this one: its page is the newer one.
    if (asked !== this.#asked) return;
    if (!page.ok) {
      this.#state = this.#conversations.length > 0 ? 'ready' : 'failed';
      this.#refusal = page.refusal;
      return;
    }
    this.#refusal = null;
    this.#state = 'ready';
    const fresh = new Set(page.value.conversations.map((one) => one.id));
    const kept = this.#conversations.filter((one) => !fresh.has(one.id));
    const first = this.#conversations.length === 0;
    this.#conversations = [...page.value.conversations, ...kept];
    if (first) this.#before = page.value.before;
  }

  async more(): Promise<void> {
    const before = this.#before;
    if (before === null || this.#state === 'loading') return;
    this.#state = 'loading';
    const page = await this.#ask('GET', this.#path(before));
    this.#state = 'ready';
    if (!page.ok) {
      this.#refusal = page.refusal;
      return;
    }
    const standing = new Set(this.#conversations.map((one) => one.id));
    this.#conversations = [...this.#conversations, ...page.value.conversations.filter((one) => !standing.has(one.id))];
    this.#before = page.value.before;
  }

  #path(before: number | null): string {
    const query = new URLSearchParams({ closed: '' });
    if (before !== null) query.set('before', String(before));
    if (this.#customerId !== null) query.set('customerId', this.#customerId);
    return `/api/conversation?${query}`;
  }
}
