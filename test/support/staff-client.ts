import type { Socket } from 'socket.io-client';
import { io } from 'socket.io-client';
import type { CommandInput, CommandName, CommandResult } from '../../shared/contract/command.ts';
import type { Event, EventOf, EventType } from '../../shared/contract/event.ts';
import type { CommandId, OrganisationId } from '../../shared/contract/id.ts';
import type { Answer } from '../../shared/contract/refusal.ts';
import { newId } from '../../shared/contract/uuid.ts';
import { protocolVersion } from '../../shared/contract/version.ts';
import type { Cursor, HubToStaff, StaffToHub, Tombstone, Volatile } from '../../shared/contract/wire.ts';
import type { Live } from '../../shared/live/apply.ts';
import { apply, fromSnapshot } from '../../shared/live/apply.ts';
import { until } from './wait.ts';

type Item = Event | { readonly tombstone: Tombstone };

/** What a screen took between one snapshot and the next: positions, and what the hub vouched for meanwhile. */
export interface Span {
  readonly from: number;
  readonly positions: number[];
  /** `complete` frames: everything up to there had been sent, and so many had come. */
  readonly vouched: { readonly upTo: number; readonly taken: number }[];
}

export interface StaffClientOptions {
  readonly url: string;
  readonly token: string;
  /** What the token is: a demo tab's own (the default), or a browser's cookie. */
  readonly kind?: 'tab' | 'cookie';
  readonly organisationId: OrganisationId;
  readonly screen?: 'console' | 'wallboard';
  readonly resume?: Cursor;
  /** What the screen held at `resume`. */
  readonly live?: Live;
}

/**
 * A staff screen without a picture: the same frames and the same reducer as a browser, and a record of everything that came
 * over the wire, in order.
 */
export class StaffClient {
  readonly socket: Socket<HubToStaff, StaffToHub>;
  readonly organisationId: OrganisationId;
  /** Every frame that came, as it came: for searching what must not be there. */
  readonly frames: unknown[][] = [];
  readonly events: Event[] = [];
  readonly marks: Volatile[] = [];
  readonly spans: Span[] = [];
  live: Live | null = null;
  cursor: Cursor | null = null;
  ready = false;
  snapshots = 0;
  ended = false;
  #held: Item[] = [];
  #next: NodeJS.Timeout | undefined;

