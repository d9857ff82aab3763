import OverIcon from 'lucide/dist/esm/icons/arrow-right-left.mjs';
import EyeIcon from 'lucide/dist/esm/icons/eye.mjs';
import LockIcon from 'lucide/dist/esm/icons/lock.mjs';
import JoinIcon from 'lucide/dist/esm/icons/log-in.mjs';
import type { LedgerEntry, LedgerKind } from '../../shared/contract/read.ts';
import type { Live } from '../../shared/live/apply.ts';
import { personName } from '../../shared/ui/conversation/people.ts';
import type { Icon } from '../../shared/ui/kind.ts';
import { day, duration, timeOfDay } from '../../shared/ui/text/format.ts';
import { ledgerText as text } from './ledger-text.ts';

export const kindIcons: Readonly<Record<LedgerKind, Icon>> = {
  watched: EyeIcon,
  whispered: LockIcon,
  joined: JoinIcon,
  took_over: OverIcon,
};

/** Who, and in whose conversation with whom, as the reader says it; `**` marks what is strong. */
export function withWords(one: LedgerEntry, live: Pick<Live, 'people' | 'me'>): string {
  const me = live.me.personId;
  const words = {
    who: personName(live, one.personId),
    agent: personName(live, one.agentId),
    customer: one.customerName,
  };
  return text(one.agentId === me ? 'with.mine' : one.personId === me ? 'with.own' : 'with.other', words);
}

/** `10:02 to 10:09`, or one time where it took no minute. */
export function timeWords({ since, until }: Pick<LedgerEntry, 'since' | 'until'>): string {
  const from = timeOfDay(since);
  if (until === null) return text('time.since', { from });
  return timeOfDay(until) === from ? from : text('time.range', { from, until: timeOfDay(until) });
}

/** How long it took, or how much was whispered; empty for what takes no time. @param now hub time, ms */
export function lengthWords(one: LedgerEntry, now: number): string {
  if (one.kind === 'whispered') return text('lines', { count: one.lines });
  return one.kind === 'took_over' ? '' : duration((one.until ?? now) - one.since);
}

/** The entries by local day, in their order. */
export function byDay(
  entries: readonly LedgerEntry[],
): readonly { readonly day: string; readonly entries: readonly LedgerEntry[] }[] {
  const days: { day: string; entries: LedgerEntry[] }[] = [];
  for (const one of entries) {
    const name = day(one.since);
    const last = days.at(-1);
    if (last?.day === name) last.entries.push(one);
    else days.push({ day: name, entries: [one] });
  }
  return days;
}
