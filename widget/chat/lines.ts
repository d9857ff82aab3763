import type { CustomerConversation, CustomerLine } from '../../shared/contract/customer.ts';

/**
 * Takes lines in, each once, in the order of the hub's log (I11). What is already there stays, so a line that comes twice,
 * live and with a snapshot, is drawn once. No two lines share a place in the log, and a notice may be told under another
 * id by another hub, so the place counts as well.
 */
export function withLines(lines: readonly CustomerLine[], fresh: readonly CustomerLine[]): readonly CustomerLine[] {
  const known = new Set(lines.flatMap((line) => [line.id, line.position]));
  const added = fresh.filter((line) => {
    if (known.has(line.id) || known.has(line.position)) return false;
    known.add(line.id).add(line.position);
    return true;
  });
  if (added.length === 0) return lines;
  return [...lines, ...added].sort((a, b) => a.position - b.position);
}

/** The position of the newest line, 0 without one. */
export function lastPosition(lines: readonly CustomerLine[]): number {
  return lines.at(-1)?.position ?? 0;
}

/**
 * The lines of a conversation that has just taken the place of another: everything after the old one's end. Lines carry no
 * conversation, so its end is the last `closed` notice, or, where none was seen, the position of the change.
 */
export function linesAfterEnd(lines: readonly CustomerLine[], changedAt: number): readonly CustomerLine[] {
  const end = lines.findLast((line) => line.from === 'notice' && line.notice === 'closed');
  return lines.filter((line) => (end === undefined ? line.position >= changedAt : line.position > end.position));
}

/** Two lines of one voice within this time stand together under one name. */
const togetherMs = 3 * 60_000;

/** A line as it is drawn. `continued`: under the name of the line above. `newDay`: the first of its day, after another day. */
export interface DrawnLine {
  readonly line: CustomerLine;
  readonly continued: boolean;
  readonly newDay: boolean;
}

/** @param dayOf gives the same value for instants of one day, in the reader's own time zone */
export function drawn(lines: readonly CustomerLine[], dayOf: (instant: number) => string): DrawnLine[] {
  return lines.map((line, at) => {
    const before = lines[at - 1];
    const newDay = before !== undefined && dayOf(before.at) !== dayOf(line.at);
    const continued =
      before !== undefined &&
      !newDay &&
      line.from !== 'notice' &&
      before.from === line.from &&
      before.name === line.name &&
      line.at - before.at < togetherMs;
    return { line, continued, newDay };
  });
}

/** Who joined last and is still here, for the second line of the header; null without a supervisor. */
export function supervisorHere(conversation: CustomerConversation | null): string | null {
  return conversation?.helpers.findLast((helper) => helper.role === 'supervisor')?.name ?? null;
}
