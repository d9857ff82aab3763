import { newId } from '../../shared/contract/uuid.ts';
import type { Exactness, Times } from './measure.ts';
import { closedLoop } from './measure.ts';
import type { LiveSession, Organisation, Team } from './seed.ts';
import { firstTeam, seedLive } from './seed.ts';
import { StaffSocket } from './staff-socket.ts';
import type { Hub, Stage } from './stage.ts';

/** Agents with a socket each, who raise flags on live sessions of their own: every raise on another session. */
export class Raisers {
  readonly organisation: Organisation;
  readonly team: Team;
  readonly #stage: Stage;
  readonly #sockets: readonly StaffSocket[];
  #live: LiveSession[][] = [];

  private constructor(stage: Stage, organisation: Organisation, team: Team, sockets: readonly StaffSocket[]) {
    this.#stage = stage;
    this.organisation = organisation;
    this.team = team;
    this.#sockets = sockets;
  }

  static async connect(stage: Stage, hub: Hub, organisation: Organisation, count: number): Promise<Raisers> {
    const team = firstTeam(organisation);
    const sockets: StaffSocket[] = [];
    for (const { token } of team.agents.slice(0, count))
      sockets.push(
        await StaffSocket.connect({ url: hub.url, token, organisationId: organisation.id, screen: 'console' }),
      );
    return new Raisers(stage, organisation, team, sockets);
  }

  /** The database, past every wall: for preparing. */
  get system(): Stage['db']['system'] {
    return this.#stage.db.system;
  }

  /** Gives each of the first `agents` fresh sessions. */
  async prepare(agents: number, each: number): Promise<readonly (readonly LiveSession[])[]> {
    const live = await seedLive(this.#stage.db.system, this.organisation, this.team, { agents, each });
    this.#live = Array.from({ length: agents }, (_, agent) => live.filter((one) => one.agent === agent));
    return this.#live;
  }

  /** The next session of an agent that has no flag yet. */
  next(agent: number): LiveSession {
    const session = this.#live[agent]?.pop();
    if (session === undefined) throw new Error('too few sessions were prepared');
    return session;
  }

  /** Raises for one agent; gives the flag's id once it is acknowledged. */
  async raise(agent: number, message = 'The payee is on our list; may I go on?'): Promise<string> {
    return this.raiseOn(this.next(agent), message);
  }

  async raiseOn(session: LiveSession, message: string): Promise<string> {
    const answer = await this.#sockets[session.agent]?.send('flag:raise', {
      sessionId: session.id,
      reasonId: this.organisation.reasonId,
      message,
      askJoin: false,
    });
    if (answer?.ok !== true) throw new Error(`a raise was refused: ${JSON.stringify(answer)}`);
    return flagOf(answer.value);
  }

  /**
   * `waiting` agents, each waiting for the answer to its own raise before the next, for `ms`. Afterwards every
   * acknowledged flag is looked for in the database.
   */
  async run(waiting: number, ms: number): Promise<{ times: Times; perSecond: number; exactness: Exactness }> {
    const acknowledged: string[] = [];
    const ran = await closedLoop(waiting, ms, async (agent) => {
      acknowledged.push(await this.raise(agent));
      return true;
    });
    return { ...ran, exactness: await storedOnce(this.#stage, acknowledged) };
  }

  /** Raises on every prepared session, each agent waiting for its own. */
  async runThrough(): Promise<{ times: Times; perSecond: number }> {
    const agents = this.#live.length;
    return closedLoop(agents, Number.POSITIVE_INFINITY, async (agent) => {
      if ((this.#live[agent]?.length ?? 0) === 0) return false;
      await this.raise(agent);
      return true;
    });
  }

  close(): void {
    for (const socket of this.#sockets) socket.close();
  }
}

/** Holds acknowledged flags against the database: the row, and the one event that made it. */
export async function storedOnce(stage: Stage, flags: readonly string[]): Promise<Exactness> {
  const { rows } = await stage.db.system.query<{ stored: number; logged: number }>(
    `select (select count(*)::int from flag where id = any($1::uuid[])) as stored,
      (select count(*)::int from log where type = 'flag:raised' and (payload -> 'flag' ->> 'id')::uuid = any($1::uuid[])) as logged`,
    [flags],
  );
  const [{ stored, logged } = { stored: 0, logged: 0 }] = rows;
  const distinct = new Set(flags).size;
  return {
    sent: flags.length,
    lost: Math.max(0, distinct - Math.min(stored, logged)),
    duplicated: Math.max(0, logged - distinct) + flags.length - distinct,
    reordered: 0,
  };
}

export const newMessage = (): string => `Bench ${newId(Date.now())}`;

function flagOf(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'flagId' in value && typeof value.flagId === 'string')
    return value.flagId;
  throw new Error('a raise was acknowledged without its flag');
}
