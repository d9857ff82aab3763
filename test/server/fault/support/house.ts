import { isDeepStrictEqual } from 'node:util';
import type pg from 'pg';
import { startSession } from '../../../../server/auth/login-session.ts';
import { readPrincipal } from '../../../../server/auth/principal.ts';
import { localBus } from '../../../../server/bus/bus.ts';
import { type Database, type DatabaseOptions, openDatabase } from '../../../../server/db/pool.ts';
import { Hub } from '../../../../server/hub/hub.ts';
import { create } from '../../../../server/organisation/create.ts';
import { startClock } from '../../../../server/organisation/queries.ts';
import { rules } from '../../../../server/rooms.ts';
import { readSnapshot } from '../../../../server/snapshot.ts';
import type { CommandInput, CommandName, CommandResult } from '../../../../shared/contract/command.ts';
import type { ConversationId, OrganisationId, PersonId, ReasonId, SessionId } from '../../../../shared/contract/id.ts';
import type { Answer } from '../../../../shared/contract/refusal.ts';
import { newId } from '../../../../shared/contract/uuid.ts';
import type { Live } from '../../../../shared/live/apply.ts';
import { fromSnapshot } from '../../../../shared/live/apply.ts';
import { CustomerClient } from '../../../support/customer-client.ts';
import type { Cast } from '../../../support/floor.ts';
import { recordingLog } from '../../../support/log.ts';
import { StaffClient } from '../../../support/staff-client.ts';
import { until } from '../../../support/wait.ts';

/** An agent at work: on a call with a customer, in a session that a flag can be raised on. */
export interface Serving {
  readonly name: string;
  readonly screen: StaffClient;
  readonly customer: CustomerClient;
  readonly conversationId: ConversationId;
  readonly sessionId: SessionId;
  readonly reasonId: ReasonId;
}

/** Agents of the team Banking, named A1, A2 and so on, and two supervisors of theirs, Ines and Tomasz. */
export const agents = (count: number): Cast[] => [
  ...Array.from({ length: count }, (_, at): Cast => ({ name: `A${at + 1}`, role: 'agent', teams: ['Banking'] })),
  { name: 'Ines', role: 'supervisor', supervises: ['Banking'] },
  { name: 'Tomasz', role: 'supervisor', supervises: ['Banking'] },
];

/**
 * An organisation in a database that hubs of other processes serve: the test looks into it past them all, so that what the
 * screens say can be held against what is stored.
 */
export class House {
  readonly db: Database;
  readonly id: OrganisationId;
  readonly #people: ReadonlyMap<string, PersonId>;
  readonly #clients: { close(): void }[] = [];
  readonly #liveSince = new Map<StaffClient, number>();

  private constructor(db: Database, id: OrganisationId, people: ReadonlyMap<string, PersonId>) {
    this.db = db;
    this.id = id;
    this.#people = people;
  }

  /** Makes the organisation by the hub's own command, in a hub that serves nobody and is gone afterwards. */
  static async build(options: Omit<DatabaseOptions, 'log'>, people: readonly Cast[]): Promise<House> {
    const log = recordingLog();
    const db = await openDatabase({ ...options, log });
    const id = newId<'organisation'>(Date.now());
    await startClock(db.system, id, 'Northlight Support');
    const hub = new Hub({
      db,
      bus: localBus(),
      clock: Date.now,
      fallback: () => null,
      log,
      rules: rules((error) => {
        throw error;
      }),
      epoch: '',
      hubId: newId<'hub'>(Date.now()),
      deliver: () => {},
      planned: () => {},
    });
    const founders = people.map((one) => ({
      name: one.name,
      email: `${one.name.toLowerCase()}.${id.slice(-6)}@example.org`,
      role: one.role,
      teams: one.teams ?? [],
      supervises: one.supervises ?? [],
      capacity: one.capacity ?? 3,
      tokenHash: null,
    }));
    const teams = [...new Set(people.flatMap((one) => [...(one.teams ?? []), ...(one.supervises ?? [])]))];
    const input = { name: 'Northlight Support', parentId: null, demo: false, teams, people: founders };
    const answer = await hub.run(id, 'organisation:create', create, input, { kind: 'system' });
    if (!answer.ok) throw new Error(answer.refusal.message);
    const { rows } = await db.system.query<{ id: PersonId; name: string }>(
      'select id, name from person where organisation_id = $1',
      [id],
    );
    return new House(db, id, new Map(rows.map((row) => [row.name, row.id])));
  }

  person(name: string): PersonId {
    const found = this.#people.get(name);
    if (found === undefined) throw new Error(`nobody is called ${name}`);
    return found;
  }

