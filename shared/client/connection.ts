import { Manager, type Socket } from 'socket.io-client';
import type { CommandInput, CommandName, CommandResult } from '../contract/command.ts';
import type { Event } from '../contract/event.ts';
import type { CommandId, OrganisationId } from '../contract/id.ts';
import type { Answer, Refusal } from '../contract/refusal.ts';
import { newId } from '../contract/uuid.ts';
import { protocolVersion } from '../contract/version.ts';
import type { AutoFallback, Complete, Cursor, HubToStaff, StaffToHub, Tombstone, Volatile } from '../contract/wire.ts';
import type { Live } from '../live/apply.ts';
import { apply, fromSnapshot } from '../live/apply.ts';
import { isKnownEvent } from '../live/known.ts';

/**
 * `connecting`: nothing shown yet. `live`: the feed is complete to within a heartbeat. `stale`: what is shown may be old
 * (no heartbeat for `staleAfterMs`, or no connection). `ended`: the session is over, `refused`: the hub will not have us.
 */
export type LinkState = 'connecting' | 'live' | 'stale' | 'ended' | 'refused';

/** I10: a screen that may be stale says so within 3 s; the heartbeat comes once a second. */
export const staleAfterMs = 2500;
/** How long a command waits for its answer before the same id is sent again. */
const resendMs = 4000;
/** How long an impatient command is tried before the person is told. */
const giveUpMs = 15_000;
/** Where the hub itself sent this screen away: the pause before the second try, and the longest one, ms. */
const firstPauseMs = 250;
const mostPauseMs = 4000;

export interface ConnectionListener {
  live(live: Live): void;
  link(state: LinkState, why: Refusal | null): void;
  /** Events of one frame after they were applied; a snapshot brings none. */
  events(events: readonly Event[], live: Live): void;
  /** A snapshot replaced what was known: whoever keeps a list of their own reads it again. */
  again(live: Live): void;
  volatile(mark: Volatile): void;
  /** Heard from the hub: its clock minus ours, ms, and whether the fast path between hubs stands. */
  heartbeat(offset: number, fast: boolean, fallback: AutoFallback | null): void;
  /** Automatic fallback began or ended; each heartbeat says it too. */
  fallback(standing: AutoFallback | null): void;
}

type Item = Event | { readonly tombstone: Tombstone };

/** One organisation's feed on this connection. */
interface Feed {
  live: Live | null;
  cursor: Cursor | null;
  ready: boolean;
  /** What came before `ready`, and what waits for the next frame. */
  held: Item[];
  pending: Item[];
}

export interface SendOptions {
  /** Keep trying until it is answered, however long the network is away. */
  readonly patient?: boolean;
  /** Made by the caller when it shows the thing before the answer comes. */
  readonly id?: CommandId;
}

/**
 * The one socket of a staff screen: says hello with what it holds, catches up, applies frames once per animation frame,
 * and repeats commands under their id until they are answered (protocol rules P3 to P9).
 */
export class Connection {
  readonly #socket: Socket<HubToStaff, StaffToHub>;
  readonly #listener: ConnectionListener;
  readonly #screen: 'console' | 'wallboard';
  readonly #feeds = new Map<OrganisationId, Feed>();
  #home: OrganisationId | null = null;
  #state: LinkState = 'connecting';
  #heardAt = 0;
  #fallback: AutoFallback | null = null;
  #watch: ReturnType<typeof setInterval> | null = null;
  #frame: { cancel(): void } | null = null;
  /** When events were last applied, by the page's monotonic clock. */
  #flushedAt = Number.NEGATIVE_INFINITY;
  #closed = false;
  /** Tries since the hub last caught this screen up, and the next one. */
  #tries = 0;
  #next: ReturnType<typeof setTimeout> | null = null;

