import { createHash } from 'node:crypto';
import type { ActorRef, Event } from '../../shared/contract/event.ts';
import type { CommandId, Id, OrganisationId } from '../../shared/contract/id.ts';
import type { Answer, Refusal } from '../../shared/contract/refusal.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import { newId } from '../../shared/contract/uuid.ts';
import { internal } from '../auth/answer.ts';
import type {
  Actor,
  AudienceRow,
  AudienceTable,
  CommandRow,
  Context,
  CustomerFrame,
  CustomerTable,
  Job,
  JobWriter,
  Need,
  Noun,
  Outcome,
  Reaction,
  Room,
  Secret,
  Writer,
} from './room.ts';
import type { Loaded, State } from './state.ts';
import { BatchState, NotLoaded } from './state.ts';

/** Everything the hub was handed by the rooms, in one place and frozen. */
export interface Rules {
  readonly nouns: readonly Noun<unknown>[];
  readonly writers: readonly Writer<unknown>[];
  readonly reactions: readonly Reaction[];
  readonly jobWriters: readonly JobWriter[];
  readonly audience: AudienceTable;
  readonly customer: CustomerTable;
  readonly actor: {
    /** What must be loaded to know who acts. */
    need(ref: ActorRef): readonly Need[];
    /** Who acts, at this place in the log; a refusal when they may not act at all any more. */
    read(state: State, ref: ActorRef): Actor | Refusal;
  };
  /** Hears of a command that threw. */
  onThrow(error: unknown, order: Order): void;
}

/** A due row, and the position of the event that planned it: one that was planned anew since is another. */
export interface PlannedJob {
  readonly id: string;
  readonly planned: number;
}

/** A command in the line, as the gate let it in. */
export interface Order {
  readonly id: CommandId;
  readonly name: string;
  // The row and its input belong together; the gate has parsed the one with the other's schema.
  readonly row: CommandRow<never, unknown>;
  readonly input: never;
  readonly actor: ActorRef;
  readonly payloadHash: Buffer;
  /** Where it came from, for the audit entry. */
  readonly address: string | null;
  /** The due row this command answers, as it was planned then; it is deleted in the same batch. */
  readonly job?: PlannedJob;
  readonly ids: Ids;
}

/**
 * Ids that a command makes. A batch that is decided again hands out the same ones in the same order, so that what was looked
 * up for the first attempt is there for the next.
 */
export class Ids {
  readonly #made: string[] = [];
  #at = 0;

  next<K extends string>(now: number): Id<K> {
    const made = this.#made[this.#at] ?? newId<K>(now);
    this.#made[this.#at] = made;
    this.#at += 1;
    return made as Id<K>;
  }

  /** Starts again from the first. */
  rewind(): void {
    this.#at = 0;
  }
}

/** An event with everything that is stored and sent beside it. */
export interface Happened {
  readonly event: Event;
  readonly audience: readonly Room[];
  /** Who saw the conversation before and no longer does. */
  readonly hidden: readonly Room[];
  readonly frames: readonly CustomerFrame[];
  readonly order: Order;
}

export type JobChange = { readonly plan: Job; readonly position: number } | { readonly drop: string };

export interface Settled {
  readonly order: Order;
  readonly answer: Answer;
  /** A first answer is stored; a repeat of an earlier one is not. */
  readonly fresh: boolean;
}

export interface Plan {
  readonly happened: readonly Happened[];
  readonly settled: readonly Settled[];
  readonly rows: ReadonlyMap<Writer<unknown>, readonly unknown[]>;
  /** What is planned and dropped, in order: of each id the last word stands. */
  readonly jobs: readonly JobChange[];
  /** Due rows that were answered. */
  readonly answered: readonly PlannedJob[];
  readonly state: BatchState;
}

export interface Start {
  readonly organisationId: OrganisationId;
  readonly position: number;
  readonly now: number;
  readonly fallback: Context['fallback'];
  /** Stored first answers, by `answerKey`. */
  readonly answers: ReadonlyMap<string, { readonly payloadHash: Buffer; readonly answer: Answer }>;
}

/** More facts than this from one command mean that reactions feed each other. */
const mostFacts = 500;

export function actorKey(ref: ActorRef): string {
  return ref.kind === 'system' ? 'system' : `${ref.kind}:${ref.id}`;
}

export const answerKey = (ref: ActorRef, id: string): string => `${actorKey(ref)}/${id}`;

export function hashPayload(name: string, input: unknown): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([name, input]))
    .digest();
}

interface Draft {
  happened: Happened[];
  rows: [Writer<unknown>, readonly unknown[]][];
  jobs: JobChange[];
}

/**
 * Decides a batch, in order, over what is loaded. Pure: called again with more loaded it starts from the beginning.
 * @returns the plan, or what it asked for and did not find
 */
