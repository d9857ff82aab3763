import { setImmediate as immediate } from 'node:timers/promises';
import type { DefaultEventsMap, Namespace, Server, Socket } from 'socket.io';
import { z } from 'zod';
import type { Event, EventType } from '../../shared/contract/event.ts';
import type { OrganisationId, PersonId } from '../../shared/contract/id.ts';
import { conversationId, organisationId, personId, sessionId } from '../../shared/contract/id-schema.ts';
import type { Permission } from '../../shared/contract/permission.ts';
import { permissions, permissionsOf } from '../../shared/contract/permission.ts';
import type { Refusal } from '../../shared/contract/refusal.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import type { Snapshot } from '../../shared/contract/snapshot.ts';
import { oldestProtocol, protocolVersion } from '../../shared/contract/version.ts';
import type { AutoFallback, HubToStaff, StaffToHub } from '../../shared/contract/wire.ts';
import { badInput } from '../auth/answer.ts';
import type { Principal } from '../auth/principal.ts';
import type { Log } from '../log.ts';
import type { Feed } from './feed.ts';
import type { Caller, Gate } from './gate.ts';
import type { Hub } from './hub.ts';
import { readLog, type Sent } from './log.ts';
import type { Buckets } from './rate.ts';
import { type Room, reachesPerson, toAndExcept } from './room.ts';
import { gainsSight, opensSight } from './sight.ts';
import { closeIfSilent } from './silence.ts';

/** A resume that is further behind than this gets a snapshot: reading it whole is cheaper. */
const mostReplayed = 2000;
/** A snapshot that is older than what was gained meanwhile is read again, so often; only a database that went back is older still. */
const mostReadings = 20;
/** How long a client that is ahead of this hub waits for it to catch up. */
const waitForHubMs = 3000;
/** To so many sockets at a time goes what is said once a second. */
const beatSlice = 64;

interface Data {
  principal: Principal;
  sessionHash: string;
  address: string | null;
  /** Counts the times it was caught up; only the newest one may still send. */
  round: number;
  /** The last round that said ready: another is under way while this is not the newest. */
  done: number;
  /** Up to here the person gained sight of things: what is sent whole must be as new as that. */
  gainedAt: number;
}
type StaffSocket = Socket<StaffToHub, HubToStaff, DefaultEventsMap, Data>;

export interface StaffOptions {
  readonly io: Server;
  readonly hub: Hub;
  readonly gate: Gate;
  readonly buckets: Buckets;
  readonly log: Log;
  readonly clock: () => number;
  /** Who a handshake belongs to, or null. */
  authenticate(handshake: Socket['handshake']): Promise<{ personId: PersonId; sessionHash: string } | null>;
  principal(personId: PersonId): Promise<Principal | null>;
  snapshot(principal: Principal, epoch: string): Promise<Snapshot>;
  /** Looks at once which sign-in sessions still stand, and ends the sockets of those that do not. */
  recheck(): void;
  /** The first socket of a person on this hub came, or the last one went. */
  present(principal: Principal, here: boolean): void;
  /** Sends a volatile mark on to other hubs, and to customers. */
  volatile(principal: Principal, mark: z.infer<typeof volatileSchema>): void;
  readonly fast: () => boolean;
}

const cursor = z.strictObject({
  epoch: z.string().max(64),
  position: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
});
const helloSchema = z.strictObject({
  version: z.number().int(),
  screen: z.enum(['console', 'wallboard']),
  resume: z.record(organisationId, cursor),
});
export const volatileSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('typing'),
    organisationId,
    conversationId,
    by: z.enum(['agent', 'supervisor']),
    personId: personId.nullable(),
    on: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('side-typing'), organisationId, sessionId, personId, on: z.boolean() }),
]);

const volatileRate = { points: 20, seconds: 10 };
const helloRate = { points: 20, seconds: 10 };

/** Events after which people see other things than before: their screens read everything again. */
const movesRights: Partial<Readonly<Record<EventType, true>>> = {
  'person:role-set': true,
  'person:teams-set': true,
  'person:reactivated': true,
};

/** Names of rooms that many are in, each made once: every socket keeps the names of its rooms. */
const roomNames = new Map<OrganisationId, Map<Room, string>>();

/** The name of an organisation's room among the sockets' rooms. */
function socketRoom(organisation: OrganisationId, room: Room): string {
  const name = `${organisation}|${room}`;
  if (room.startsWith('person:')) return name;
  let names = roomNames.get(organisation);
  if (names === undefined) {
    names = new Map();
    roomNames.set(organisation, names);
  }
  const known = names.get(room);
  if (known === undefined) names.set(room, name);
  return known ?? name;
}

