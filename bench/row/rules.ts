import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDialogues } from '../../server/demo/dialogues.ts';
import { Book } from '../../server/rule/match.ts';
import { ruleTable } from '../../server/rule/rule.ts';
import type { ReasonId } from '../../shared/contract/id.ts';
import { limits } from '../../shared/contract/limits.ts';
import type { Rule } from '../../shared/contract/rule.ts';
import { newId } from '../../shared/contract/uuid.ts';
import { wordsOf } from '../../shared/live/words.ts';
import { exact, median, percentile, type Times } from '../support/measure.ts';
import { type Bench, type Figure, figureOf, ms, perSecond, type Row, roundsOf } from '../support/row.ts';
import { firstTeam, type LiveSession, type Organisation, seedLive, seedOrganisation } from '../support/seed.ts';
import type { Hub, Stage } from '../support/stage.ts';

interface Talked {
  readonly times: Times;
  readonly perSecond: number;
  /** What the hub's process worked meanwhile, µs. */
  readonly cpu: number;
}

interface Floor {
  readonly organisation: Organisation;
  readonly live: readonly LiveSession[];
}

/**
 * R1: what rules cost a line (S1.17). Customers' lines of real dialogues go into one organisation's line, with as many rules as
 * there can be and without any, in turns on the same rows. No rule matches: a flag that goes up is work of its
 * own, and rare. What matching alone takes is measured beside it, in this process.
 */
export const rulesRow: Row = {
  ids: ['R1'],
  measure: async (bench) => {
    const { stage } = bench;
    const file = join(process.env.HALYARD_BENCH_ROOT ?? process.cwd(), 'server/demo/dialogues.jsonl');
    const dialogues = parseDialogues(readFileSync(file, 'utf8'));
    const lines = dialogues.flatMap(({ exchanges }) => exchanges.map(({ customer }) => customer));
    const organisation = await seedOrganisation(stage.db.system, { teams: 1, agentsPerTeam: 16 });
    const live = await seedLive(stage.db.system, organisation, firstTeam(organisation), { agents: 16, each: 4 });
    const rules = manyRules(lines, limits.rules, organisation.reasonId);
    await seedRules(stage, organisation, rules);
    const hub = await stage.hub();
    try {
      return [...(await talks(bench, hub, { organisation, live }, lines)), ...matching(bench, rules, lines)];
    } finally {
      await stage.stopHub(hub);
    }
  },
};

const talk = (hub: Hub, { organisation, live }: Floor, lines: readonly string[], waiting: number, forMs: number) =>
  hub.child.ask('talk', {
    organisationId: organisation.id,
    conversations: live.map(({ conversationId, customerId }) => ({ conversationId, customerId })),
    lines,
    waiting,
    ms: forMs,
  });

async function talks(bench: Bench, hub: Hub, floor: Floor, lines: readonly string[]): Promise<Figure[]> {
  const slices = bench.quick ? 2 : 4;
  const talked = async (listening: boolean, waiting: number): Promise<Talked> => {
    await listen(bench.stage, floor, listening);
    await talk(hub, floor, lines, waiting, 50);
    const before = await hub.child.ask('cpu', null);
    const ran = await talk(hub, floor, lines, waiting, sliceMs);
    const after = await hub.child.ask('cpu', null);
    return { ...ran, cpu: after.microseconds - before.microseconds };
  };
  /** Both sides in thin slices, A B B A: what else the machine does falls on both alike. */
  const turn = async (waiting: number): Promise<Pair> => {
    const sides: Record<'ruled' | 'plain', Talked[]> = { ruled: [], plain: [] };
    for (let slice = 0; slice < slices; slice += 1)
      for (const listening of slice % 2 === 0 ? [true, false] : [false, true])
        sides[listening ? 'ruled' : 'plain'].push(await talked(listening, waiting));
    const whole = (parts: readonly Talked[]): Talked => ({
      times: parts.flatMap(({ times }) => [...times]),
      perSecond: parts.reduce((sum, one) => sum + one.perSecond, 0) / parts.length,
      cpu: parts.reduce((sum, one) => sum + one.cpu, 0),
    });
    return { ruled: whole(sides.ruled), plain: whole(sides.plain) };
  };
  // The first of everything prepares statements, and has the hub read the rules; it is not counted.
  for (let times = 0; times < 3; times += 1) await talked(true, 16);
  const rounds: { readonly alone: Pair; readonly many: Pair }[] = [];
  for (const _ of roundsOf(bench, 'lines', 90_000)) rounds.push({ alone: await turn(1), many: await turn(16) });
  await nothingRaised(bench.stage, floor);
  const p50 = ({ times }: Talked): number => percentile(times, 0.5);
  const sent = (pairs: readonly Pair[]) =>
    exact(pairs.reduce((sum, { ruled, plain }) => sum + ruled.times.length + plain.times.length, 0));
  const of = (pairs: readonly Pair[], measure: (one: Talked) => number) => ({
    ruled: median(pairs.map(({ ruled }) => measure(ruled))),
    plain: median(pairs.map(({ plain }) => measure(plain))),
  });
  const alone = rounds.map((one) => one.alone);
  const many = rounds.map((one) => one.many);
  const times = of(alone, p50);
  const rates = of(many, (one) => one.perSecond);
  return [
    figureOf({
      id: 'R1',
      what: 'cost of rules per line at 1,000 rules, 1 waiting inside the hub: p50 over p50 without rules',
      unit: 'x',
      goal: { atMost: 1.1 },
      rounds: alone.map(({ ruled, plain }) => p50(ruled) / p50(plain)),
      behind: `p50 ${ms(times.ruled)} over ${ms(times.plain)}`,
      exactness: sent(alone),
    }),
    figureOf({
      id: 'R1',
      what: 'the same, 16 waiting: lines/s without rules over lines/s with them',
      unit: 'x',
      goal: { atMost: 1.1 },
      rounds: many.map(({ ruled, plain }) => plain.perSecond / ruled.perSecond),
      behind: `${perSecond(rates.plain)} over ${perSecond(rates.ruled)}`,
      exactness: sent(many),
    }),
    figureOf({
      id: 'R1',
      what: 'the same: work of the hub’s process per line, over that without rules',
      unit: 'x',
      goal: null,
      rounds: many.map(({ ruled, plain }) => work(ruled) / work(plain)),
      behind: `${micro(of(many, work).ruled)} over ${micro(of(many, work).plain)} a line`,
      exactness: null,
    }),
  ];
}

