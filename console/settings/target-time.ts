import { duration } from '../../shared/ui/text/format.ts';

/** The least and the most that a target may be, ms: as the contract has it. */
export const targetRange = { least: 10_000, most: 24 * 3_600_000 } as const;

/** A target as it is typed and shown: `4:00`, `1:30:00`. */
export const targetWords = (ms: number): string => duration(ms);

/**
 * Reads a target as typed, in minutes and seconds or with hours before them.
 * @returns ms, whatever its length; null where it is no such time
 */
export function readTarget(typed: string): number | null {
  const parts = /^(?:(\d{1,2}):)?(\d{1,3}):(\d{2})$/.exec(typed.trim());
  if (parts === null) return null;
  const [hours, minutes, seconds] = [Number(parts[1] ?? 0), Number(parts[2]), Number(parts[3])];
  if (seconds > 59 || (parts[1] !== undefined && minutes > 59)) return null;
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

/** What is wrong with a target as typed: the key of the sentence, or null. */
export function targetFault(typed: string): 'reason.target.wrong' | 'reason.target.range' | null {
  const ms = readTarget(typed);
  if (ms === null) return 'reason.target.wrong';
  return ms < targetRange.least || ms > targetRange.most ? 'reason.target.range' : null;
}
