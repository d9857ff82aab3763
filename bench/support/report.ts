import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { type Figure, isMet } from './row.ts';

/** Where a run was made, and of what. */
export interface Place {
  readonly at: string;
  readonly commit: string;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly rounds: number;
  readonly quick: boolean;
}

export interface Result {
  readonly place: Place;
  readonly seconds: number;
  readonly figures: readonly Figure[];
  /** Rows that could not be measured, and why. */
  readonly failed: Readonly<Record<string, string>>;
}

export function readPlace(
  root: string,
  options: { readonly rounds: number; readonly quick: boolean; readonly versions: Readonly<Record<string, string>> },
): Place {
  const git = (...args: string[]): string => {
    try {
      return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    } catch {
      return '';
    }
  };
  const changed = git('status', '--porcelain', '--untracked-files=no') === '' ? '' : ' with changes';
  const [cpu] = cpus();
  return {
    at: new Date().toISOString(),
    commit: `${git('rev-parse', '--short', 'HEAD') || 'unknown'}${changed}`,
    machine: `${cpus().length} x ${cpu?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, loopback, load and servers on the same cores`,
    versions: { node: process.versions.node, ...options.versions },
    rounds: options.rounds,
    quick: options.quick,
  };
}

const number = (value: number, unit: Figure['unit']): string => {
  const digits = unit === 'x' ? 2 : value >= 100 || Number.isInteger(value) ? 0 : 1;
  return `${value.toFixed(digits)}${unit === 'x' || unit === '' ? unit : ` ${unit}`}`;
};

function goalOf({ goal, unit }: Figure): string {
  if (goal === null) return '';
  const [sign, value] = 'atMost' in goal ? ['<=', goal.atMost] : ['>=', goal.atLeast];
  return `${sign} ${unit === 'x' ? `${value.toFixed(2)}x` : `${value}${unit === '' ? '' : ` ${unit}`}`}`;
}

function verdict(figure: Figure): string {
  const met = isMet(figure);
  if (met === null) return '';
  if (met) return 'met';
  const { exactness } = figure;
  const wrong = exactness === null ? 0 : exactness.lost + exactness.duplicated + exactness.reordered;
  return wrong === 0 ? 'not met' : `not met: ${wrong} lost, doubled or out of order`;
}

function cells(figure: Figure): string[] {
  const { rounds, unit, exactness } = figure;
  const spread = rounds.length > 1 ? `${number(Math.min(...rounds), unit)} - ${number(Math.max(...rounds), unit)}` : '';
  const counted = exactness === null || exactness.sent === 0 ? '' : `${exactness.sent.toLocaleString('en')} sent`;
  return [
    figure.id,
    figure.what,
    goalOf(figure),
    number(figure.figure, unit),
    verdict(figure),
    spread,
    [figure.behind, counted].filter((part) => part !== '').join('; '),
  ];
}

const head = ['', 'what', 'goal', 'figure', '', 'spread (rounds)', 'behind it'];

/** The table as text for a terminal. */
export function asText({ place, seconds, figures, failed }: Result): string {
  const rows = [head, ...figures.map(cells)];
  const widths = head.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [
    ...lines,
    ...Object.entries(failed).map(([ids, why]) => `${ids}: not measured: ${why}`),
    '',
    ...describe(place, seconds),
  ].join('\n');
}

/** The same for docs/bench.md. */
export function asMarkdown({ place, seconds, figures, failed }: Result): string {
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`;
  return [
    line(['id', 'what', 'goal', 'figure', 'verdict', 'spread (rounds)', 'behind it (medians)']),
    line(head.map(() => '---')),
    ...figures.map((figure) => line(cells(figure))),
    '',
    ...Object.entries(failed).map(([ids, why]) => `${ids} could not be measured: ${why}`),
    ...describe(place, seconds).map((one) => `- ${one}`),
  ].join('\n');
}

function describe({ at, commit, machine, versions, rounds, quick }: Place, seconds: number): string[] {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `${at}, commit ${commit}, ${quick ? 'QUICK: ' : ''}${rounds} rounds, median of the ratios of the rounds, ${Math.round(seconds)} s in all`,
    machine,
    named.join(', '),
  ];
}

/** Writes the result beside the bench, where nothing is kept with the sources. */
export function keep(root: string, result: Result): void {
  const latest = join(root, 'bench/result/latest.json');
  mkdirSync(dirname(latest), { recursive: true });
  writeFileSync(latest, `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(join(root, 'bench/result/latest.md'), `${asMarkdown(result)}\n`);
}

/** Puts the table into docs/bench.md, between its marks. */
export function writeDocs(root: string, result: Result): void {
  const file = join(root, 'docs/bench.md');
  const [before, rest] = readFileSync(file, 'utf8').split('<!-- table -->');
  const after = rest?.split('<!-- end of table -->')[1];
  if (before === undefined || after === undefined) throw new Error('docs/bench.md has no place for the table');
  writeFileSync(file, `${before}<!-- table -->\n\n${asMarkdown(result)}\n\n<!-- end of table -->${after}`);
}

interface Kept {
  readonly at: string;
  readonly commit: string;
  readonly machine: string;
  readonly figures: Readonly<Record<string, number>>;
}

const keyOf = ({ id, what }: Figure): string => `${id}: ${what}`;
const historyFile = (root: string): string => join(root, 'bench/history.jsonl');

function readHistory(root: string): Kept[] {
  const file = historyFile(root);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Kept);
}

/** Adds a whole run to the history file, which is kept with the sources. */
export function remember(root: string, { place, figures }: Result): void {
  const kept: Kept = {
    at: place.at,
    commit: place.commit,
    machine: place.machine,
    figures: Object.fromEntries(figures.map((one) => [keyOf(one), Number(one.figure.toPrecision(4))])),
  };
  appendFileSync(historyFile(root), `${JSON.stringify(kept)}\n`);
}

/** More than this, against the last kept run, is a regression (rule 6). */
const tolerated = 0.1;

/** Sentences about figures with a goal that are worse than in the last kept run by more than a tenth. */
export function regressions(root: string, figures: readonly Figure[]): string[] {
  const last = readHistory(root).at(-1);
  if (last === undefined) return [];
  return figures.flatMap((one) => {
    const before = last.figures[keyOf(one)];
    if (before === undefined || one.goal === null) return [];
    const worse = 'atMost' in one.goal ? one.figure > before * (1 + tolerated) : one.figure < before * (1 - tolerated);
    return worse
      ? [`${keyOf(one)}: ${number(one.figure, one.unit)}, it was ${number(before, one.unit)} at ${last.commit}`]
      : [];
  });
}