export function plan(
  rules: Rules,
  orders: readonly Order[],
  loaded: Loaded,
  start: Start,
): Plan | { readonly missing: readonly Need[] } {
  const state = new BatchState(loaded, rules.nouns);
  const missing: Need[] = [];
  const settled: Settled[] = [];
  const drafts: Draft[] = [];
  const answers = new Map(start.answers);
  let position = start.position;

  for (const order of orders) {
    const key = answerKey(order.actor, order.id);
    const earlier = answers.get(key);
    if (earlier !== undefined) {
      const same = earlier.payloadHash.equals(order.payloadHash);
      settled.push({ order, answer: same ? earlier.answer : idReused, fresh: false });
      continue;
    }
    const mark = state.mark();
    const draft: Draft = { happened: [], rows: [], jobs: [] };
    let answer: Answer;
    try {
      answer = carryOut(rules, order, state, start, position, draft);
    } catch (error) {
      state.back(mark);
      if (error instanceof NotLoaded) {
        missing.push(...error.needs);
        continue;
      }
      // A command that throws is a defect of ours: the sender gets a refusal, and the others are not harmed.
      rules.onThrow(error, order);
      answer = { ok: false, refusal: internal };
      draft.happened = [];
      draft.rows = [];
      draft.jobs = [];
    }
    if (!answer.ok) state.back(mark);
    position += draft.happened.length;
    drafts.push(draft);
    settled.push({ order, answer, fresh: true });
    answers.set(key, { payloadHash: order.payloadHash, answer });
  }
  if (missing.length > 0) return { missing };

  const rows = new Map<Writer<unknown>, unknown[]>();
  for (const [writer, some] of drafts.flatMap((draft) => draft.rows)) {
    const list = rows.get(writer);
    if (list === undefined) rows.set(writer, [...some]);
    else list.push(...some);
  }
  return {
    happened: drafts.flatMap((draft) => draft.happened),
    settled,
    rows,
    jobs: drafts.flatMap((draft) => draft.jobs),
    answered: settled.flatMap(({ order, fresh }) => (fresh && order.job !== undefined ? [order.job] : [])),
    state,
  };
}

function carryOut(rules: Rules, order: Order, state: BatchState, start: Start, from: number, draft: Draft): Answer {
  for (const need of rules.actor.need(order.actor)) state.get(need.noun, need.id);
  const actor = rules.actor.read(state, order.actor);
  if ('code' in actor) return { ok: false, refusal: actor };
  const refused = notPermitted(order, actor);
  if (refused !== null) return { ok: false, refusal: refused };

  order.ids.rewind();
  const context: Context = {
    organisationId: start.organisationId,
    actor,
    commandId: order.id,
    now: start.now,
    fallback: start.fallback,
    newId: () => order.ids.next(start.now),
  };
  const decision = order.row.decide(state, order.input, context);
  if ('refusal' in decision) return { ok: false, refusal: decision.refusal };

  const waiting: Outcome[] = [...decision.events];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (draft.happened.length >= mostFacts) throw new Error(`${order.name} led to more than ${mostFacts} facts`);
    const fact = 'fact' in next ? next.fact : next;
    const secret = 'secret' in next ? next.secret : null;
    const event: Event = {
      ...fact,
      organisationId: start.organisationId,
      position: from + draft.happened.length + 1,
      at: start.now,
      by: 'by' in next ? next.by : order.actor,
    };
    draft.happened.push(happen(rules, event, state, secret, context, order, draft));
    for (const react of rules.reactions) waiting.push(...react(event, state, context));
  }
  return { ok: true, position: from + draft.happened.length, value: decision.value };
}

function happen(
  rules: Rules,
  event: Event,
  state: BatchState,
  secret: Secret | null,
  context: Context,
  order: Order,
  draft: Draft,
): Happened {
  state.expect(event);
  for (const writer of rules.writers) {
    const rows = writer.rows(event, state, secret, context);
    if (rows.length > 0) draft.rows.push([writer, rows]);
  }
  for (const writer of rules.jobWriters) {
    const { plan: planned = [], drop = [] } = writer.jobs(event, state);
    draft.jobs.push(...drop.map((id) => ({ drop: id })));
    draft.jobs.push(...planned.map((job) => ({ plan: job, position: event.position })));
  }
  const row = rowOf(rules.audience, event);
  const before = row.rooms(event, state);
  state.apply(event);
  const after = row.rooms(event, state);
  const audience = row.moves === true ? after : [...new Set([...before, ...after])];
  const hidden = row.moves === true ? before.filter((room) => !after.includes(room)) : [];
  const frames = framesOf(rules.customer, event, state);
  return { event, audience, hidden, frames, order };
}

/** The table's row for this very type; the table is total and its rows are typed by the event they stand for. */
function rowOf(table: AudienceTable, event: Event): AudienceRow<Event> {
  return table[event.type] as AudienceRow<Event>;
}

function framesOf(table: CustomerTable, event: Event, state: State): readonly CustomerFrame[] {
  const row = table[event.type] as null | ((event: Event, state: State) => readonly CustomerFrame[]);
  return row === null ? [] : row(event, state);
}

function notPermitted(order: Order, actor: Actor): Refusal | null {
  const { permission } = order.row;
  if (permission === 'anyone') return null;
  const may =
    permission === 'customer'
      ? actor.kind === 'customer'
      : permission === 'system'
        ? actor.kind === 'system'
        : actor.kind === 'system' || (actor.kind === 'person' && actor.can(permission));
  return may ? null : notAllowed;
}

export const notAllowed: Refusal = refusal(
  'not_permitted',
  'Your role does not allow this.',
  'Ask an admin of your organisation for the permission.',
);
export const idReused: Answer = {
  ok: false,
  refusal: refusal('id_reused', 'This command id was used for something else.', 'Send it again under a new id.'),
};
