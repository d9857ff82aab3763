import type { OrganisationId } from '../../shared/contract/id.ts';
import type { CrowdAsks } from '../process/crowd.ts';
import type { RawAsks } from '../process/raw.ts';
import { Child } from '../support/child.ts';
import { median, pause } from '../support/measure.ts';
import { type Bench, type Figure, figureOf, type Row, roundsOf } from '../support/row.ts';
import { seedOrganisation } from '../support/seed.ts';

/** Agents in all; in organisations of a hundred, because in a single one each arrival is told to everybody. */
const agents = 10_000;
const perOrganisation = 100;
/** Coming in ends after this, with as many as there are. */
const limitMs = 70_000;

interface Held {
  readonly count: number;
  readonly rss: number;
  readonly heap: number;
}

/**
 * P9: memory of the hub for one agent who is connected, signed in and present, over a bare socket's. RSS after forced
 * garbage collection, less the empty server's.
 */
export const memoryRow: Row = {
  ids: ['P9'],
  measure: async (bench): Promise<Figure[]> => {
    const wanted = bench.quick ? 1000 : agents;
    const { system } = bench.stage.db;
    const people: { token: string; organisationId: OrganisationId }[] = [];
    for (let at = 0; at < wanted / perOrganisation; at += 1) {
      const { id, teams } = await seedOrganisation(system, { teams: 4, agentsPerTeam: perOrganisation / 4 });
      for (const team of teams) for (const { token } of team.agents) people.push({ token, organisationId: id });
    }
    await system.query('analyze');
    const pairs: { floor: Held; product: Held }[] = [];
    // A round is a minute of coming in; two tell how far they differ.
    for (const _ of roundsOf({ ...bench, rounds: Math.min(bench.rounds, 2) }, 'coming in', 60_000)) {
      const product = await ofHub(bench, people);
      const floor = await ofRaw(bench, product.count);
      pairs.push({ floor, product });
      bench.say(`${product.count} agents ${kb(product.rss)}, bare ${kb(floor.rss)}`);
    }
    const counts = pairs.map(({ product }) => product.count);
    return [
      figureOf({
        id: 'P9',
        what: `memory of a connected agent at ${Math.min(...counts).toLocaleString('en')}, over a bare socket`,
        unit: 'x',
        goal: { atMost: 2.6 },
        rounds: pairs.map(({ floor, product }) => product.rss / floor.rss),
        behind: `${kb(median(pairs.map(({ product }) => product.rss)))} RSS (heap ${kb(median(pairs.map(({ product }) => product.heap)))}) over ${kb(median(pairs.map(({ floor }) => floor.rss)))}; the kernel's 4 KB or so are in neither`,
        exactness: { sent: 0, lost: 0, duplicated: 0, reordered: 0 },
      }),
    ];
  },
};

const kb = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KB`;

async function ofHub(
  bench: Bench,
  people: readonly { token: string; organisationId: OrganisationId }[],
): Promise<Held> {
  const hub = await bench.stage.hub({ redis: false, rates: true });
  const crowd = bench.stage.keep(new Child<CrowdAsks>('crowd'));
  try {
    const empty = await hub.child.ask('memory', null);
    const { connected } = await crowd.ask('connect', { url: hub.url, people, atOnce: 24, limitMs });
    await pause(3000);
    const full = await hub.child.ask('memory', null);
    return { count: connected, rss: (full.rss - empty.rss) / connected, heap: (full.heap - empty.heap) / connected };
  } finally {
    await crowd.kill();
    await bench.stage.stopHub(hub);
  }
}

async function ofRaw(bench: Bench, count: number): Promise<Held> {
  const server = bench.stage.keep(new Child<RawAsks>('raw'));
  const crowd = bench.stage.keep(new Child<CrowdAsks>('crowd'));
  try {
    const { url } = await server.ask('start', null);
    const empty = await server.ask('memory', null);
    await crowd.ask('raw', { url, count });
    await pause(1000);
    const full = await server.ask('memory', null);
    return { count: full.sockets, rss: (full.rss - empty.rss) / count, heap: (full.heap - empty.heap) / count };
  } finally {
    await crowd.kill();
    await server.kill();
  }
}
