import type { Event } from '../contract/event.ts';
import type { CommandId, ConversationId, SessionId } from '../contract/id.ts';
import type { TranscriptPage } from '../contract/read.ts';
import type { Refusal } from '../contract/refusal.ts';
import { newId } from '../contract/uuid.ts';
import type { Floor } from './floor.svelte.ts';
import { call } from './session.ts';

/** A line that was sent and is not yet answered, or was refused. It stands after everything that happened. */
export interface PendingLine {
  readonly id: CommandId;
  readonly kind: 'message' | 'side-chat';
  readonly text: string;
  readonly at: number;
  /** Of a side chat line. */
  readonly sessionId: SessionId | null;
  readonly refusal: Refusal | null;
}

interface StoredLine {
  readonly id: CommandId;
  readonly kind: 'message' | 'side-chat';
  readonly text: string;
  readonly at: number;
  readonly sessionId: SessionId | null;
}

/**
 * One conversation's transcript as this person may see it: the log's events in their order, older pages on demand, and
 * lines of one's own that wait for their answer. Lines go out one after the other and survive a reload of the tab.
 */
export class Transcript {
  #events = $state.raw<readonly Event[]>([]);
  #pending = $state.raw<readonly PendingLine[]>([]);
  #earlier = $state.raw<number | null>(null);
  #state = $state.raw<'loading' | 'ready' | 'failed'>('loading');
  #refusal = $state.raw<Refusal | null>(null);
  readonly #floor: Floor;
  readonly #id: ConversationId;
  readonly #stops: (() => void)[];
  #line: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(floor: Floor, id: ConversationId) {
    this.#floor = floor;
    this.#id = id;
    this.#stops = [
      floor.onEvents((events) =>
        this.#add(events.filter((event) => 'conversationId' in event && event.conversationId === id)),
      ),
      floor.onAgain(() => void this.load()),
    ];
    void this.load();
    for (const line of stored(id)) this.#queue(line);
  }

  /** In log order, oldest first. */
  get events(): readonly Event[] {
    return this.#events;
  }
  get pending(): readonly PendingLine[] {
    return this.#pending;
  }
  get state(): 'loading' | 'ready' | 'failed' {
    return this.#state;
  }
  get refusal(): Refusal | null {
    return this.#refusal;
  }
  get hasEarlier(): boolean {
    return this.#earlier !== null;
  }

  /** Reads the newest page, and keeps what came live meanwhile. */
  async load(): Promise<void> {
    const page = await call<TranscriptPage>('GET', `/api/conversation/${this.#id}/transcript`);
    if (this.#closed) return;
    if (!page.ok) {
      // Lines that came live are not the transcript: what was never read is said to be missing.
      if (this.#state !== 'ready') this.#state = 'failed';
      this.#refusal = page.refusal;
      return;
    }
    this.#refusal = null;
    this.#state = 'ready';
    this.#earlier = page.value.earlier;
    const oldest = page.value.events[0]?.position ?? 0;
    this.#events = this.#events.filter((event) => event.position > page.value.position || event.position < oldest);
    this.#add(page.value.events);
  }

  async loadEarlier(): Promise<void> {
    if (this.#earlier === null) return;
    const page = await call<TranscriptPage>('GET', `/api/conversation/${this.#id}/transcript?before=${this.#earlier}`);
    if (this.#closed || !page.ok) return;
    this.#earlier = page.value.earlier;
    this.#add(page.value.events);
  }

  /** To the customer. Shown at once; sent once, in order, also when the network comes back later. */
  say(text: string): void {
    this.#queue({ id: newId(Date.now()), kind: 'message', text, at: this.#floor.hubNow(), sessionId: null });
  }

  /** To the side chat of a session. */
  sayPrivately(sessionId: SessionId, text: string): void {
    this.#queue({ id: newId(Date.now()), kind: 'side-chat', text, at: this.#floor.hubNow(), sessionId });
  }

  /** Resolves when every line so far has its answer; look at `pending` for refusals. */
  settled(): Promise<void> {
    return this.#line;
  }

  /** Takes a refused line away, so that its text can be put back into the composer. */
  discard(id: CommandId): void {
    this.#pending = this.#pending.filter((line) => line.id !== id);
    unstore(this.#id, id);
  }

  close(): void {
    this.#closed = true;
    for (const stop of this.#stops) stop();
  }

  #queue(line: StoredLine): void {
    store(this.#id, line);
    this.#pending = [...this.#pending, { ...line, refusal: null }];
    this.#line = this.#line.then(() => this.#send(line));
  }

  async #send(line: StoredLine): Promise<void> {
    const options = { patient: true, id: line.id };
    const answer =
      line.kind === 'message'
        ? await this.#floor.send('message:send', { conversationId: this.#id, text: line.text }, options)
        : line.sessionId === null
          ? null
          : await this.#floor.send('side-chat:say', { sessionId: line.sessionId, text: line.text }, options);
    // A closed screen keeps its unanswered lines in the store; the next one sends them under the same ids.
    if (answer === null || (!answer.ok && answer.refusal.code === 'outcome_unknown')) return;
    unstore(this.#id, line.id);
    if (answer.ok) this.#pending = this.#pending.filter((one) => one.id !== line.id);
    else this.#pending = this.#pending.map((one) => (one.id === line.id ? { ...one, refusal: answer.refusal } : one));
  }

  #add(events: readonly Event[]): void {
    if (events.length === 0) return;
    const byPosition = new Map(this.#events.map((event) => [event.position, event]));
    for (const event of events) byPosition.set(event.position, event);
    this.#events = [...byPosition.values()].sort((a, b) => a.position - b.position);
  }
}

const key = (id: ConversationId): string => `halyard.outbox.${id}`;

function stored(id: ConversationId): readonly StoredLine[] {
  const text = sessionStorage.getItem(key(id));
  return text === null ? [] : (JSON.parse(text) as StoredLine[]);
}

function store(id: ConversationId, line: StoredLine): void {
  const others = stored(id).filter((one) => one.id !== line.id);
  sessionStorage.setItem(key(id), JSON.stringify([...others, line]));
}

function unstore(id: ConversationId, line: CommandId): void {
  const rest = stored(id).filter((one) => one.id !== line);
  if (rest.length === 0) sessionStorage.removeItem(key(id));
  else sessionStorage.setItem(key(id), JSON.stringify(rest));
}