  private constructor(options: StaffClientOptions) {
    this.organisationId = options.organisationId;
    this.cursor = options.resume ?? null;
    this.live = options.live ?? null;
    this.socket = io(`${options.url}/staff`, {
      transports: ['websocket'],
      ...(options.kind === 'cookie'
        ? { extraHeaders: { cookie: `halyard=${options.token}` } }
        : { auth: { token: options.token } }),
      reconnectionDelay: 20,
      reconnectionDelayMax: 100,
      forceNew: true,
    });
    this.socket.onAny((...frame: unknown[]) => this.frames.push(frame));
    this.socket.on('connect', () => {
      const resume = this.cursor === null ? {} : { [this.organisationId]: this.cursor };
      this.ready = false;
      this.#held = [];
      this.socket.emit('hello', { version: protocolVersion, screen: options.screen ?? 'console', resume }, () => {});
    });
    this.socket.on('snapshot', (snapshot) => {
      this.snapshots += 1;
      this.spans.push({ from: snapshot.position, positions: [], vouched: [] });
      this.live = fromSnapshot(snapshot);
      this.cursor = { epoch: snapshot.epoch, position: snapshot.position };
    });
    this.socket.on('replay', ({ events }) => this.#take([...events]));
    this.socket.on('again', () => {
      this.ready = false;
      this.cursor = null;
      this.#held = [];
    });
    this.socket.on('ready', ({ epoch, position }) => {
      this.cursor = { epoch, position: Math.max(position, this.cursor?.position ?? 0) };
      this.ready = true;
      this.#take(this.#held.splice(0));
    });
    this.socket.on('event', (event) => (this.ready ? this.#take([event]) : this.#held.push(event)));
    this.socket.on('tombstone', (tombstone) =>
      this.ready ? this.#take([{ tombstone }]) : this.#held.push({ tombstone }),
    );
    this.socket.on('volatile', (mark) => this.marks.push(mark));
    this.socket.on('complete', (complete) => {
      const position = complete.position[this.organisationId];
      const span = this.spans.at(-1);
      if (this.ready && position !== undefined) span?.vouched.push({ upTo: position, taken: span.positions.length });
      if (this.ready && this.cursor !== null && position !== undefined && position > this.cursor.position)
        this.cursor = { ...this.cursor, position };
    });
    this.socket.on('connect_error', (error) => {
      // A refused handshake, not a lost network: the session ended while this screen was away, or the hub is in trouble.
      if (this.socket.active) return;
      if (error.message === 'not_signed_in') this.ended = true;
      else this.#again();
    });
    this.socket.on('disconnect', (reason) => {
      this.ready = false;
      if (reason === 'io server disconnect' && !this.ended) this.#again();
    });
    this.socket.on('ended', () => {
      this.ended = true;
      this.socket.disconnect();
    });
  }

  /** Socket.IO leaves it to us to come back where the hub itself ended the connection. */
  #again(): void {
    this.#next = setTimeout(() => this.socket.connect(), 50);
  }

  /** Connects, and resolves when the screen is live. */
  static async connect(options: StaffClientOptions): Promise<StaffClient> {
    const client = new StaffClient(options);
    await until('a staff screen to be live', () => client.ready);
    return client;
  }

  get now(): Live {
    if (this.live === null) throw new Error('this screen has nothing yet');
    return this.live;
  }

  /** Sends a command and gives the answer, whatever it is. */
  send<N extends CommandName>(
    name: N,
    input: CommandInput<N>,
    id: CommandId = newId<'command'>(Date.now()),
  ): Promise<Answer<CommandResult<N>>> {
    return this.raw({ id, organisationId: this.organisationId, name, input }) as Promise<Answer<CommandResult<N>>>;
  }

  /** Sends a command that must succeed. */
  async does<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandResult<N>> {
    const answer = await this.send(name, input);
    if (!answer.ok) throw new Error(`${name} was refused: ${answer.refusal.code} ${answer.refusal.message}`);
    return answer.value;
  }

  /** Sends a command that must be refused, and gives the code. */
  async refused<N extends CommandName>(name: N, input: CommandInput<N>): Promise<string> {
    const answer = await this.send(name, input);
    if (answer.ok) throw new Error(`${name} was not refused`);
    return answer.refusal.code;
  }

  /** Sends anything at all as a command frame. */
  raw(frame: unknown): Promise<Answer> {
    return this.socket.timeout(15_000).emitWithAck('command', frame as never);
  }

  /** Waits until the screen shows something. */
  sees<T>(what: string, look: (live: Live) => T): Promise<Exclude<T, false | null | undefined>> {
    return until(what, () => (this.live === null ? null : look(this.live)));
  }

  /** Waits for an event of a type, among all that came so far and will come. */
  hears<T extends EventType>(type: T): Promise<EventOf<T>> {
    return until(`the event ${type}`, () => this.heard(type)[0]);
  }

  heard<T extends EventType>(type: T): EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.type === type);
  }

  /** Cuts the connection below Socket.IO, as a lost network does; it comes back by itself. */
  cut(): void {
    this.socket.io.engine.close();
  }

  close(): void {
    clearTimeout(this.#next);
    this.socket.disconnect();
  }

  #take(items: Item[]): void {
    for (const item of items) {
      if ('tombstone' in item) continue;
      this.events.push(item);
      // What a screen has already is no news: the reducer leaves it out as well.
      if (item.position > (this.live?.position ?? 0)) this.spans.at(-1)?.positions.push(item.position);
    }
    if (this.live !== null) this.live = apply(this.live, items);
    if (this.live !== null && this.cursor !== null)
      this.cursor = { ...this.cursor, position: Math.max(this.cursor.position, this.live.position) };
  }
}
