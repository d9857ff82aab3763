import { SvelteMap } from 'svelte/reactivity';
import type { CommandInput, CommandName, CommandResult } from '../contract/command.ts';
import type { Event } from '../contract/event.ts';
import type { ConversationId, PersonId, SessionId } from '../contract/id.ts';
import type { Answer, Refusal } from '../contract/refusal.ts';
import type { AutoFallback, Volatile } from '../contract/wire.ts';
import type { Live } from '../live/apply.ts';
import { prune } from '../live/apply.ts';
import type { LinkState, SendOptions } from './connection.ts';
import { Connection } from './connection.ts';
import { tabToken } from './session.ts';

/** Somebody writes; the mark lapses by itself. */
export interface TypingMark {
  readonly by: 'customer' | 'agent' | 'supervisor' | 'side';
  readonly personId: PersonId | null;
  readonly until: number;
}

const typingMs = 5000;

/**
 * A staff screen's view of the live floor: what is known, how fresh it is, and how to act on it. Screens derive from
 * `live`; they never change it. Put it in context with `setContext`, and `close()` it with the screen.
 */
export class Floor {
  #live = $state.raw<Live | null>(null);
  #link = $state.raw<LinkState>('connecting');
  #why = $state.raw<Refusal | null>(null);
  #offset = $state.raw(0);
  #fast = $state.raw(true);
  #autoFallback = $state.raw<AutoFallback | null>(null);
  #heardAt = $state.raw(0);
  #lastEventAt = $state.raw(0);
  #typing = new SvelteMap<string, TypingMark>();
  readonly #connection: Connection;
  readonly #onEvents = new Set<(events: readonly Event[], live: Live) => void>();
  readonly #onAgain = new Set<(live: Live) => void>();
  readonly #sweep: ReturnType<typeof setInterval>;

  constructor(screen: 'console' | 'wallboard') {
    this.#connection = new Connection({
      screen,
      token: tabToken(),
      listener: {
        live: (live) => {
          this.#live = live;
        },
        link: (state, why) => {
          this.#link = state;
          this.#why = why;
        },
        events: (events, live) => {
          this.#lastEventAt = Date.now() + this.#offset;
          for (const event of events) this.#wrote(event);
          for (const tell of this.#onEvents) tell(events, live);
        },
        again: (live) => {
          for (const tell of this.#onAgain) tell(live);
        },
        volatile: (mark) => this.#mark(mark),
        heartbeat: (offset, fast, fallback) => {
          // Small jitter would make every clock on the screen twitch; only a real difference moves it.
          if (Math.abs(offset - this.#offset) > 250 || this.#heardAt === 0) this.#offset = offset;
          this.#fast = fast;
          this.#standing(fallback);
          this.#heardAt = Date.now() + this.#offset;
        },
        fallback: (standing) => {
          this.#standing(standing);
        },
      },
    });
    this.#sweep = setInterval(() => {
      const now = this.hubNow();
      for (const [key, mark] of this.#typing) if (mark.until < now) this.#typing.delete(key);
      if (this.#live !== null) this.#live = prune(this.#live, now);
    }, 1000);
  }

  /** Null until the first snapshot. */
  get live(): Live | null {
    return this.#live;
  }
  get link(): LinkState {
    return this.#link;
  }
  /** Why it ended or was refused. */
  get why(): Refusal | null {
    return this.#why;
  }
  /** The hub's clock minus this machine's, ms: add it to `Date.now()`. A TV with a wrong clock counts right. */
  get offset(): number {
    return this.#offset;
  }
  /** False: hubs hear of each other's events only about once a second. */
  get fast(): boolean {
    return this.#fast;
  }
  /** Why flags cannot reach supervisors in time just now, as the hub finds by itself; null: they can. */
  get autoFallback(): AutoFallback | null {
    return this.#autoFallback;
  }
  /** Hub time of the last sign of life, ms; 0 before the first. */
  get heardAt(): number {
    return this.#heardAt;
  }
  /** Hub time of the last event seen, ms; 0 before the first. */
  get lastEventAt(): number {
    return this.#lastEventAt;
  }

  hubNow(): number {
    return Date.now() + this.#offset;
  }

  send<N extends CommandName>(
    name: N,
    input: CommandInput<N>,
    options?: SendOptions,
  ): Promise<Answer<CommandResult<N>>> {
    return this.#connection.send(name, input, options);
  }

  /** Hears every event after it was applied. Answers the function that stops it. */
  onEvents(tell: (events: readonly Event[], live: Live) => void): () => void {
    this.#onEvents.add(tell);
    return () => this.#onEvents.delete(tell);
  }

  /** Hears that a snapshot replaced everything. Answers the function that stops it. */
  onAgain(tell: (live: Live) => void): () => void {
    this.#onAgain.add(tell);
    return () => this.#onAgain.delete(tell);
  }

  /** Who writes in this conversation now, or in its side chat (`side:<sessionId>`). */
  typingIn(key: ConversationId | `side:${SessionId}`): readonly TypingMark[] {
    return [...this.#typing].filter(([name]) => name.startsWith(`${key}|`)).map(([, mark]) => mark);
  }

  sayTyping(conversationId: ConversationId, by: 'agent' | 'supervisor', on: boolean): void {
    const organisationId = this.#connection.organisationId;
    const personId = this.#live?.me.personId ?? null;
    if (organisationId !== null)
      this.#connection.mark({ kind: 'typing', organisationId, conversationId, by, personId, on });
  }

  saySideTyping(sessionId: SessionId, on: boolean): void {
    const organisationId = this.#connection.organisationId;
    const personId = this.#live?.me.personId;
    if (organisationId !== null && personId !== undefined)
      this.#connection.mark({ kind: 'side-typing', organisationId, sessionId, personId, on });
  }

  tryNow(): void {
    this.#connection.tryNow();
  }

  close(): void {
    clearInterval(this.#sweep);
    this.#connection.close();
  }

  /** Said every second: only a change moves the screens. */
  #standing(fallback: AutoFallback | null): void {
    if (fallback?.why !== this.#autoFallback?.why || fallback?.since !== this.#autoFallback?.since)
      this.#autoFallback = fallback;
  }

  /** Whoever has sent their line no longer writes it. */
  #wrote(event: Event): void {
    if (event.type === 'message:sent') this.#typing.delete(`${event.conversationId}|${event.personId ?? 'customer'}`);
    if (event.type === 'side-chat:said') this.#typing.delete(`side:${event.sessionId}|${event.personId}`);
  }

  #mark(mark: Volatile): void {
    const place = mark.kind === 'typing' ? mark.conversationId : `side:${mark.sessionId}`;
    const key = `${place}|${mark.personId ?? 'customer'}`;
    if (mark.on)
      this.#typing.set(key, {
        by: mark.kind === 'typing' ? mark.by : 'side',
        personId: mark.personId,
        until: this.hubNow() + typingMs,
      });
    else this.#typing.delete(key);
  }
}
