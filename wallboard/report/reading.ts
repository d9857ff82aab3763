import type { HelpReport, ReportFilter } from '../../shared/contract/report.ts';
import type { RecentFlag } from '../../shared/contract/snapshot.ts';
import { recentFlagsMs } from '../../shared/live/apply.ts';
import { helpReport, lastDay, today } from '../../shared/live/help-report.ts';

/** Asking for the zone takes as long as drawing a tile, and it changes when its owner travels. */
const zoneLastsMs = 60_000;
let known = { zone: '', until: Number.NEGATIVE_INFINITY };

/** The zone that this screen's clock shows. */
export function screenZone(): string {
  const now = performance.now();
  if (now >= known.until) known = { zone: Intl.DateTimeFormat().resolvedOptions().timeZone, until: now + zoneLastsMs };
  return known.zone;
}

/** One list is read by several tiles at the same instant. */
const read = new WeakMap<readonly RecentFlag[], { readonly key: string; readonly report: HelpReport }>();

/** What the tiles say of the last 24 hours, and the report over the same window in its first state. @param now hub time, ms */
export function readLastDay(flags: readonly RecentFlag[], now: number, zone = screenZone()): HelpReport {
  const key = `${now} ${zone}`;
  const before = read.get(flags);
  if (before?.key === key) return before.report;
  const report = helpReport(flags, lastDay(zone, now));
  read.set(flags, { key, report });
  return report;
}

/** Flags raised since midnight here. */
export function countToday(flags: readonly RecentFlag[], now: number, zone = screenZone()): number {
  const { from, to } = today(zone, now);
  return flags.filter((flag) => flag.raisedAt >= from && flag.raisedAt < to).length;
}

/** The same report as the hub's, from the flags that this screen holds; null: the window began before them. */
export function readHeld(
  flags: readonly RecentFlag[],
  window: { readonly from: number; readonly to: number },
  filter: ReportFilter,
  now: number,
  zone = screenZone(),
): HelpReport | null {
  return window.from <= now - recentFlagsMs ? null : helpReport(flags, { ...window, zone, now }, filter);
}
