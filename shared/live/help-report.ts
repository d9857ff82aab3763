import type { HelpEnd, HelpFigures, HelpReport, HelpRow, ReportFilter, Times } from '../contract/report.ts';
import { spreadFrom } from '../contract/report.ts';
import type { RecentFlag } from '../contract/snapshot.ts';
import { dayStart, hourMs, hourStart, nextDay, zoneOffset } from './zone.ts';

/** A longer window is counted by days. */
const mostHours = 49;

export interface ReportWindow {
  /** Raised at or after it. */
  readonly from: number;
  /** Raised before it. */
  readonly to: number;
  readonly zone: string;
  /** The hub's clock, ms: decides which targets have passed. */
  readonly now: number;
}

export const anyFlag: ReportFilter = { queueId: null, reasonId: null, channel: null, by: null };

/**
 * The value that a share of a list stays under, by linear interpolation: with the values in order from x(0) to x(n-1) and
 * h = (n - 1) * share, it is x(floor h) + (h - floor h) * (x(floor h + 1) - x(floor h)). This is type 7 of Hyndman and Fan
 * ("Sample quantiles in statistical packages", The American Statistician 50, 1996), as PERCENTILE.INC of spreadsheets and
 * PostgreSQL's percentile_cont have it; its half is the usual median.
 * @param sorted ascending; not empty
 * @param share from 0 to 1
 * @returns rounded to whole ms, as instants are
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  return Math.round(low + (place - below) * (high - low));
}

/** Ms from raising to an instant of the flag; an instant of another hub's clock may lie a moment before. */
const since = (flag: RecentFlag, at: number): number => Math.max(0, at - flag.raisedAt);

/** Says whether a flag was claimed within its target; null: it is not known yet, or it went down before its target came. */
export function metTarget(flag: Pick<RecentFlag, 'claimedAt' | 'targetAt' | 'lowered'>, now: number): boolean | null {
  if (flag.claimedAt !== null) return flag.claimedAt <= flag.targetAt;
  return (flag.lowered?.at ?? now) > flag.targetAt ? false : null;
}

export function endOf(flag: Pick<RecentFlag, 'lowered'>): HelpEnd {
  return flag.lowered === null ? 'up' : (flag.lowered.outcome ?? 'session_ended');
}

/** Counts one set of flags, one by one, so that a hub may rest between them. */
class Tally {
  #flags = 0;
  #up = 0;
  #unclaimed = 0;
  #judged = 0;
  #inTarget = 0;
  readonly #claim: number[] = [];
  readonly #help: number[] = [];

  add(flag: RecentFlag, now: number): void {
    this.#flags += 1;
    if (flag.lowered === null) this.#up += 1;
    if (flag.claimedAt === null) this.#unclaimed += 1;
    else this.#claim.push(since(flag, flag.claimedAt));
    if (flag.answeredAt !== null) this.#help.push(since(flag, flag.answeredAt));
    const met = metTarget(flag, now);
    if (met !== null) this.#judged += 1;
    if (met === true) this.#inTarget += 1;
  }

