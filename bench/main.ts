import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { deliveryRow } from './row/delivery.ts';
import { memoryRow } from './row/memory.ts';
import { messagingRow } from './row/messaging.ts';
import { paintRow } from './row/paint.ts';
import { raiseRow } from './row/raise.ts';
import { rulesRow } from './row/rules.ts';
import { weightRow } from './row/weight.ts';
import { Floors } from './support/floors.ts';
import { profileRaises } from './support/profile.ts';
import { asText, keep, type Result, readPlace, regressions, remember, writeDocs } from './support/report.ts';
import { type Bench, type Figure, isMet, type Row } from './support/row.ts';
import { Stage } from './support/stage.ts';

const rows: readonly Row[] = [raiseRow, deliveryRow, paintRow, memoryRow, weightRow, messagingRow, rulesRow];

const usage = `npm run bench -- [--only P1,P8] [--quick] [--rounds 5] [--check] [--keep] [--write] [--profile folder]
  --only     just these goals
  --quick    fewer and shorter rounds; marked as such, for a look
  --check    exit 1 where a figure is more than a tenth worse than in the last kept run
  --keep     add this run to bench/history.jsonl
  --write    put the table into docs/bench.md
  --profile  write a CPU profile of the hub under raises to this folder, and measure nothing`;

async function main(root: string): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      check: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const only = values.only?.split(',').map((id) => id.trim().toUpperCase());
  const known = rows.flatMap((row) => row.ids);
  const strange = only?.find((id) => !known.includes(id));
  if (strange !== undefined) {
    console.error(`There is no row ${strange}; there are ${known.join(', ')}.`);
    return 1;
  }
  const chosen = rows.filter((row) => only === undefined || row.ids.some((id) => only.includes(id)));
  const rounds = values.rounds === undefined ? (values.quick ? 2 : 5) : Math.max(1, Number(values.rounds));

  const started = performance.now();
  const stage = await Stage.open();
  // The database outlives its starter by design, so whoever stops the bench has it stopped too.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void stage.close().finally(() => process.exit(130)));
  const floors = new Floors(stage);
  const figures: Figure[] = [];
  const failed: Record<string, string> = {};
  const versions = await stage.versions();
  const benchFor = (ids: string): Bench => ({
    stage,
    floors,
    rounds,
    quick: values.quick,
    web: join(root, 'dist/web'),
    say: (line) => console.log(`${Math.round((performance.now() - started) / 1000)} s  ${ids}  ${line}`),
  });
  try {
    if (values.profile !== undefined) {
      await profileRaises(benchFor('profile'), values.profile);
      return 0;
    }
    for (const row of chosen) {
      const ids = row.ids.join(', ');
      try {
        figures.push(...(await row.measure(benchFor(ids))).filter(({ id }) => only === undefined || only.includes(id)));
      } catch (error) {
        failed[ids] = error instanceof Error ? error.message : String(error);
        console.error(error);
      }
    }
  } finally {
    await floors.close();
    await stage.close();
  }
  const result: Result = {
    place: readPlace(root, { rounds, quick: values.quick, versions }),
    seconds: (performance.now() - started) / 1000,
    figures,
    failed,
  };
  keep(root, result);
  console.log(`\n${asText(result)}`);
  const worse = values.check ? regressions(root, figures) : [];
  if (worse.length > 0) console.log(`\nWorse by more than a tenth:\n${worse.join('\n')}`);
  if (values.keep) remember(root, result);
  if (values.write) writeDocs(root, result);
  const counted = figures.map(isMet).filter((met) => met !== null);
  console.log(`\n${counted.filter((met) => met).length} met, ${counted.filter((met) => !met).length} not met`);
  return worse.length > 0 || Object.keys(failed).length > 0 ? 1 : 0;
}

const root = process.env.HALYARD_BENCH_ROOT ?? process.cwd();
if (!existsSync(join(root, 'package.json'))) throw new Error('npm run bench starts this');
process.exit(await main(root));
