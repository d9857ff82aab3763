import type { Event } from '../../shared/contract/event.ts';
import { Crowd } from '../support/crowd.ts';
import {
  addExactness,
  type Exactness,
  Ledger,
  median,
  openLoop,
  percentile,
  type Times,
  until,
} from '../support/measure.ts';
import { newMessage, Raisers } from '../support/raisers.ts';
import { type Bench, type Figure, figureOf, ms, type Row, roundsOf } from '../support/row.ts';
import { firstTeam, type Organisation, seedHistory, seedOrganisation } from '../support/seed.ts';
import { StaffSocket } from '../support/staff-socket.ts';
import type { Hub } from '../support/stage.ts';

const agents = 1000;
const raising = 16;
const eventsPerSecond = 200;
const raisesPerSecond = 50;

/**
 * P2 and P4: a raise on hub A until its flag is on a wallboard's socket, at hub A or at hub B; idle, and with a thousand
 * agents at hub A who make 200 events a second.
 */
export const deliveryRow: Row = {
  ids: ['P2', 'P4'],
  measure: async (bench) => {
    const { stage } = bench;
    const organisation = await seedOrganisation(stage.db.system, { teams: 20, agentsPerTeam: agents / 20 });
    await seedHistory(stage, organisation, firstTeam(organisation), 20_000);
    const [near, far] = [await stage.hub(), await stage.hub()];
    const raisers = await Raisers.connect(stage, near, organisation, raising);
    try {
      return await rounds(bench, { organisation, near, far, raisers });
    } finally {
      raisers.close();
      await stage.stopHub(near);
      await stage.stopHub(far);
    }
  },
};

interface Set {
  readonly organisation: Organisation;
  readonly near: Hub;
  readonly far: Hub;
  readonly raisers: Raisers;
}

/** A supervisor's wallboard, and when each raise was on its socket. */
class Wallboard {
  readonly at = new Map<string, number>();
  readonly ledger = new Ledger();
  #socket: StaffSocket | null = null;

  async connect(hub: Hub, organisation: Organisation): Promise<this> {
    const heard = (event: Event): void => {
      if (event.type !== 'flag:raised') return;
      this.at.set(event.text, performance.now());
      this.ledger.came(event.text, event.position);
    };
    const { token } = firstTeam(organisation).supervisor;
    const { id: organisationId } = organisation;
    this.#socket = await StaffSocket.connect({ url: hub.url, token, organisationId, screen: 'wallboard', heard });
    return this;
  }

  close(): void {
    this.#socket?.close();
  }
}

interface Ran {
  readonly near: Times;
  readonly far: Times;
  readonly exactness: Exactness;
}