  /** A staff screen on a hub, which comes back by itself whatever ends its connection. */
  async staff(url: string, name: string, screen: 'console' | 'wallboard' = 'console'): Promise<StaffClient> {
    const who = { personId: this.person(name), organisationId: this.id };
    const token = await startSession(this.db.system, who, 'cookie', Date.now());
    const client = await StaffClient.connect({ url, token, kind: 'cookie', organisationId: this.id, screen });
    client.socket.on('ready', () => this.#liveSince.set(client, performance.now()));
    this.#clients.push(client);
    return client;
  }

  /** When a screen became live for the last time after it had lost its hub; 0 where it never did. */
  liveSince(screen: StaffClient): number {
    return this.#liveSince.get(screen) ?? 0;
  }

  async customer(url: string): Promise<CustomerClient> {
    const client = await CustomerClient.connect({ url, organisationId: this.id, visitor: null });
    this.#clients.push(client);
    return client;
  }

  /** Brings an agent to work on a hub: a customer writes, and the agent takes the conversation. */
  async serve(url: string, name: string): Promise<Serving> {
    const [screen, customer] = await Promise.all([this.staff(url, name), this.customer(url)]);
    const conversationId = await customer.start(`I would like to speak to ${name}.`);
    const { sessionId } = await screen.does('conversation:take', { conversationId });
    const [reason] = [...screen.now.reasons.values()];
    if (reason === undefined) throw new Error('there are no reasons');
    return {
      name,
      screen,
      customer,
      conversationId,
      sessionId: sessionId as SessionId,
      reasonId: reason.id,
    };
  }

  /** Asks the database, past every hub and every policy. */
  async rows<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.db.system.query<Row>(text, values)).rows;
  }

  /** How often each event of a type happened to each of the given commands, by command id. */
  async happened(type: string, commandIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.rows<{ command_id: string; times: number }>(
      `select command_id, count(*)::int as times from log
        where organisation_id = $1 and type = $2 and command_id = any($3::uuid[]) group by command_id`,
      [this.id, type, commandIds],
    );
    return new Map(rows.map((row) => [row.command_id, row.times]));
  }

  /** What a screen of this person would show if it were opened now. */
  async truth(personId: PersonId): Promise<Live> {
    const principal = await readPrincipal(this.db.system, personId);
    if (principal === null) throw new Error('this person is not active');
    return fromSnapshot(await readSnapshot(this.db, this.id, principal.person, '', Date.now()));
  }

  /** Waits until every screen shows exactly what the database holds (I3), and gives the ms that took. */
  async converge(screens: readonly StaffClient[], limitMs = 20_000): Promise<number> {
    const from = performance.now();
    for (const screen of screens) {
      let differs = '';
      await until(
        'a screen to show what the database holds',
        async () => {
          if (!screen.ready || screen.live === null) return false;
          const truth = await this.truth(screen.now.me.personId);
          differs = difference(screen.now, truth);
          return differs === '';
        },
        limitMs,
      ).catch((error: Error) => {
        throw new Error(`${error.message}: ${differs || 'it is not live'}`);
      });
    }
    return performance.now() - from;
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.db.close();
  }
}

const kinds = ['people', 'conversations', 'sessions', 'flags'] as const;

/** The first thing that two states do not agree about; empty where they agree. */
function difference(shown: Live, truth: Live): string {
  for (const kind of kinds) {
    const plain = (live: Live): Record<string, unknown> => JSON.parse(JSON.stringify(Object.fromEntries(live[kind])));
    const [is, should] = [plain(shown), plain(truth)];
    for (const id of new Set([...Object.keys(is), ...Object.keys(should)]))
      if (!isDeepStrictEqual(is[id], should[id]))
        return `${kind} ${id} is ${JSON.stringify(is[id])} and should be ${JSON.stringify(should[id])}`;
  }
  return '';
}

/** What became of a command that was sent until it was answered. */
export interface Sent<N extends CommandName> {
  readonly answer: Answer<CommandResult<N>>;
  /** How often it was sent. */
  readonly tries: number;
}

/**
 * Sends a command as a screen does: under one id, again and again, until a hub answers with more than "try again". The
 * refusal `rate_limited` is waited out too.
 */
export async function insist<N extends CommandName>(
  screen: StaffClient,
  name: N,
  input: CommandInput<N>,
  id = newId<'command'>(Date.now()),
  limitMs = 30_000,
): Promise<Sent<N>> {
  const again = new Set(['try_again', 'outcome_unknown', 'rate_limited']);
  const deadline = performance.now() + limitMs;
  for (let tries = 1; ; tries += 1) {
    await until('a connection to a hub', () => screen.socket.connected && screen.ready, limitMs);
    const answer = await screen.send(name, input, id).catch(() => null);
    if (answer !== null && (answer.ok || !again.has(answer.refusal.code))) return { answer, tries };
    if (performance.now() > deadline) throw new Error(`${name} was not answered: ${JSON.stringify(answer)}`);
    await new Promise((resume) => setTimeout(resume, 50));
  }
}
