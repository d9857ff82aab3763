import type { CommandName } from '../../../../shared/contract/command.ts';
import type { FlagId } from '../../../../shared/contract/id.ts';
import { newId } from '../../../../shared/contract/uuid.ts';
import type { TestDatabase } from '../../../support/database.ts';
import { type HubProcess, startHub } from '../../../support/hub-process.ts';
import type { StaffClient } from '../../../support/staff-client.ts';
import { until } from '../../../support/wait.ts';
import { agents, House, insist, type Serving } from './house.ts';
import { type Relay, startRelay } from './relay.ts';

/** What a run of deaths came to. Times are real, in ms. */
export interface Counts {
  seed: number;
  rounds: number;
  /** Commands that were sent until a hub answered. */
  commands: number;
  /** Those of them that had to be sent more than once. */
  resent: number;
  /** Flags that a hub said it had raised. */
  raises: number;
  /** Acknowledged, and not in the log. */
  lost: number;
  /** In the log more than once, or although the answer was a refusal. */
  doubled: number;
  /** The commands behind the last two, for whoever looks for the reason. */
  wrong: string[];
  /** Claims of what was theirs already, which are granted and change nothing. */
  claimedAgain: number;
  /** From a kill until the last screen was live again: the longest. */
  backMs: number;
  /** From there until every screen showed what the database holds: the longest. */
  convergedMs: number;
  /** From the start of a hub until it could serve: the longest. */
  startMs: number;
}

