import type { Channel } from './channel.ts';
import type { Outcome } from './flag.ts';
import type { QueueId, ReasonId } from './id.ts';

/** The longest window of a report, ms: 92 days, and the hour that a change of the clocks may add. */
export const reportMostMs = (92 * 24 + 1) * 3_600_000;
/** The most flags of one report or export. */
export const reportMostFlags = 100_000;

/** Which flags a report counts: raised at or after `from` and before `to`, and all that is not null. */
export interface ReportFilter {
  readonly queueId: QueueId | null;
  readonly reasonId: ReasonId | null;
  readonly channel: Channel | null;
  readonly by: 'agent' | 'rule' | null;
}

/** Where the ranges of a distribution begin, ms; the first begins at 0 and the last has no end. */
export const spreadFrom = [0, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000] as const;

/** Lengths of time: how many, the middle one and the one that nine of ten stay under, ms; null where there is none. */
export interface Times {
  readonly count: number;
  readonly median: number | null;
  readonly p90: number | null;
}

/** What a report says of a set of flags. */
export interface HelpFigures {
  readonly flags: number;
  /** Still up. */
  readonly up: number;
  /** Nobody has claimed it, whether it is up or down. */
  readonly unclaimed: number;
  /** From raising to the first claim, and to the first answer (a side chat line, or joining). */
  readonly claim: Times;
  readonly help: Times;
  /** Flags whose target can be judged: claimed, or unclaimed past their target. And how many were claimed in time. */
  readonly judged: number;
  readonly inTarget: number;
}

/** How a flag ended: with an outcome, with its session and without one, or not yet. */
export type HelpEnd = Outcome | 'session_ended' | 'up';

export type HelpRow<K> = HelpFigures & { readonly of: K };

/** Time to help over a window: the same from a screen's own flags, from the tables, and from the log. */
export interface HelpReport {
  readonly from: number;
  readonly to: number;
  /** IANA name of the zone whose hours and days are meant. */
  readonly zone: string;
  readonly step: 'hour' | 'day';
  /** Flags raised in each hour or day of the zone that the window touches, oldest first. */
  readonly spans: readonly { readonly at: number; readonly flags: number }[];
  /** Flags by the hour of the day at which they were raised, from 0 to 23. */
  readonly hours: readonly number[];
  readonly all: HelpFigures;
  /** How the times lie, by `spreadFrom`. */
  readonly claimSpread: readonly number[];
  readonly helpSpread: readonly number[];
  /** Most flags first. */
  readonly queues: readonly HelpRow<QueueId>[];
  readonly reasons: readonly HelpRow<ReasonId>[];
  readonly ends: readonly HelpRow<HelpEnd>[];
  readonly channels: readonly HelpRow<Channel>[];
  readonly sources: readonly HelpRow<'agent' | 'rule'>[];
}
