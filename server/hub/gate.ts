import { z } from 'zod';
import type { CommandName } from '../../shared/contract/command.ts';
import { commands } from '../../shared/contract/command.ts';
import type { ActorRef } from '../../shared/contract/event.ts';
import type { OrganisationId } from '../../shared/contract/id.ts';
import { commandId, organisationId } from '../../shared/contract/id-schema.ts';
import type { Answer, Refusal } from '../../shared/contract/refusal.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import type { AutoFallback } from '../../shared/contract/wire.ts';
import { badInput } from '../auth/answer.ts';
import { autoFallback } from './fallback.ts';
import type { Hub } from './hub.ts';
import { notAllowed } from './plan.ts';
import type { Buckets } from './rate.ts';
import type { CommandRow, CommandTable } from './room.ts';

/** Who knocks at the gate, as the socket or the request was let in. */
export interface Caller {
  readonly actor: ActorRef;
  /** Organisations this caller may send commands to. */
  readonly organisations: readonly OrganisationId[];
  /** One socket, or one HTTP client: for rate limits. */
  readonly socket: string;
  readonly address: string | null;
  /** Permissions as last seen, so that what is plainly not allowed costs no transaction; decided again at the position. */
  may(permission: CommandRow<unknown, unknown>['permission']): boolean;
}

const frameSchema = z.strictObject({
  id: commandId,
  organisationId,
  name: z.string().max(64),
  input: z.unknown(),
});

/** All commands of one socket together, and of one organisation together. */
const socketRate = { points: 120, seconds: 10 };
const organisationRate = { points: 20_000, seconds: 10 };

const tooMany = (ms: number): Refusal =>
  refusal(
    'rate_limited',
    'That was too often in a short time.',
    `Wait ${Math.max(1, Math.ceil(ms / 1000))} s and try again.`,
    { retryMs: ms },
  );

/**
 * The gate in: parses with the contract's schema, checks permission and rate, and puts the command in its organisation's
 * line. Synchronous up to the line, so that one sender's commands keep their order.
 */
export class Gate {
  readonly #hub: Hub;
  readonly #table: CommandTable;
  readonly #buckets: Buckets;

  constructor(hub: Hub, table: CommandTable, buckets: Buckets) {
    this.#hub = hub;
    this.#table = table;
    this.#buckets = buckets;
  }

  /** Takes whatever came in; always answers, and never throws because of what it holds (I12). */
  take(caller: Caller, frame: unknown): Promise<Answer> {
    const parsed = frameSchema.safeParse(frame);
    if (!parsed.success) return refused(badInput(parsed.error));
    const { id, name, input } = parsed.data;
    if (!isCommand(name))
      return refused(
        refusal('unknown_command', 'There is no such command.', 'Reload the page; it may be older than the hub.'),
      );
    if (!caller.organisations.includes(parsed.data.organisationId)) return refused(notAllowed);
    return this.#enter(caller, parsed.data.organisationId, id, name, input);
  }

  #enter<N extends CommandName>(
    caller: Caller,
    organisation: OrganisationId,
    id: z.infer<typeof commandId>,
    name: N,
    given: unknown,
  ): Promise<Answer> {
    // The row and the schema of one name belong together; the table's type says so for every name.
    const row = this.#table[name] as CommandRow<unknown, unknown>;
    if (!caller.may(row.permission)) return refused(notAllowed);
    const who = caller.actor.kind === 'system' ? 'system' : caller.actor.id;
    const wait =
      this.#buckets.take(`socket ${caller.socket}`, socketRate) ||
      this.#buckets.take(`${name} ${who}`, row.rate) ||
      this.#buckets.take(`organisation ${organisation}`, organisationRate);
    if (wait > 0) return refused(tooMany(wait));
    const input = commands[name].safeParse(given);
    if (!input.success) return refused(badInput(input.error));
    const order = { id, name, row, actor: caller.actor, address: caller.address };
    const standing = this.#hub.options.fallback();
    if (row.callsForHelp === true && standing?.why === 'read_only')
      return this.#notHeard(organisation, { ...order, input: input.data }, standing);
    if (row.prepare === undefined) return this.#hub.submit(organisation, { ...order, input: input.data });
    return row.prepare(input.data).then((ready) => this.#hub.submit(organisation, { ...order, input: ready }));
  }

  /**
   * A call for help while the database takes no writes: it is told so at once instead of "try again" later. What happened before
   * keeps its first answer (I5).
   */
  async #notHeard(
    organisation: OrganisationId,
    order: Parameters<Hub['answered']>[1],
    standing: AutoFallback,
  ): Promise<Answer> {
    const given = await this.#hub.answered(organisation, order).catch(() => null);
    return given ?? refused(autoFallback(standing));
  }
}

const refused = (why: Refusal): Promise<Answer> => Promise.resolve({ ok: false, refusal: why });

const isCommand = (name: string): name is CommandName => Object.hasOwn(commands, name);