/** Numbers between 0 and 1 that depend on the seed alone (mulberry32). */
export function random(seed: number): () => number {
  let at = seed >>> 0;
  return () => {
    at = (at + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(at ^ (at >>> 15), at | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Done {
  readonly name: CommandName;
  readonly id: string;
  readonly ok: boolean;
  readonly tries: number;
  readonly flagId: string | null;
  readonly by: string;
}

/** Agents who raise and lower without a pause, supervisors who claim, and hubs that are killed under them. */
export class Rounds {
  readonly counts: Counts;
  readonly #next: () => number;
  readonly #house: House;
  readonly #env: Record<string, string>;
  /** Where screens connect; it leads to the hub that dies next. */
  readonly #door: Relay;
  /** Where one screen connects that shall be on another hub than the rest. */
  readonly #sideDoor: Relay;
  readonly #staff: readonly Serving[];
  readonly #supervisors: readonly StaffClient[];
  readonly #hubs: HubProcess[];
  readonly #starting = new Map<number, Promise<void>>();
  #victim = 0;

  private constructor(parts: {
    seed: number;
    house: House;
    env: Record<string, string>;
    door: Relay;
    sideDoor: Relay;
    staff: readonly Serving[];
    supervisors: readonly StaffClient[];
    hubs: HubProcess[];
  }) {
    this.#next = random(parts.seed);
    this.#house = parts.house;
    this.#env = parts.env;
    this.#door = parts.door;
    this.#sideDoor = parts.sideDoor;
    this.#staff = parts.staff;
    this.#supervisors = parts.supervisors;
    this.#hubs = parts.hubs;
    this.counts = {
      seed: parts.seed,
      rounds: 0,
      commands: 0,
      resent: 0,
      raises: 0,
      lost: 0,
      doubled: 0,
      wrong: [],
      claimedAgain: 0,
      backMs: 0,
      convergedMs: 0,
      startMs: 0,
    };
  }

  static async prepare(options: {
    seed: number;
    database: TestDatabase;
    redisUrl: string;
    agents: number;
  }): Promise<Rounds> {
    const { seed, database, redisUrl } = options;
    const env = { DATABASE_URL: database.url, REDIS_URL: redisUrl };
    const house = await House.build(database.options, agents(options.agents));
    const hubs = await Promise.all([startHub({ env }), startHub({ env }), startHub({ env })]);
    try {
      const door = await startRelay({ port: hubs[0].port });
      const sideDoor = await startRelay({ port: hubs[1].port });
      const url = `http://127.0.0.1:${door.port}`;
      const staff: Serving[] = [];
      for (let at = 1; at <= options.agents; at += 1) staff.push(await house.serve(url, `A${at}`));
      const supervisors = [
        await house.staff(url, 'Ines', 'wallboard'),
        await house.staff(`http://127.0.0.1:${sideDoor.port}`, 'Tomasz', 'wallboard'),
      ];
      return new Rounds({ seed, house, env, door, sideDoor, staff, supervisors, hubs });
    } catch (error) {
      // Nobody else knows of them yet.
      await Promise.all(hubs.map((hub) => hub.kill()));
      throw error;
    }
  }

  /** One hub dies in the middle of work, and everything is looked at. */
  async round(): Promise<void> {
    const { counts } = this;
    const between = (low: number, high: number): number => low + this.#next() * (high - low);
    const victim = this.#victim;
    const heir = (victim + 1 + Math.floor(this.#next() * (this.#hubs.length - 1))) % this.#hubs.length;
    await this.#starting.get(heir);

    let working = true;
    const done: Done[] = [];
    const work = Promise.all(this.#staff.map((agent) => this.#serve(agent, () => working, done)));
    const help = Promise.all(this.#supervisors.map((screen) => this.#claim(screen, () => working, done)));
    await new Promise((resume) => setTimeout(resume, between(30, 300)));
    const third = this.#hubs.findIndex((_, at) => at !== victim && at !== heir);
    this.#door.to({ port: this.#hub(heir).port });
    this.#sideDoor.to({ port: this.#hub(this.#starting.has(third) ? heir : third).port });
    const killedAt = performance.now();
    await this.#hub(victim).kill();
    this.#victim = heir;
    const port = this.#hub(victim).port;
    const again = startHub({ env: this.#env, port }).then((hub) => {
      counts.startMs = Math.max(counts.startMs, performance.now() - killedAt);
      this.#hubs[victim] = hub;
      this.#starting.delete(victim);
    });
    // Whoever waits for it hears of a failure; nobody has to.
    again.catch(() => {});
    this.#starting.set(victim, again);

    working = false;
    await Promise.all([work, help]);
    const screens = [...this.#staff.map(({ screen }) => screen), ...this.#supervisors];
    // Every agent has had an answer by now; a screen that sends nothing must come back as well.
    await Promise.all(
      screens.map((screen) => until('every screen to be live again', () => screen.ready && screen.socket.connected)),
    );
    const back = screens.map((screen) => this.#house.liveSince(screen) - killedAt);
    counts.backMs = Math.max(counts.backMs, ...back);
    counts.convergedMs = Math.max(counts.convergedMs, await this.#house.converge(screens));
    await this.#compare(done);
    counts.rounds += 1;
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#starting.values());
    await this.#house.close();
    await Promise.all(this.#hubs.map((hub) => hub.kill()));
    await Promise.all([this.#door.close(), this.#sideDoor.close()]);
  }

  /** Flags in the database: there must be as many as were acknowledged. */
  async flags(): Promise<number> {
    const [row] = await this.#house.rows<{ flags: number }>(
      'select count(*)::int as flags from flag where organisation_id = $1',
      [this.#house.id],
    );
    return row?.flags ?? 0;
  }

  /**
   * Positions that a screen was sent twice in its lifetime or never, among the flags raised while it was open. A screen that
   * got a snapshot in between was told of all before it by that.
   */
  async holes(): Promise<number> {
    const raised = await this.#house.rows<{ position: number }>(
      `select position from log where organisation_id = $1 and type = 'flag:raised'`,
      [this.#house.id],
    );
    let holes = 0;
    for (const screen of this.#supervisors) {
      if (screen.snapshots > 1) continue;
      const heard = new Set(screen.heard('flag:raised').map((event) => event.position));
      holes += raised.filter(({ position }) => !heard.has(position)).length;
    }
    return holes;
  }

  async #serve(agent: Serving, working: () => boolean, done: Done[]): Promise<void> {
    const { screen, sessionId, reasonId, conversationId } = agent;
    const by = screen.now.me.personId;
    let up = [...screen.now.flags.values()].find((flag) => flag.sessionId === sessionId)?.id ?? null;
    while (working()) {
      // Slowly enough for the limit of five raises in five seconds.
      await new Promise((resume) => setTimeout(resume, this.#next() * 60));
      const dice = this.#next();
      if (up === null) {
        const input = { sessionId, reasonId, message: `Help, ${agent.name} asks.`, askJoin: dice < 0.3 };
        const id = newId<'command'>(Date.now());
        const { answer, tries } = await insist(screen, 'flag:raise', input, id);
        const flagId = answer.ok ? (answer.value.flagId as FlagId) : null;
        done.push({ name: 'flag:raise', id, ok: answer.ok, tries, flagId, by });
        up = flagId;
      } else if (dice < 0.7) {
        const id = newId<'command'>(Date.now());
        const { answer, tries } = await insist(screen, 'flag:lower', { flagId: up, outcome: 'answered' }, id);
        done.push({ name: 'flag:lower', id, ok: answer.ok, tries, flagId: up, by });
        up = null;
      } else {
        const id = newId<'command'>(Date.now());
        const input = { conversationId, text: 'One moment, please.' };
        const { answer, tries } = await insist(screen, 'message:send', input, id);
        done.push({ name: 'message:send', id, ok: answer.ok, tries, flagId: null, by });
      }
    }
  }

  async #claim(screen: StaffClient, working: () => boolean, done: Done[]): Promise<void> {
    const by = screen.now.me.personId;
    while (working()) {
      const open = [...(screen.live?.flags.values() ?? [])].filter((flag) => flag.claim === null);
      const flag = open[Math.floor(this.#next() * open.length)];
      if (flag !== undefined) {
        const id = newId<'command'>(Date.now());
        const { answer, tries } = await insist(screen, 'flag:claim', { flagId: flag.id }, id);
        done.push({ name: 'flag:claim', id, ok: answer.ok, tries, flagId: flag.id, by });
      }
      await new Promise((resume) => setTimeout(resume, 20));
    }
  }

  async #compare(done: readonly Done[]): Promise<void> {
    const { counts } = this;
    const facts: Partial<Record<CommandName, string>> = {
      'flag:raise': 'flag:raised',
      'flag:lower': 'flag:lowered',
      'flag:claim': 'flag:claimed',
      'message:send': 'message:sent',
    };
    for (const [name, type] of Object.entries(facts)) {
      const some = done.filter((one) => one.name === name);
      const times = await this.#house.happened(
        type,
        some.map(({ id }) => id),
      );
      for (const { id, ok, flagId, by } of some) {
        const found = times.get(id) ?? 0;
        if (ok && found === 0) {
          if (name === 'flag:claim' && (await this.#claimedBefore(flagId, by))) counts.claimedAgain += 1;
          else {
            counts.lost += 1;
            counts.wrong.push(`${name} ${id}`);
          }
        }
        if (found > (ok ? 1 : 0)) {
          counts.doubled += 1;
          counts.wrong.push(`${name} ${id}`);
        }
      }
    }
    counts.commands += done.length;
    counts.resent += done.filter(({ tries }) => tries > 1).length;
    counts.raises += done.filter(({ name, ok }) => name === 'flag:raise' && ok).length;
  }

  async #claimedBefore(flagId: string | null, personId: string): Promise<boolean> {
    const rows = await this.#house.rows(
      `select from log where organisation_id = $1 and type = 'flag:claimed' and payload ->> 'flagId' = $2 and payload ->> 'personId' = $3`,
      [this.#house.id, flagId, personId],
    );
    return rows.length > 0;
  }

  #hub(at: number): HubProcess {
    const hub = this.#hubs[at];
    if (hub === undefined) throw new Error(`there is no hub ${at}`);
    return hub;
  }
}
