import type pg from 'pg';
import type { CommandId, OrganisationId } from '../../shared/contract/id.ts';
import type { Answer } from '../../shared/contract/refusal.ts';
import { isReadOnly, sqlState } from '../db/errors.ts';
import { begin, commit, rollback, type Statement as Sent, sendAll } from '../db/pipeline.ts';
import { named } from './named.ts';
import type { Happened, Order, Rules, Settled } from './plan.ts';
import { actorKey, idReused, plan } from './plan.ts';
import type { Context, Need, Noun, Raw, Statement } from './room.ts';
import { saves } from './saves.ts';
import { Loaded } from './state.ts';

/** Loading more than this often means that commands ask for things one by one. */
const mostRounds = 6;

/** What a committed batch leaves behind. */
export interface Committed {
  readonly settled: readonly Settled[];
  readonly happened: readonly Happened[];
  /** The earliest instant at which a job planned here is due, or null. */
  readonly dueAt: number | null;
}

/**
 * Opens the organisation's wall, and has every statement of the batch keep one plan: planned anew for each set of ids they
 * take longer to plan than to run, and all of them go by key.
 */
const inOrganisation = (id: OrganisationId): Sent =>
  named({
    text: `select set_config('halyard.organisation', $1, true), set_config('plan_cache_mode', 'force_generic_plan', true)`,
    values: [id],
  });

/**
 * Carries out a batch of one organisation's commands as one transaction: takes the position, finds answers already given,
 * loads, decides each in order, saves with one statement per table. Two round trips where everything needed was foreseen.
 * @throws what the database threw; nothing of the batch happened then, unless the connection was lost at the commit
 */
export async function writeBatch(
  pool: pg.Pool,
  rules: Rules,
  organisationId: OrganisationId,
  orders: readonly Order[],
  clock: () => number,
  fallback: Context['fallback'],
): Promise<Committed> {
  const client = await pool.connect();
  let broken: Error | boolean = false;
  try {
    const loaded = new Loaded();
    const wanted = distinct(orders.flatMap((order) => foreseen(rules, order, organisationId)));
    const loads = loadStatements(organisationId, wanted);
    const first = await sendAll(client, [
      begin,
      inOrganisation(organisationId),
      named({
        text: 'select position, hash from clock where organisation_id = $1 for update',
        values: [organisationId],
      }),
      named({
        // One look at the whole key for each: an organisation's answers of a week are many.
        text: `select found.* from unnest($2::text[], $3::uuid[]) as given (actor, id) cross join lateral (
            select actor, command_id, payload_hash, answer from answer
              where organisation_id = $1 and actor = given.actor and command_id = given.id limit 1) as found`,
        values: [organisationId, orders.map((order) => actorKey(order.actor)), orders.map((order) => order.id)],
      }),
      ...loads.map(({ statement }) => named(statement)),
    ]);
    const taken = first[2]?.rows[0] as { position: number; hash: Buffer } | undefined;
    if (taken === undefined) throw new Error(`organisation ${organisationId} has no clock`);
    const answers = new Map<string, { payloadHash: Buffer; answer: Answer }>();
    for (const row of (first[3]?.rows ?? []) as {
      actor: string;
      command_id: CommandId;
      payload_hash: Buffer;
      answer: Answer;
    }[])
      answers.set(`${row.actor}/${row.command_id}`, { payloadHash: row.payload_hash, answer: row.answer });
    take(loaded, loads, first.slice(4));

    const start = { organisationId, position: taken.position, now: clock(), fallback, answers };
    let decided = plan(rules, orders, loaded, start);
    for (let round = 0; 'missing' in decided; round += 1) {
      if (round === mostRounds)
        throw new Error(`a batch still asks for ${decided.missing.map((one) => one.noun.kind).join(', ')}`);
      const more = loadStatements(organisationId, distinct(decided.missing));
      take(
        loaded,
        more,
        await sendAll(
          client,
          more.map(({ statement }) => named(statement)),
        ),
      );
      decided = plan(rules, orders, loaded, start);
    }
    await sendAll(client, [...saves(organisationId, decided, taken, start.now).map(named), commit]);
    const due = decided.jobs.flatMap((change) => ('plan' in change ? [change.plan.dueAt] : []));
    return { settled: decided.settled, happened: decided.happened, dueAt: due.length === 0 ? null : Math.min(...due) };
  } catch (error) {
    // A session that takes no writes will never take any; the next one may.
    if (isReadOnly(error)) broken = true;
    // A rollback that fails means that the connection is of no use any more.
    await sendAll(client, [rollback]).catch((failed: Error) => {
      broken = failed;
    });
    const [only, ...others] = orders;
    // The sender took the id of a line that somebody else wrote. In a larger batch each is tried alone after this.
    if (only !== undefined && others.length === 0 && isLineTaken(error))
      return { settled: [{ order: only, answer: idReused, fresh: false }], happened: [], dueAt: null };
    throw error;
  } finally {
    client.release(broken);
  }
}

/** A line takes the id of the command that sent it, and its table refuses a second one. */
function isLineTaken(error: unknown): boolean {
  const constraint = typeof error === 'object' && error !== null ? Reflect.get(error, 'constraint') : undefined;
  return sqlState(error) === '23505' && (constraint === 'entry_pkey' || constraint === 'internal_entry_pkey');
}

function foreseen(rules: Rules, order: Order, organisationId: OrganisationId): readonly Need[] {
  return [...rules.actor.need(order.actor), ...order.row.needs(order.input, order.actor, organisationId)];
}

interface Wanted {
  readonly noun: Noun<unknown>;
  readonly through: string | null;
  readonly ids: Set<string>;
}

/** What to load, each thing once: one statement per noun, and per way to find its rows. */
function distinct(needs: readonly Need[]): Wanted[] {
  const wanted: Wanted[] = [];
  for (const { noun, id, through = null } of needs) {
    const same = wanted.find((one) => one.noun === noun && one.through === through);
    if (same === undefined) wanted.push({ noun, through, ids: new Set([id]) });
    else same.ids.add(id);
  }
  return wanted;
}

interface Load {
  readonly noun: Noun<unknown>;
  /** Ids of which it is known afterwards whether there is a row; null where the statement finds ids by itself. */
  readonly ids: readonly string[] | null;
  readonly statement: Statement;
}

function loadStatements(organisationId: OrganisationId, wanted: readonly Wanted[]): Load[] {
  return wanted.map(({ noun, through, ids: set }) => {
    const ids = [...set];
    if (through === null) return { noun, ids, statement: noun.load(organisationId, ids) };
    const find = noun.through?.[through];
    if (find === undefined) throw new Error(`a ${noun.kind} is not found through a ${through}`);
    return { noun, ids: null, statement: find(organisationId, ids) };
  });
}

function take(loaded: Loaded, loads: readonly Load[], results: readonly pg.QueryResult[]): void {
  loads.forEach(({ noun, ids }, at) => {
    const rows = (results[at]?.rows ?? []) as Raw[];
    const found = new Map(rows.map((raw) => noun.read(raw)));
    loaded.put(noun, ids ?? [...found.keys()], found);
  });
}
