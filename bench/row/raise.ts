import { addExactness, median, percentile } from '../support/measure.ts';
import { Raisers } from '../support/raisers.ts';
import { type Bench, type Figure, figureOf, ms, perSecond, type Row, roundsOf } from '../support/row.ts';
import { firstTeam, seedHistory, seedLive, seedOrganisation } from '../support/seed.ts';
import type { Hub } from '../support/stage.ts';

type Measured = Awaited<ReturnType<Raisers['run']>>;

/**
 * P1 and P8: an acknowledged raise over a real socket (sign-in, gate, line, batch, commit, answer) against a bare durable
 * INSERT. Both wait for their answers with the same number of askers.
 */
export const raiseRow: Row = {
  ids: ['P1', 'P8'],
  measure: async (bench) => {
    const { stage } = bench;
    const organisation = await seedOrganisation(stage.db.system, { teams: 1, agentsPerTeam: 64 });
    await seedHistory(stage, organisation, firstTeam(organisation), 20_000);
    const hub = await stage.hub();
    const raisers = await Raisers.connect(stage, hub, organisation, 64);
    try {
      return await rounds(bench, hub, raisers);
    } finally {
      raisers.close();
      await stage.stopHub(hub);
    }
  },
};

async function rounds(bench: Bench, hub: Hub, raisers: Raisers): Promise<Figure[]> {
  const { floors } = bench;
  const roundMs = bench.quick ? 700 : 1500;
  const raised = async (waiting: number): Promise<Measured> => {
    // Enough for 20,000 a second; every raise takes a session that has no flag.
    await raisers.prepare(waiting, Math.ceil((Math.min(20_000, 2500 * waiting) * roundMs) / 1000 / waiting));
    return raisers.run(waiting, roundMs);
  };
  const inside = async (waiting: number): Promise<Measured> => {
    const count = (20_000 * roundMs) / 1000;
    const agents = 16;
    const live = await seedLive(bench.stage.db.system, raisers.organisation, raisers.team, {
      agents,
      each: Math.ceil(count / agents),
    });
    const sessions = live.flatMap(({ id, agent }) => {
      const agentId = raisers.team.agents[agent]?.id;
      return agentId === undefined ? [] : [{ id, agentId }];
    });
    const { id, reasonId } = raisers.organisation;
    return hub.child.ask('raise', { organisationId: id, reasonId, sessions, waiting, ms: roundMs });
  };
  // The first of everything prepares statements and warms up; it is not counted.
  await floors.insert(16, 200);
  for (const waiting of [1, 16, 64]) {
    await raisers.prepare(waiting, 200);
    await raisers.run(waiting, 200);
  }

  const alone: { floor: number; product: Measured }[] = [];
  const many: { floor: { p99: number; perSecond: number }; sixteen: Measured; all: Measured; inside: Measured }[] = [];
  for (const _ of roundsOf(bench, 'raises', 90_000)) {
    const one = await floors.insert(1, roundMs);
    alone.push({ floor: percentile(one.times, 0.99), product: await raised(1) });
    const writers = await floors.insert(16, roundMs);
    const floor = { p99: percentile(writers.times, 0.99), perSecond: writers.perSecond };
    many.push({ floor, sixteen: await raised(16), all: await raised(64), inside: await inside(16) });
  }

  const p99 = (one: Measured): number => percentile(one.times, 0.99);
  const p50 = (one: Measured): number => percentile(one.times, 0.5);
  const behind = (runs: readonly Measured[], floor: string): string =>
    `p50 ${ms(median(runs.map(p50)))}, p99 ${ms(median(runs.map(p99)))}; ${floor}`;
  const sixteen = many.map((one) => one.sixteen);
  const all = many.map((one) => one.all);
  const insertP99 = `INSERT p99 ${ms(median(many.map(({ floor }) => floor.p99)))}`;
  const insertRate = `INSERT ${perSecond(median(many.map(({ floor }) => floor.perSecond)))}`;
  const rate = (runs: readonly Measured[]): string =>
    `${perSecond(median(runs.map((one) => one.perSecond)))}; ${insertRate}`;
  const count = (runs: readonly Measured[]) => addExactness(runs.map((one) => one.exactness));
  return [
    figureOf({
      id: 'P1',
      what: 'raise to ack over a socket, 1 waiting: p99 over INSERT p99',
      unit: 'x',
      goal: { atMost: 2.5 },
      rounds: alone.map(({ floor, product }) => p99(product) / floor),
      behind: behind(
        alone.map(({ product }) => product),
        `INSERT p99 ${ms(median(alone.map(({ floor }) => floor)))}`,
      ),
      exactness: count(alone.map(({ product }) => product)),
    }),
    figureOf({
      id: 'P1',
      what: 'the same, 16 waiting',
      unit: 'x',
      goal: { atMost: 1 },
      rounds: many.map(({ floor, sixteen: one }) => p99(one) / floor.p99),
      behind: behind(sixteen, insertP99),
      exactness: count(sixteen),
    }),
    figureOf({
      id: 'P1',
      what: 'the same, 16 waiting inside the hub, without sockets',
      unit: 'x',
      goal: null,
      rounds: many.map(({ floor, inside: one }) => p99(one) / floor.p99),
      behind: behind(
        many.map((one) => one.inside),
        insertP99,
      ),
      exactness: null,
    }),
    figureOf({
      id: 'P8',
      what: 'raises/s over a socket, 16 waiting, over INSERTs/s by 16 writers',
      unit: 'x',
      goal: { atLeast: 0.7 },
      rounds: many.map(({ floor, sixteen: one }) => one.perSecond / floor.perSecond),
      behind: rate(sixteen),
      exactness: count(sixteen),
    }),
    figureOf({
      id: 'P8',
      what: 'the same, 64 waiting',
      unit: 'x',
      goal: { atLeast: 1.5 },
      rounds: many.map(({ floor, all: one }) => one.perSecond / floor.perSecond),
      behind: rate(all),
      exactness: count(all),
    }),
    figureOf({
      id: 'P8',
      what: 'the same, 16 waiting inside the hub, without sockets',
      unit: 'x',
      goal: null,
      rounds: many.map(({ floor, inside: one }) => one.perSecond / floor.perSecond),
      behind: rate(many.map((one) => one.inside)),
      exactness: null,
    }),
  ];
}