  figures(): HelpFigures {
    return {
      flags: this.#flags,
      up: this.#up,
      unclaimed: this.#unclaimed,
      claim: timesOf(this.#claim),
      help: timesOf(this.#help),
      judged: this.#judged,
      inTarget: this.#inTarget,
    };
  }

  spreads(): { readonly claim: readonly number[]; readonly help: readonly number[] } {
    return { claim: spreadOf(this.#claim), help: spreadOf(this.#help) };
  }
}

function timesOf(lengths: readonly number[]): Times {
  if (lengths.length === 0) return { count: 0, median: null, p90: null };
  // A typed array sorts numbers many times as fast, and a long report sorts many.
  const sorted = Float64Array.from(lengths).sort();
  return { count: sorted.length, median: quantile(sorted, 0.5), p90: quantile(sorted, 0.9) };
}

function spreadOf(lengths: readonly number[]): number[] {
  const counts = spreadFrom.map(() => 0);
  for (const length of lengths) {
    const range = spreadFrom.findLastIndex((from) => length >= from);
    counts[range] = (counts[range] ?? 0) + 1;
  }
  return counts;
}

class Groups<K extends string> {
  readonly #tallies = new Map<K, Tally>();

  add(key: K, flag: RecentFlag, now: number): void {
    let tally = this.#tallies.get(key);
    if (tally === undefined) {
      tally = new Tally();
      this.#tallies.set(key, tally);
    }
    tally.add(flag, now);
  }

  /** Most flags first; equal ones in the order of their keys, so that equal flags make an equal report. */
  rows(): HelpRow<K>[] {
    return [...this.#tallies]
      .map(([of, tally]) => ({ of, ...tally.figures() }))
      .sort((a, b) => b.flags - a.flags || (a.of < b.of ? -1 : 1));
  }
}

/** Starts of the zone's hours or days that a window touches, oldest first. */
export function spansOf({ from, to, zone }: Pick<ReportWindow, 'from' | 'to' | 'zone'>): {
  readonly step: 'hour' | 'day';
  readonly starts: readonly number[];
} {
  const step = to - from > mostHours * hourMs ? 'day' : 'hour';
  const starts: number[] = [];
  if (from >= to) return { step, starts };
  let at = step === 'hour' ? hourStart(zone, from) : dayStart(zone, from);
  while (at < to) {
    starts.push(at);
    const next = step === 'hour' ? hourStart(zone, at + hourMs) : nextDay(zone, at);
    // Where a zone's clocks go back by half an hour, the hour that comes twice is one long one.
    at = next > at ? next : at + hourMs;
  }
  return { step, starts };
}

/** Takes flags one after another, in any order, and answers the report over them. */
export class HelpCount {
  readonly #window: ReportWindow;
  readonly #filter: ReportFilter;
  readonly #step: 'hour' | 'day';
  readonly #starts: readonly number[];
  readonly #counts: number[];
  readonly #hours: number[] = Array.from({ length: 24 }, () => 0);
  readonly #all = new Tally();
  readonly #queues = new Groups<RecentFlag['queueId']>();
  readonly #reasons = new Groups<RecentFlag['reasonId']>();
  readonly #ends = new Groups<HelpEnd>();
  readonly #channels = new Groups<RecentFlag['channel']>();
  readonly #sources = new Groups<RecentFlag['by']>();
  /** Offsets by the hour of UTC: a zone changes its clocks at the start of one. */
  readonly #offsets = new Map<number, number>();

  constructor(window: ReportWindow, filter: ReportFilter = anyFlag) {
    const { step, starts } = spansOf(window);
    this.#window = window;
    this.#filter = filter;
    this.#step = step;
    this.#starts = starts;
    this.#counts = starts.map(() => 0);
  }

  /** Counts a flag, if it is in the window and the filter lets it through. */
  add(flag: RecentFlag): void {
    const { from, to, now } = this.#window;
    const { queueId, reasonId, channel, by } = this.#filter;
    if (flag.raisedAt < from || flag.raisedAt >= to) return;
    if (queueId !== null && flag.queueId !== queueId) return;
    if (reasonId !== null && flag.reasonId !== reasonId) return;
    if (channel !== null && flag.channel !== channel) return;
    if (by !== null && flag.by !== by) return;
    const span = this.#spanAt(flag.raisedAt);
    this.#counts[span] = (this.#counts[span] ?? 0) + 1;
    const hour = this.#hourAt(flag.raisedAt);
    this.#hours[hour] = (this.#hours[hour] ?? 0) + 1;
    this.#all.add(flag, now);
    this.#queues.add(flag.queueId, flag, now);
    this.#reasons.add(flag.reasonId, flag, now);
    this.#ends.add(endOf(flag), flag, now);
    this.#channels.add(flag.channel, flag, now);
    this.#sources.add(flag.by, flag, now);
  }

  report(): HelpReport {
    const { from, to, zone } = this.#window;
    const spreads = this.#all.spreads();
    return {
      from,
      to,
      zone,
      step: this.#step,
      spans: this.#starts.map((at, index) => ({ at, flags: this.#counts[index] ?? 0 })),
      hours: [...this.#hours],
      all: this.#all.figures(),
      claimSpread: spreads.claim,
      helpSpread: spreads.help,
      queues: this.#queues.rows(),
      reasons: this.#reasons.rows(),
      ends: this.#ends.rows(),
      channels: this.#channels.rows(),
      sources: this.#sources.rows(),
    };
  }

  #spanAt(at: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #hourAt(at: number): number {
    const key = Math.floor(at / hourMs);
    let offset = this.#offsets.get(key);
    if (offset === undefined) {
      offset = zoneOffset(this.#window.zone, key * hourMs);
      this.#offsets.set(key, offset);
    }
    return Math.floor((((at + offset) / hourMs) % 24) + 24) % 24;
  }
}

/**
 * Time to help over the flags of a window. Pure: screens make it from the flags they hold, the hub from its rows, and a test
 * from the log.
 */
export function helpReport(
  flags: Iterable<RecentFlag>,
  window: ReportWindow,
  filter: ReportFilter = anyFlag,
): HelpReport {
  const count = new HelpCount(window, filter);
  for (const flag of flags) count.add(flag);
  return count.report();
}

/** The last 24 hours by the zone's clock: 23 whole ones and the one that runs. */
export function lastDay(zone: string, now: number): ReportWindow {
  const hour = hourStart(zone, now);
  return { from: hour - 23 * hourMs, to: hour + hourMs, zone, now };
}

/** Today by the zone's clock, up to the end of the hour that runs. */
export function today(zone: string, now: number): ReportWindow {
  return { from: dayStart(zone, now), to: hourStart(zone, now) + hourMs, zone, now };
}

/** Flags an hour over the part of the window that has passed; null before a minute has. */
export function perHour({ from, to, all }: Pick<HelpReport, 'from' | 'to' | 'all'>, now: number): number | null {
  const passed = Math.min(now, to) - from;
  return passed < 60_000 ? null : all.flags / (passed / hourMs);
}
