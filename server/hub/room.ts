import type { CommandInput, CommandName, CommandResult } from '../../shared/contract/command.ts';
import type { CustomerConversation, CustomerLine } from '../../shared/contract/customer.ts';
import type { ActorRef, Event, EventOf, EventType, Fact } from '../../shared/contract/event.ts';
import type { CommandId, ConversationId, CustomerId, Id, OrganisationId } from '../../shared/contract/id.ts';
import type { Permission } from '../../shared/contract/permission.ts';
import type { Person } from '../../shared/contract/person.ts';
import type { Refusal } from '../../shared/contract/refusal.ts';
import type { AutoFallback } from '../../shared/contract/wire.ts';
import type { State } from './state.ts';

/**
 * What a room hands to the hub. The hub knows these shapes and no room; `app.ts` brings them together.
 */

/** One SQL statement. `text` is constant for a purpose, so that PostgreSQL can keep its plan. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** A row as `pg` answers it. */
export type Raw = Readonly<Record<string, unknown>>;

/**
 * A kind of thing that commands look at, one row per id. Loaded by one query for a whole batch, moved by events, saved by one
 * statement. A noun without `save` is derived: it is loaded when asked for and follows events, but is nobody's record.
 */
export interface Noun<Row> {
  readonly kind: string;
  load(organisationId: OrganisationId, ids: readonly string[]): Statement;
  /** Rows that another thing names, by that thing's kind: found in the same round as the thing itself. */
  readonly through?: Readonly<Record<string, (organisationId: OrganisationId, ids: readonly string[]) => Statement>>;
  /** The id a loaded row belongs to, and the row. */
  read(raw: Raw): readonly [id: string, row: Row];
  /** Ids of the rows an event moves. */
  touches(event: Event): readonly string[];
  /** Ids among them that did not exist before this event: they are not looked for. */
  born?(event: Event): readonly string[];
  evolve(row: Row | undefined, event: Event, id: string): Row | undefined;
  save?(organisationId: OrganisationId, rows: readonly Row[]): Statement;
}

/** What a command wants to find loaded when it decides. Whatever else it asks for is loaded in a further round. */
export interface Need {
  readonly noun: Noun<unknown>;
  readonly id: string;
  /** The kind of thing that `id` names, where that is not the noun itself but something that names its row. */
  readonly through?: string;
}

/** A noun's rows are invisible to the hub, so it keeps nouns of any row; the typed way back is `State.get`. */
export function need<Row>(noun: Noun<Row>, id: string): Need {
  return { noun: noun as Noun<unknown>, id };
}

/**
 * A row that is known only by something that names it: the conversation of a session. It saves a round; a command that does
 * not say so is right too.
 * @param kind a key of the noun's `through`
 */
export function needThrough<Row>(noun: Noun<Row>, kind: string, id: string): Need {
  return { noun: noun as Noun<unknown>, id, through: kind };
}

/** Who acts, as found at the command's position in the log. */
export type Actor =
  | {
      readonly kind: 'person';
      readonly id: Person['id'];
      readonly person: Person;
      can(permission: Permission): boolean;
    }
  | { readonly kind: 'customer'; readonly id: CustomerId }
  | { readonly kind: 'system' };

export interface Context {
  readonly organisationId: OrganisationId;
  readonly actor: Actor;
  /** The sender's id for this command. A line that the sender shows at once takes it as its entry id. */
  readonly commandId: CommandId;
  /** The hub's clock, ms; one instant for the whole batch. */
  readonly now: number;
  /** What this hub finds of itself just now: that a flag would not reach supervisors in time. */
  readonly fallback: AutoFallback | null;
  newId<K extends string>(): Id<K>;
}

/** Values that a writer stores beside an event and that are never logged, answered or sent: an address, a hash. */
export type Secret = Readonly<Record<string, string | number | null>>;

/** A fact; or one with what its writers alone may see, or one that the hub itself is the author of, whoever gave it cause. */
export type Outcome =
  | Fact
  | { readonly fact: Fact; readonly secret: Secret }
  | { readonly fact: Fact; readonly by: Extract<ActorRef, { kind: 'system' }> };

export type Decision<V> = { readonly events: readonly Outcome[]; readonly value: V } | { readonly refusal: Refusal };

/** Points per `seconds`, of each socket and person; a command costs one. */
export interface Rate {
  readonly points: number;
  readonly seconds: number;
}

/**
 * How a command is carried out. `decide` is pure: it looks at the state, and answers events or a refusal. It never catches:
 * asking for something that is not loaded ends the attempt, and the batch loads it and asks again.
 */