const notSignedIn: Refusal = refusal('not_signed_in', 'You are not signed in.', 'Sign in to go on.');
const notNow: Refusal = refusal(
  'try_again',
  'The hub cannot read its database just now.',
  'The screen tries again by itself.',
);
const signedOut: Refusal = refusal('not_signed_in', 'You were signed out.', 'Sign in again to go on.');

/** The staff's sockets: lets people in, catches them up, and is the last step of the gate out. */
export class Staff {
  readonly #options: StaffOptions;
  readonly #space: Namespace<StaffToHub, HubToStaff, DefaultEventsMap, Data>;
  readonly #people = new Map<PersonId, number>();

  constructor(options: StaffOptions) {
    this.#options = options;
    this.#space = options.io.of('/staff');
    this.#space.use((socket, next) => {
      this.#letIn(socket).then(
        (why) => next(why === null ? undefined : new Error(why.code)),
        (error: Error) => {
          options.log.warn({ error: error.message }, 'a screen could not be let in');
          next(new Error(notNow.code));
        },
      );
    });
    this.#space.on('connection', (socket) => this.#connected(socket));
  }

  /** Emits one event to whoever may have it; encoded once. */
  deliver(sent: Sent): void {
    const { event, audience, hidden } = sent;
    if (opensSight(event)) this.#gain(sent);
    const rooms = (list: readonly Room[]): string[] => list.map((room) => socketRoom(event.organisationId, room));
    const { to, except } = toAndExcept(audience);
    if (to.length > 0) this.#space.to(rooms(to)).except(rooms(except)).emit('event', event);
    if (hidden.length > 0 && 'conversationId' in event) {
      const { organisationId: organisation, position, at, conversationId: id } = event;
      const gone = { organisationId: organisation, position, at, conversationId: id };
      this.#space.to(rooms(hidden)).except(rooms(audience)).emit('tombstone', gone);
    }
    this.#rights(event, audience);
  }

  /** A volatile mark, to staff who may see the conversation or session. */
  mark(
    organisation: OrganisationId,
    rooms: readonly Room[],
    mark: Parameters<HubToStaff['volatile']>[0],
    except: readonly PersonId[] = [],
  ): void {
    this.#space
      .to(rooms.map((room) => socketRoom(organisation, room)))
      .except(except.map((personId) => socketRoom(organisation, `person:${personId}`)))
      .volatile.emit('volatile', mark);
  }

  /**
   * After every look at the database, once a second: how far each organisation's feed is complete. A hub that cannot hear its
   * database, or a feed that cannot read its log, says nothing, and the screens call themselves stale (I10).
   */
  beat(): void {
    for (const feed of this.#options.hub.feeds()) void this.#vouch(feed);
  }

  /** A slice of the sockets at a time: a thousand in one go hold up whatever was raised just then. */
  async #vouch(feed: Feed): Promise<void> {
    const { hub, clock, fast } = this.#options;
    const { organisationId } = feed;
    const sockets = [...(this.#space.adapter.rooms.get(socketRoom(organisationId, 'everyone')) ?? [])];
    for (let at = 0; at < sockets.length; at += beatSlice) {
      if (at > 0) await immediate();
      if (!feed.vouches()) return;
      this.#space.to(sockets.slice(at, at + beatSlice)).emit('complete', {
        at: clock(),
        position: { [organisationId]: feed.position },
        fast: fast(),
        fallback: hub.options.fallback(),
      });
    }
  }

  /** Automatic fallback began or ended: every screen hears it at once, those of a feed that does not vouch too. */
  fallback(standing: AutoFallback | null): void {
    this.#space.emit('fallback', standing);
  }

  /** Hashes of the sign-in sessions behind the sockets here. */
  sessionHashes(): string[] {
    return [...new Set([...this.#space.sockets.values()].map((socket) => socket.data.sessionHash))];
  }

  /** Closes the sockets of a person, or of one session (I8). */
  end(which: { personId: PersonId } | { sessionHash: string }): void {
    for (const socket of this.#space.sockets.values()) {
      const hit =
        'personId' in which
          ? socket.data.principal.personId === which.personId
          : socket.data.sessionHash === which.sessionHash;
      if (hit) this.#end(socket);
    }
  }

  /** People with a socket on this hub. */
  here(): PersonId[] {
    return [...this.#people.keys()];
  }

  get sockets(): number {
    return this.#space.sockets.size;
  }

  /** @returns why not, or null once it is let in */
  async #letIn(socket: StaffSocket): Promise<Refusal | null> {
    const { authenticate, principal } = this.#options;
    const who = await authenticate(socket.handshake);
    const found = who === null ? null : await principal(who.personId);
    if (who === null || found === null) return notSignedIn;
    socket.data = {
      principal: found,
      sessionHash: who.sessionHash,
      address: socket.handshake.address,
      round: 0,
      done: 0,
      gainedAt: 0,
    };
    return null;
  }

  #connected(socket: StaffSocket): void {
    const { present, gate, buckets, volatile, log } = this.#options;
    const id = socket.data.principal.personId;
    const count = this.#people.get(id) ?? 0;
    this.#people.set(id, count + 1);
    if (count === 0) present(socket.data.principal, true);
    const heard = closeIfSilent(socket);

    socket.on('hello', (given: unknown, answer: unknown) => {
      const tell = typeof answer === 'function' ? (why: Refusal | null) => answer(why) : () => {};
      if (buckets.take(`hello ${socket.id}`, helloRate) > 0)
        return tell(refusal('rate_limited', 'Too many hellos.', 'Wait a few seconds.'));
      const hello = helloSchema.safeParse(given);
      if (!hello.success) return tell(badInput(hello.error));
      if (hello.data.version < oldestProtocol || hello.data.version > protocolVersion)
        return tell(refusal('client_too_old', 'This screen and the hub speak different versions.', 'Reload the page.'));
      heard();
      this.#hello(socket, hello.data.resume).then(tell, (error: Error) => {
        log.warn({ error: error.message }, 'a screen could not be caught up');
        tell(notNow);
        socket.disconnect(true);
      });
    });
    socket.on('command', (frame: unknown, answer: unknown) => {
      if (typeof answer !== 'function') return;
      void gate.take(callerOf(socket), frame).then((given) => answer(given));
    });
    socket.on('volatile', (given: unknown) => {
      const mark = volatileSchema.safeParse(given);
      if (mark.success && buckets.take(`volatile ${socket.id}`, volatileRate) === 0)
        volatile(socket.data.principal, mark.data);
    });
    socket.on('disconnect', () => {
      heard();
      const left = (this.#people.get(id) ?? 1) - 1;
      if (left > 0) this.#people.set(id, left);
      else {
        this.#people.delete(id);
        present(socket.data.principal, false);
      }
    });
  }

  /** Coming in and coming back: authorise again, join rooms, catch up, ready. */
  async #hello(
    socket: StaffSocket,
    resume: Readonly<Record<string, { epoch: string; position: number }>>,
  ): Promise<Refusal | null> {
    socket.data.round += 1;
    const { round } = socket.data;
    // Rights may move while this one reads: what it found is old then, and the round that follows sends it all.
    const isNewest = (): boolean => socket.data.round === round;
    const principal = await this.#options.principal(socket.data.principal.personId);
    if (principal === null) return notSignedIn;
    const { organisationId: organisation } = principal;
    const feed = await this.#options.hub.follow(organisation);
    if (!isNewest()) return null;
    // From here to the first await nothing can be delivered in between: rooms and position belong together.
    this.#join(socket, principal);
    const from = resume[organisation];
    if (
      from === undefined ||
      from.epoch !== feed.epoch ||
      !(await this.#replay(socket, feed, principal, from.position, isNewest))
    )
      await this.#snapshot(socket, feed, principal, isNewest);
    return null;
  }

  #join(socket: StaffSocket, principal: Principal): void {
    for (const room of socket.rooms) if (room !== socket.id) void socket.leave(room);
    socket.data.principal = principal;
    void socket.join(principal.rooms.map((room) => socketRoom(principal.organisationId, room)));
  }

  /** Sends what came since; false where only a snapshot is right. */
  async #replay(
    socket: StaffSocket,
    feed: Feed,
    principal: Principal,
    after: number,
    isNewest: () => boolean,
  ): Promise<boolean> {
    const { hub } = this.#options;
    if (after > feed.position) {
      void hub.poll().catch(() => {});
      if (!(await feed.reach(after, waitForHubMs))) return false;
    }
    const position = feed.position;
    let missed = feed.since(after);
    if (missed === null) {
      if (position - after > mostReplayed) return false;
      missed = await readLog(hub.options.db.system, feed.organisationId, after, position, mostReplayed);
      if (missed.length < position - after) return false;
    }
    if (!isNewest()) return true;
    if (missed.some(({ event }) => movesRights[event.type] === true)) return false;
    const mine = new Set<Room>(principal.rooms);
    if (socket.data.gainedAt > after || missed.some((sent) => gainsSight(sent, mine))) return false;
    const sees = ({ audience }: Sent): boolean => reachesPerson(audience, mine);
    // Something went out of sight meanwhile: a snapshot says so more simply than a list of tombstones.
    if (missed.some((sent) => sent.hidden.some((room) => mine.has(room)) && !sees(sent))) return false;
    const { organisationId: organisation } = feed;
    const upTo = missed.at(-1)?.event.position ?? after;
    socket.emit('replay', {
      organisationId: organisation,
      events: missed.filter(sees).map(({ event }) => event),
      upTo,
    });
    this.#ready(socket, feed, upTo);
    return true;
  }

  async #snapshot(socket: StaffSocket, feed: Feed, principal: Principal, isNewest: () => boolean): Promise<void> {
    const { snapshot } = this.#options;
    let whole = await snapshot(principal, feed.epoch);
    // Sight that was gained while it was read is in the next reading: many at once cost a few readings and one frame.
    for (let more = 0; more < mostReadings && isNewest() && whole.position < socket.data.gainedAt; more += 1)
      whole = await snapshot(principal, feed.epoch);
    if (!isNewest()) return;
    socket.emit('snapshot', whole);
    this.#ready(socket, feed, whole.position);
  }

  #ready(socket: StaffSocket, { organisationId, epoch }: Feed, position: number): void {
    socket.data.done = socket.data.round;
    const { clock, hub } = this.#options;
    socket.emit('ready', { organisationId, epoch, position, at: clock(), fallback: hub.options.fallback() });
  }

  /** What an event does to the sockets themselves: rights that moved, people who are out. */
  #rights(event: Event, audience: readonly Room[]): void {
    if (event.type === 'person:deactivated') {
      this.end({ personId: event.personId });
      return;
    }
    if (event.type === 'person:signed-out-everywhere') {
      // Whoever has signed in again since, before this hub heard of it, stays.
      this.#options.recheck();
      return;
    }
    if (movesRights[event.type] !== true || !('personId' in event) || audience.length === 0) return;
    const teams = new Set<string>();
    if (event.type === 'person:teams-set')
      for (const team of [...event.before.teamIds, ...event.teamIds, ...event.before.supervises, ...event.supervises])
        teams.add(team);
    for (const socket of this.#space.sockets.values()) {
      const { principal } = socket.data;
      if (principal.organisationId !== event.organisationId) continue;
      const touched =
        principal.personId === event.personId ||
        // Who supervises a team sees its agents' sessions and flags; who is in it does not.
        principal.person.supervises.some((team) => teams.has(team));
      if (touched) this.#again(socket);
    }
  }

  /**
   * Some see more from this event on: they get what they gained whole. `again` goes out before the event, so that a screen which
   * is cut off in between does not come back as one that has it.
   */
  #gain(sent: Sent): void {
    const { organisationId: organisation, position } = sent.event;
    for (const socket of this.#space.sockets.values()) {
      const { data } = socket;
      if (data.principal.organisationId !== organisation || !gainsSight(sent, new Set(data.principal.rooms))) continue;
      data.gainedAt = position;
      // A round that is under way, or will be once the screen has said hello, sends what was gained here too.
      if (data.round > 0 && data.done === data.round) this.#whole(socket);
    }
  }

  /** Rights moved: rooms are taken at once, and given back with a snapshot. */
  #again(socket: StaffSocket): void {
    for (const room of socket.rooms) if (room !== socket.id) void socket.leave(room);
    this.#whole(socket);
  }

  /** The screen holds everything back until it has got a snapshot. */
  #whole(socket: StaffSocket): void {
    const { log } = this.#options;
    socket.emit('again', { organisationId: socket.data.principal.organisationId });
    this.#hello(socket, {}).then(
      (why) => {
        if (why !== null) this.#end(socket);
      },
      (error: Error) => {
        log.warn({ error: error.message }, 'rights could not be read again');
        socket.disconnect(true);
      },
    );
  }

  #end(socket: StaffSocket): void {
    socket.emit('ended', signedOut);
    socket.disconnect(true);
  }
}

function callerOf(socket: StaffSocket): Caller {
  const { principal, address } = socket.data;
  const held: readonly Permission[] = permissionsOf[principal.person.role];
  return {
    actor: { kind: 'person', id: principal.personId },
    organisations: [principal.organisationId],
    socket: socket.id,
    address,
    may: (permission) =>
      permission === 'anyone' || (permission in permissions && held.includes(permission as Permission)),
  };
}