async function rounds(bench: Bench, set: Set): Promise<Figure[]> {
  const { floors } = bench;
  const roundMs = bench.quick ? 800 : 1500;
  const idle: { floor: number; ran: Ran }[] = [];
  const across: Ran[] = [];
  const loaded: { floor: number; ran: Ran }[] = [];
  const floor = async (): Promise<number> => {
    const p99 = async (times: Promise<Times>): Promise<number> => percentile(await times, 0.99);
    const insert = p99(floors.insert(1, roundMs).then(({ times }) => times));
    return (await insert) + (await p99(floors.redis(roundMs / 2))) + (await p99(floors.echo(roundMs / 2)));
  };
  const oneByOne = async (walls: readonly Wallboard[]): Promise<Ran> => {
    await set.raisers.prepare(1, Math.ceil(roundMs));
    const until_ = performance.now() + roundMs;
    const sent = new Map<string, number>();
    while (performance.now() < until_) {
      const message = newMessage();
      sent.set(message, performance.now());
      await set.raisers.raise(0, message);
      await arrival(walls, message);
    }
    return ranOf(sent, walls);
  };
  await oneByOne([]);

  for (const _ of roundsOf(bench, 'idle', 50_000)) {
    const before = await floor();
    const alone = await new Wallboard().connect(set.near, set.organisation);
    idle.push({ floor: before, ran: await oneByOne([alone]) });
    const other = await new Wallboard().connect(set.far, set.organisation);
    across.push(await oneByOne([alone, other].map(fresh)));
    other.close();
    alone.close();
  }

  const crowd = await Crowd.connect(bench.stage, set.near, set.organisation, raising);
  const wall = await new Wallboard().connect(set.near, set.organisation);
  for (const _ of roundsOf(bench, 'loaded', 50_000)) {
    const before = await floor();
    const ran = await underLoad(set, crowd, wall, bench.quick ? 2000 : 4000);
    loaded.push({ floor: before, ran });
  }
  wall.close();
  await crowd.close();

  const near = (ran: Ran): number => percentile(ran.near, 0.99);
  const far = (ran: Ran): number => percentile(ran.far, 0.99);
  const behind = (list: readonly { floor: number; ran: Ran }[]): string =>
    `p50 ${ms(median(list.map(({ ran }) => percentile(ran.near, 0.5))))}, p99 ${ms(median(list.map(({ ran }) => near(ran))))}; floors together ${ms(median(list.map((one) => one.floor)))}`;
  return [
    figureOf({
      id: 'P2',
      what: "raise to a wallboard's socket, idle: p99 over INSERT + Redis + echo p99",
      unit: 'x',
      goal: { atMost: 1.3 },
      rounds: idle.map((one) => near(one.ran) / one.floor),
      behind: behind(idle),
      exactness: addExactness(idle.map(({ ran }) => ran.exactness)),
    }),
    figureOf({
      id: 'P2',
      what: `the same with ${agents.toLocaleString('en')} agents and ${eventsPerSecond} events/s; floors idle`,
      unit: 'x',
      goal: { atMost: 2 },
      rounds: loaded.map((one) => near(one.ran) / one.floor),
      behind: behind(loaded),
      exactness: addExactness(loaded.map(({ ran }) => ran.exactness)),
    }),
    figureOf({
      id: 'P4',
      what: 'raise on hub A to a wallboard on hub B over one on hub A, the same raises: p99',
      unit: 'x',
      goal: { atMost: 1.3 },
      rounds: across.map((ran) => far(ran) / near(ran)),
      behind: `p99 ${ms(median(across.map(far)))} over ${ms(median(across.map(near)))}`,
      exactness: addExactness(across.map(({ exactness }) => exactness)),
    }),
  ];
}

/** What came before is left out of the count. */
function fresh(wall: Wallboard): Wallboard {
  wall.at.clear();
  return wall;
}

async function arrival(walls: readonly Wallboard[], message: string): Promise<void> {
  const deadline = performance.now() + 3000;
  while (!walls.every((wall) => wall.at.has(message)) && performance.now() < deadline)
    await new Promise((resume) => setImmediate(resume));
}

function ranOf(sent: ReadonlyMap<string, number>, walls: readonly Wallboard[]): Ran {
  const times = (wall: Wallboard | undefined): Times =>
    [...sent].map(([message, from]) => (wall?.at.get(message) ?? Number.POSITIVE_INFINITY) - from);
  const messages = [...sent.keys()];
  return {
    near: times(walls[0]),
    far: times(walls[1]),
    exactness: addExactness(walls.map((wall) => wall.ledger.exactness(messages))),
  };
}

async function underLoad({ raisers }: Set, crowd: Crowd, wall: Wallboard, forMs: number): Promise<Ran> {
  await raisers.prepare(raising, Math.ceil(((forMs / 1000) * raisesPerSecond) / raising) + 1);
  fresh(wall);
  const talking = crowd.talk(eventsPerSecond - raisesPerSecond, forMs);
  const sent = new Map<string, number>();
  let failed = 0;
  await openLoop(raisesPerSecond, forMs, (intended, at) => {
    const message = newMessage();
    sent.set(message, intended);
    raisers.raise(at % raising, message).catch(() => {
      failed += 1;
    });
  });
  const { sent: said, acknowledged } = await talking;
  await until('the last flags', () => [...sent.keys()].every((message) => wall.at.has(message)), 5000).catch(() => {});
  const ran = ranOf(sent, [wall]);
  const { exactness } = ran;
  return {
    ...ran,
    exactness: { ...exactness, sent: exactness.sent + said, lost: exactness.lost + failed + said - acknowledged },
  };
}