  constructor(options: {
    screen: 'console' | 'wallboard';
    token: string | null;
    url?: string;
    listener: ConnectionListener;
  }) {
    this.#listener = options.listener;
    this.#screen = options.screen;
    const manager: Manager<HubToStaff, StaffToHub> = new Manager(options.url || undefined, {
      transports: ['websocket'],
      reconnectionDelay: firstPauseMs,
      reconnectionDelayMax: mostPauseMs,
      randomizationFactor: 0.5,
      timeout: 5000,
    });
    this.#socket = manager.socket('/staff', { auth: options.token === null ? {} : { token: options.token } });
    this.#socket.on('connect', () => this.#hello());
    this.#socket.on('disconnect', (reason) => {
      for (const feed of this.#feeds.values()) feed.ready = false;
      if (reason === 'io server disconnect') this.#again(() => this.#socket.connect());
      this.#stale();
    });
    this.#socket.on('connect_error', (error) => {
      this.#stale();
      // The network: the library tries again by itself. After a word of the hub's it does not.
      if (this.#socket.active) return;
      if (error.message === 'not_signed_in') this.#leave('ended', notSignedIn);
      else this.#again(() => this.#socket.connect());
    });
    this.#socket.on('snapshot', (snapshot) => {
      const feed = this.#feed(snapshot.organisationId);
      this.#home ??= snapshot.organisationId;
      feed.live = fromSnapshot(snapshot);
      feed.cursor = { epoch: snapshot.epoch, position: snapshot.position };
      feed.pending = [];
      this.#listener.live(feed.live);
      this.#listener.again(feed.live);
    });
    this.#socket.on('replay', ({ organisationId, events, upTo }) => {
      const feed = this.#feed(organisationId);
      this.#take(feed, [...events]);
      if (feed.cursor !== null) feed.cursor = { ...feed.cursor, position: Math.max(feed.cursor.position, upTo) };
    });
    this.#socket.on('ready', ({ organisationId, epoch, position, at, fallback = null }) => {
      const feed = this.#feed(organisationId);
      this.#tries = 0;
      feed.ready = true;
      feed.cursor = { epoch, position: Math.max(position, feed.cursor?.position ?? 0) };
      const held = feed.held;
      feed.held = [];
      this.#take(feed, held);
      this.#fallback = fallback;
      this.#heard(at, true);
    });
    this.#socket.on('again', ({ organisationId }) => {
      this.#flush();
      const feed = this.#feed(organisationId);
      feed.ready = false;
      feed.held = [];
      // Cut off before the snapshot, it must not come back as a screen that has it.
      feed.cursor = null;
    });
    this.#socket.on('event', (event) => this.#arrive(event.organisationId, event));
    this.#socket.on('tombstone', (tombstone) => this.#arrive(tombstone.organisationId, { tombstone }));
    this.#socket.on('complete', (complete) => this.#complete(complete));
    this.#socket.on('fallback', (standing) => {
      this.#fallback = standing;
      this.#listener.fallback(standing);
    });
    this.#socket.on('volatile', (mark) => this.#listener.volatile(mark));
    this.#socket.on('ended', (why) => this.#leave('ended', why));
    this.#watch = setInterval(() => this.#stale(), 500);
  }

  /**
   * Sends a command and answers when the hub did. Under the same id it is repeated over reconnects, so it happens once.
   * An impatient one that gets no answer for 15 s is answered `outcome_unknown` here: it may still have happened. Where every
   * attempt was answered with `try_again`, nothing has, and that stands.
   */
  async send<N extends CommandName>(
    name: N,
    input: CommandInput<N>,
    options: SendOptions = {},
  ): Promise<Answer<CommandResult<N>>> {
    const id = options.id ?? newId<'command'>(Date.now());
    const giveUpAt = performance.now() + giveUpMs;
    /** Each hub that was asked said that nothing happened; null once one attempt is not known. */
    let nothing: Answer<CommandResult<N>> | null = null;
    let unknown = false;
    for (let pause = 200; ; pause = Math.min(pause * 2, 2000)) {
      if (this.#closed) return { ok: false, refusal: notSent };
      const organisationId = this.#home;
      if (organisationId !== null && this.#socket.connected) {
        try {
          const answer = await this.#socket
            .timeout(resendMs)
            .emitWithAck('command', { id, organisationId, name, input });
          const again =
            !answer.ok && (answer.refusal.code === 'try_again' || answer.refusal.code === 'outcome_unknown');
          if (!again) return answer as Answer<CommandResult<N>>;
          nothing = answer as Answer<CommandResult<N>>;
          if (!answer.ok && answer.refusal.code === 'outcome_unknown') unknown = true;
        } catch {
          // No answer in time, or the socket went: the same id goes out again.
          unknown = true;
        }
      }
      if (options.patient !== true && performance.now() > giveUpAt)
        return unknown || nothing === null ? { ok: false, refusal: notSent } : nothing;
      await new Promise((resume) => setTimeout(resume, pause));
    }
  }

  /** Marks that may be lost: typing. */
  mark(mark: Volatile): void {
    if (this.#socket.connected) this.#socket.volatile.emit('volatile', mark);
  }

  get organisationId(): OrganisationId | null {
    return this.#home;
  }

  /** Tries to connect now instead of at the next planned time. */
  tryNow(): void {
    if (this.#socket.connected || this.#closed) return;
    this.#unplan();
    this.#socket.disconnect().connect();
  }

  close(): void {
    this.#closed = true;
    if (this.#watch !== null) clearInterval(this.#watch);
    this.#watch = null;
    this.#frame?.cancel();
    this.#unplan();
    this.#socket.disconnect();
  }

  #feed(id: OrganisationId): Feed {
    let feed = this.#feeds.get(id);
    if (feed === undefined) {
      feed = { live: null, cursor: null, ready: false, held: [], pending: [] };
      this.#feeds.set(id, feed);
    }
    return feed;
  }

  /** @param fresh ask for a snapshot instead of the events since */
  #hello(fresh = false): void {
    const resume: Record<string, Cursor> = {};
    for (const [id, feed] of this.#feeds) {
      this.#flush();
      feed.ready = false;
      feed.held = [];
      if (!fresh && feed.cursor !== null) resume[id] = feed.cursor;
    }
    this.#socket.emit('hello', { version: protocolVersion, screen: this.#screen, resume }, (refusal) => {
      if (refusal === null) return;
      // The hub ends the connection itself, and the screen comes back as after any other end.
      if (refusal.code === 'try_again') return;
      if (refusal.code === 'rate_limited')
        this.#again(() => {
          if (this.#socket.connected) this.#hello(fresh);
        });
      else this.#leave(refusal.code === 'not_signed_in' ? 'ended' : 'refused', refusal);
    });
  }

  /** Over for good: this session, or this version of the screen. */
  #leave(state: 'ended' | 'refused', why: Refusal): void {
    this.#set(state, why);
    this.close();
  }

  /**
   * Tries once more what the hub has turned away: at once, for it may only be stopping beside another one, then after pauses
   * that double and are spread, for it may be in trouble.
   */
  #again(run: () => void): void {
    if (this.#closed) return;
    this.#unplan();
    this.#tries += 1;
    if (this.#tries === 1) {
      run();
      return;
    }
    const pause = Math.min(firstPauseMs * 2 ** (this.#tries - 2), mostPauseMs) * (0.5 + Math.random());
    this.#next = setTimeout(run, pause);
  }

  #unplan(): void {
    if (this.#next !== null) clearTimeout(this.#next);
    this.#next = null;
  }

  #arrive(id: OrganisationId, item: Item): void {
    const feed = this.#feed(id);
    if (!('tombstone' in item) && !isKnownEvent(item.type)) {
      this.#hello(true);
      return;
    }
    if (!feed.ready) {
      feed.held.push(item);
      return;
    }
    feed.pending.push(item);
    if (this.#frame !== null) return;
    // After a quiet frame an event is applied at once, so that it is in the very next picture; of a stream only what a frame
    // has gathered is, or the work would be done more often than anybody can see.
    if (document.visibilityState === 'visible' && performance.now() - this.#flushedAt >= frameMs) this.#flush();
    else this.#frame = nextFrame(() => this.#flush());
  }

  #flush(): void {
    this.#frame?.cancel();
    this.#frame = null;
    this.#flushedAt = performance.now();
    for (const feed of this.#feeds.values()) {
      const pending = feed.pending;
      feed.pending = [];
      if (pending.length > 0) this.#take(feed, pending);
    }
  }

  #take(feed: Feed, items: Item[]): void {
    const before = feed.live;
    if (before === null) return;
    const fresh = items.filter(
      (item) => ('tombstone' in item ? item.tombstone.position : item.position) > before.position,
    );
    if (fresh.length === 0) return;
    feed.live = apply(before, fresh);
    if (feed.cursor !== null)
      feed.cursor = { ...feed.cursor, position: Math.max(feed.cursor.position, feed.live.position) };
    this.#listener.live(feed.live);
    const events = fresh.filter((item): item is Event => !('tombstone' in item));
    if (events.length > 0) this.#listener.events(events, feed.live);
  }

  #complete(complete: Complete): void {
    for (const [id, feed] of this.#feeds) {
      const position = complete.position[id];
      if (feed.ready && feed.cursor !== null && position !== undefined && position > feed.cursor.position)
        feed.cursor = { ...feed.cursor, position };
    }
    this.#fallback = complete.fallback;
    this.#heard(complete.at, complete.fast);
  }

  #heard(at: number, fast: boolean): void {
    this.#heardAt = performance.now();
    this.#listener.heartbeat(at - Date.now(), fast, this.#fallback);
    if ([...this.#feeds.values()].every((feed) => feed.ready)) this.#set('live', null);
  }

  #stale(): void {
    if (this.#state === 'live' && (!this.#socket.connected || performance.now() - this.#heardAt > staleAfterMs))
      this.#set('stale', null);
  }

  #set(state: LinkState, why: Refusal | null): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#listener.link(state, why);
  }
}

const notSignedIn: Refusal = {
  code: 'not_signed_in',
  message: 'You are no longer signed in.',
  next: 'Sign in again to go on.',
};

const notSent: Refusal = {
  code: 'outcome_unknown',
  message: 'The hub did not answer, so it is not known whether this happened.',
  next: 'Look at the screen once it is live again, and repeat it if needed.',
};

/** A frame at 60 Hz, ms. */
const frameMs = 1000 / 60;

/** The next animation frame; a hidden tab has none, so there it is a short timer. */
function nextFrame(run: () => void): { cancel(): void } {
  if (document.visibilityState === 'hidden') {
    const timer = setTimeout(run, 50);
    return { cancel: () => clearTimeout(timer) };
  }
  const frame = requestAnimationFrame(run);
  return { cancel: () => cancelAnimationFrame(frame) };
}
