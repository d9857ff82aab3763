import type { Socket } from 'socket.io-client';
import { io } from 'socket.io-client';
import type { CommandInput, CommandName } from '../../shared/contract/command.ts';
import type { Event } from '../../shared/contract/event.ts';
import type { PersonId, SessionId } from '../../shared/contract/id.ts';
import { newId } from '../../shared/contract/uuid.ts';
import { protocolVersion } from '../../shared/contract/version.ts';
import type { Cursor, HubToStaff, StaffToHub, Tombstone, Volatile } from '../../shared/contract/wire.ts';
import type { Live } from '../../shared/live/apply.ts';
import { apply, fromSnapshot, prune } from '../../shared/live/apply.ts';
import type { Log } from '../log.ts';

/** A command with its input, of any kind. */
export type StaffCommand = { [N in CommandName]: { readonly name: N; readonly input: CommandInput<N> } }[CommandName];

/** The newest line of a session's side chat, as heard. */
export interface SideLine {
  readonly personId: PersonId;
  readonly lines: number;
  readonly at: number;
}

export interface StaffLinkOptions {
  readonly url: string;
  readonly log: Log;
  readonly clock: () => number;
  /** A session's token, fetched anew for each connection: a session can be ended at any time. */
  token(): Promise<string>;
}

type Item = Event | { readonly tombstone: Tombstone };

const answerMs = 5000;
const pruneEveryMs = 60_000;

/** One simulated person's screen: the same socket, frames and reducer as a real one (protocol rules P3 to P9), without a picture. */
export class StaffLink {
  readonly #socket: Socket<HubToStaff, StaffToHub>;
  readonly #options: StaffLinkOptions;
  readonly #sides = new Map<SessionId, SideLine>();
  #live: Live | null = null;
  #cursor: Cursor | null = null;
  #ready = false;
  #held: Item[] = [];
  #pruneAt = 0;
  #redial: ReturnType<typeof setTimeout> | null = null;
  #closed = false;

  constructor(options: StaffLinkOptions) {
    this.#options = options;
    this.#socket = io(`${options.url}/staff`, {
      transports: ['websocket'],
      auth: (give) => {
        options.token().then(
          (token) => give({ token }),
          () => give({}),
        );
      },
      forceNew: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 5000,
    });
    this.#listen();
  }

  /** What this person's screen shows; null while it is not complete. */
  get live(): Live | null {
    return this.#ready && this.#socket.connected ? this.#live : null;
  }

  /** Who wrote last in a session's side chat, as far as this screen has heard. */
  side(sessionId: SessionId): SideLine | null {
    return this.#sides.get(sessionId) ?? null;
  }

  /** Sends a command; a refusal is no error here, because the floor moves while people think. */
  async send({ name, input }: StaffCommand): Promise<boolean> {
    const { clock, log } = this.#options;
    const organisationId = this.#live?.organisationId;
    if (organisationId === undefined || !this.#socket.connected) return false;
    const frame = { id: newId<'command'>(clock()), organisationId, name, input };
    try {
      const answer = await this.#socket.timeout(answerMs).emitWithAck('command', frame);
      if (!answer.ok) log.info({ command: name, code: answer.refusal.code }, 'a simulated command was refused');
      return answer.ok;
    } catch {
      // The connection went; what is still wanted is tried again.
      return false;
    }
  }

  mark(mark: Volatile): void {
    if (this.#socket.connected) this.#socket.volatile.emit('volatile', mark);
  }

  close(): void {
    this.#closed = true;
    if (this.#redial !== null) clearTimeout(this.#redial);
    this.#socket.disconnect();
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('connect', () => {
      this.#ready = false;
      this.#held = [];
      const resume = this.#live === null || this.#cursor === null ? {} : { [this.#live.organisationId]: this.#cursor };
      socket.emit('hello', { version: protocolVersion, screen: 'console', resume }, (refusal) => {
        if (refusal !== null) this.#dialLater();
      });
    });
    // The hub closed it, or would not open it: Socket.IO leaves coming back to its user.
    socket.on('disconnect', (reason) => {
      this.#ready = false;
      if (reason === 'io server disconnect') this.#dialLater();
    });
    socket.on('connect_error', () => {
      if (!socket.active) this.#dialLater();
    });
    socket.on('ended', () => this.#dialLater());
    socket.on('snapshot', (snapshot) => {
      this.#live = fromSnapshot(snapshot);
      this.#cursor = { epoch: snapshot.epoch, position: snapshot.position };
      for (const id of this.#sides.keys()) if (!this.#live.sessions.has(id)) this.#sides.delete(id);
    });
    socket.on('replay', ({ events }) => this.#take([...events]));
    socket.on('ready', ({ epoch, position }) => {
      this.#cursor = { epoch, position: Math.max(position, this.#cursor?.position ?? 0) };
      this.#ready = true;
      this.#take(this.#held.splice(0));
    });
    socket.on('again', () => {
      this.#ready = false;
      this.#held = [];
    });
    socket.on('event', (event) => this.#arrive(event));
    socket.on('tombstone', (tombstone) => this.#arrive({ tombstone }));
    socket.on('complete', ({ position }) => {
      const upTo = this.#live === null ? undefined : position[this.#live.organisationId];
      if (this.#ready && upTo !== undefined) this.#reached(upTo);
    });
  }

  #arrive(item: Item): void {
    if (this.#ready) this.#take([item]);
    else this.#held.push(item);
  }

  #take(items: readonly Item[]): void {
    if (this.#live === null) return;
    const before = this.#live.position;
    let live = apply(this.#live, items);
    const now = this.#options.clock();
    if (now >= this.#pruneAt) {
      live = prune(live, now);
      this.#pruneAt = now + pruneEveryMs;
    }
    this.#live = live;
    this.#reached(live.position);
    for (const item of items) {
      if ('tombstone' in item || item.position <= before) continue;
      if (item.type === 'session:ended') this.#sides.delete(item.sessionId);
      if (item.type !== 'side-chat:said') continue;
      const lines = live.sessions.get(item.sessionId)?.sideLines;
      if (lines !== undefined) this.#sides.set(item.sessionId, { personId: item.personId, lines, at: item.at });
    }
  }

  #reached(position: number): void {
    if (this.#cursor !== null && position > this.#cursor.position) this.#cursor = { ...this.#cursor, position };
  }

  #dialLater(): void {
    this.#ready = false;
    if (this.#closed || this.#redial !== null) return;
    this.#redial = setTimeout(() => {
      this.#redial = null;
      if (!this.#closed) this.#socket.disconnect().connect();
    }, 2000);
  }
}
