import type { Floor } from '../../shared/client/floor.svelte.ts';
import { call } from '../../shared/client/session.ts';
import type { Event } from '../../shared/contract/event.ts';
import type { ConversationId } from '../../shared/contract/id.ts';
import type { LedgerEntry, LedgerKind, LedgerPage } from '../../shared/contract/read.ts';
import type { Refusal } from '../../shared/contract/refusal.ts';

/** What of the ledger is shown; null: all of it that this person may read. */
export interface LedgerFilter {
  readonly agentId: string | null;
  readonly kind: LedgerKind | null;
  readonly conversationId: ConversationId | null;
}
export const wholeLedger: LedgerFilter = { agentId: null, kind: null, conversationId: null };

export interface LedgerEnvironment {
  readonly ask: (path: string) => ReturnType<typeof call<LedgerPage>>;
  readonly setTimeout: (run: () => void, ms: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
}

const browserEnvironment: LedgerEnvironment = {
  ask: (path) => call<LedgerPage>('GET', path),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(typeof timer === 'number' ? timer : undefined),
};

/** What a supervisor does, or what ends it. What this person may not know of never comes, so nothing tells of it here. */
const tells = (event: Event): boolean =>
  event.type.startsWith('supervision:') || event.type === 'side-chat:said' || event.type === 'session:ended';

/** Several deeds in a row are read once. */
const settleMs = 250;

export const entryKey = (one: LedgerEntry): string => `${one.sessionId} ${one.personId} ${one.kind} ${one.since}`;

/** Who watched, whispered, joined and took over: read over HTTP a page at a time, and again when something of it happens. */
export class LedgerList {
  readonly #environment: LedgerEnvironment;
  #filter = $state.raw<LedgerFilter>(wholeLedger);
  #entries = $state.raw<readonly LedgerEntry[]>([]);
  #state = $state.raw<'loading' | 'ready' | 'failed'>('loading');
  #refusal = $state.raw<Refusal | null>(null);
  #before = $state.raw<number | null>(null);
  #reading = $state.raw(false);
  #timer: unknown;
  #asked = 0;
  #closed = false;

  constructor(filter: LedgerFilter = wholeLedger, environment: LedgerEnvironment = browserEnvironment) {
    this.#filter = filter;
    this.#environment = environment;
  }

  get filter(): LedgerFilter {
    return this.#filter;
  }
  /** Another filter is another list: what stood there goes. */
  set filter(filter: LedgerFilter) {
    this.#filter = filter;
    this.#entries = [];
    this.#state = 'loading';
    void this.read();
  }
  /** Newest first. */
  get entries(): readonly LedgerEntry[] {
    return this.#entries;
  }
  get state(): 'loading' | 'ready' | 'failed' {
    return this.#state;
  }
  get refusal(): Refusal | null {
    return this.#refusal;
  }
  get hasMore(): boolean {
    return this.#before !== null;
  }
  /** Older entries are on their way. */
  get reading(): boolean {
    return this.#reading;
  }

  /** Reads as far as is shown: what goes on further down may have ended. What stands there stays until it has come. */
  async read(): Promise<void> {
    this.#asked += 1;
    const mine = this.#asked;
    const wanted = Math.max(1, this.#entries.length);
    const entries: LedgerEntry[] = [];
    let before: number | null = null;
    do {
      const page = await this.#environment.ask(this.#path(before));
      // A later question has overtaken this one: its answer is the newer one.
      if (this.#closed || mine !== this.#asked) return;
      if (!page.ok) {
        this.#refusal = page.refusal;
        if (this.#state === 'loading') this.#state = 'failed';
        return;
      }
      entries.push(...page.value.entries);
      before = page.value.before;
    } while (before !== null && entries.length < wanted);
    this.#entries = entries;
    this.#before = before;
    this.#refusal = null;
    this.#state = 'ready';
  }

  /** Reads the page after what is shown. */
  async more(): Promise<void> {
    const before = this.#before;
    if (before === null || this.#reading) return;
    const mine = this.#asked;
    this.#reading = true;
    const page = await this.#environment.ask(this.#path(before));
    this.#reading = false;
    if (this.#closed || mine !== this.#asked) return;
    this.#refusal = page.ok ? null : page.refusal;
    if (!page.ok) return;
    this.#entries = [...this.#entries, ...page.value.entries];
    this.#before = page.value.before;
  }

  /** Reads now, and follows the floor. @returns stops following, for good */
  follow(floor: Pick<Floor, 'onEvents' | 'onAgain'>): () => void {
    const soon = (): void => {
      this.#environment.clearTimeout(this.#timer);
      this.#timer = this.#environment.setTimeout(() => void this.read(), settleMs);
    };
    const { conversationId } = this.#filter;
    const concerns = (event: Event): boolean =>
      tells(event) &&
      (conversationId === null || ('conversationId' in event && event.conversationId === conversationId));
    const stops = [floor.onEvents((events) => events.some(concerns) && soon()), floor.onAgain(soon)];
    void this.read();
    return () => {
      this.#closed = true;
      this.#environment.clearTimeout(this.#timer);
      for (const stop of stops) stop();
    };
  }

  #path(before: number | null): string {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(this.#filter)) if (typeof value === 'string') query.set(name, value);
    if (before !== null) query.set('before', String(before));
    return `/api/ledger?${query}`;
  }
}
