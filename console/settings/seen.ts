import { ago } from '../../shared/ui/text/format.ts';
import type { PersonRow } from './rows.ts';
import { settingsText as text } from './text.ts';

/** When somebody was last here, in a few words. @param now hub time, ms */
export function seenWords(row: PersonRow, now: number): string {
  if (row.active && row.reachable) return text('seen.now');
  if (row.lastSeenAt === null) return text('never');
  return ago(Math.max(0, now - row.lastSeenAt));
}