const work = ({ cpu, times }: Talked): number => cpu / times.length;
const micro = (value: number): string => `${value.toFixed(value < 100 ? 1 : 0)} µs`;

const sliceMs = 400;

interface Pair {
  readonly ruled: Talked;
  readonly plain: Talked;
}

/** The set of rules stands, or the organisation has none. The hub goes on holding the set, so that a turn begins warm. */
async function listen({ db }: Stage, { organisation }: Floor, listening: boolean): Promise<void> {
  await db.system.query(
    listening
      ? 'insert into rule_set (organisation_id, version) values ($1, 1) on conflict do nothing'
      : 'delete from rule_set where organisation_id = $1',
    [organisation.id],
  );
}

/** Matching alone, line by line. */
function matching(bench: Bench, rules: readonly Rule[], lines: readonly string[]): Figure[] {
  const one = new Book(rules.slice(0, 1));
  const all = new Book(rules);
  const place = { side: 'customer', channel: 'chat', queueId: newId<'queue'>(0) } as const;
  /** µs a line over all lines in their order, so that each finds the caches as a line of the floor would; the best of some. */
  const perLine = (book: Book<Rule>): number => {
    let best = Number.POSITIVE_INFINITY;
    for (let pass = 0; pass < 5; pass += 1) {
      const start = performance.now();
      for (const line of lines) book.hear(line, place);
      best = Math.min(best, ((performance.now() - start) * 1000) / lines.length);
    }
    return best;
  };
  const rounds = [...roundsOf(bench, 'matching', 20_000)].map(() => ({ one: perLine(one), all: perLine(all) }));
  const medians = { one: median(rounds.map((round) => round.one)), all: median(rounds.map((round) => round.all)) };
  return [
    figureOf({
      id: 'R1',
      what: 'matching a line against 1,000 rules over matching it against one',
      unit: 'x',
      goal: null,
      rounds: rounds.map((round) => round.all / round.one),
      behind: `${micro(medians.all)} over ${micro(medians.one)} a line`,
      exactness: null,
    }),
  ];
}

/**
 * Rules of every form, out of the words that the lines hold, so that the first words of many phrases are said all the time;
 * each ends with a word that is not.
 */
function manyRules(lines: readonly string[], count: number, reasonId: ReasonId): Rule[] {
  const vocabulary = [...new Set(lines.flatMap((line) => wordsOf(line).map(({ text }) => text)))];
  const word = (at: number): string => vocabulary[(at * 7919) % vocabulary.length] ?? 'word';
  return Array.from({ length: count }, (_, at): Rule => {
    const never = `never${at}`;
    const forms: Rule['words'][] = [
      {
        any: [`${word(at)} ${never}`, `${word(at + 1)} ${word(at + 2)} ${never}`, never],
        all: [],
        near: null,
        not: [word(at + 3)],
      },
      { any: [], all: [word(at), word(at + 1), never], near: null, not: [] },
      { any: [], all: [], near: { first: word(at), second: never, within: 5 }, not: [] },
      { any: [`${never}*`, `${word(at)} ${word(at + 4)} ${never}*`], all: [], near: null, not: [] },
    ];
    const words = forms[at % forms.length] ?? { any: [never], all: [], near: null, not: [] };
    return {
      id: newId<'rule'>(Date.now()),
      name: `Rule ${at + 1}`,
      active: true,
      side: 'customer',
      channels: [],
      queueIds: [],
      reasonId,
      words,
    };
  });
}

async function seedRules({ db }: Stage, organisation: Organisation, rules: readonly Rule[]): Promise<void> {
  const { text, values } = ruleTable.insert(
    organisation.id,
    rules.map((rule) => ({ ...rule, removed: false })),
    '',
  );
  await db.system.query(text, [...values]);
}

/** @throws where a rule matched: then something else was measured */
async function nothingRaised({ db }: Stage, { organisation }: Floor): Promise<void> {
  const { rows } = await db.system.query('select from flag where organisation_id = $1 limit 1', [organisation.id]);
  if (rows.length > 0) throw new Error('a rule of the bench matched a line');
}