export interface CommandRow<I, V> {
  /** Checked at the gate; rights to the object itself are checked in `decide`. `customer`: only a customer. */
  readonly permission: Permission | 'anyone' | 'customer' | 'system';
  readonly rate: Rate;
  /** Takes a batch of its own, because it looks at derived nouns that do not follow events. */
  readonly alone?: true;
  /**
   * Calls supervisors: refused with `fallback_mode` while they would not hear of it in time (S1.6). `decide` refuses by the
   * switch and by what this hub finds; of a database that takes no writes the gate answers, since nothing is decided then.
   */
  readonly callsForHelp?: true;
  /** Async work before the line, such as hashing a password. */
  prepare?(input: I): Promise<I>;
  needs(input: I, actor: ActorRef, organisationId: OrganisationId): readonly Need[];
  decide(state: State, input: I, context: Context): Decision<V>;
}

export type Command<N extends CommandName> = CommandRow<CommandInput<N>, CommandResult<N>>;
export type CommandTable = { readonly [N in CommandName]: Command<N> };

/** What follows from a fact in the same batch: pure, with its own look at the state after the fact. */
export type Reaction = (event: Event, state: State, context: Context) => readonly Outcome[];

/** Rows that are added or counted and never looked at by commands. `rows` is asked before the event moves the state. */
export interface Writer<Row> {
  readonly table: string;
  rows(event: Event, before: State, secret: Secret | null, context: Context): readonly Row[];
  save(organisationId: OrganisationId, rows: readonly Row[]): Statement;
}

/**
 * Names of audiences; a socket is in the rooms of its person. `everyone` is the organisation's staff, by name and never by
 * an empty list.
 */
export type Room =
  | 'everyone'
  | `person:${string}`
  | `team:${string}`
  | `supervisors:${string}`
  | `right:${Permission}`
  /** Not to this person, whatever other rooms they are in: an agent who supervises their own team is watched in silence too. */
  | `not:person:${string}`;

/**
 * Whether an audience holds somebody: in one of its rooms, and not left out by name.
 * @param mine the rooms that the person is in
 */
export function reachesPerson(audience: readonly Room[], mine: ReadonlySet<string>): boolean {
  let reached = false;
  for (const room of audience) {
    if (mine.has(room)) reached = true;
    else if (room.startsWith(leftOut) && mine.has(room.slice(leftOut.length - 'person:'.length))) return false;
  }
  return reached;
}

const leftOut = 'not:person:';

/** An audience as the sockets take it: rooms to send to, and rooms of those who are left out. */
export function toAndExcept(audience: readonly Room[]): {
  readonly to: readonly Room[];
  readonly except: readonly Room[];
} {
  const except = audience.flatMap((room): Room[] =>
    room.startsWith(leftOut) ? [`person:${room.slice(leftOut.length)}`] : [],
  );
  return except.length === 0
    ? { to: audience, except }
    : { to: audience.filter((room) => !room.startsWith(leftOut)), except };
}

/** Who may see an event. `moves`: whoever saw the conversation before and does not see it after gets a tombstone. */
export interface AudienceRow<E extends Event> {
  rooms(event: E, state: State): readonly Room[];
  readonly moves?: true;
}
export type AudienceTable = { readonly [T in EventType]: AudienceRow<EventOf<T>> };

/** What a customer's screen gets of an event; stored beside it as the customer's transcript. */
export type CustomerFrame =
  | {
      readonly kind: 'line';
      readonly customerId: CustomerId;
      readonly conversationId: ConversationId;
      readonly line: CustomerLine;
    }
  | {
      readonly kind: 'conversation';
      readonly customerId: CustomerId;
      readonly position: number;
      readonly conversation: CustomerConversation;
    };
/** Asked after the event moved the state. `null`: nothing of it is for customers. */
export type CustomerTable = {
  readonly [T in EventType]: null | ((event: EventOf<T>, state: State) => readonly CustomerFrame[]);
};

/** A due row: run as a command of the system, once. Its id is derived from what it is about, so that it can be dropped by name. */
export interface Job {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly dueAt: number;
}
export interface JobWriter {
  /** Jobs that an event plans, and ids of those it makes pointless. */
  jobs(event: Event, before: State): { readonly plan?: readonly Job[]; readonly drop?: readonly string[] };
}

/** A room, as it is handed to the hub. */
export interface RoomParts {
  readonly nouns?: readonly Noun<unknown>[];
  readonly writers?: readonly Writer<unknown>[];
  readonly reactions?: readonly Reaction[];
  readonly jobWriters?: readonly JobWriter[];
  /** The command a due job of this kind runs, with `{ subject }` as its input. */
  readonly jobs?: Readonly<Record<string, CommandRow<{ readonly subject: string }, null>>>;
}
