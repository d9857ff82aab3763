import type { Flag } from '../../shared/contract/flag.ts';
import { byUrgency, standing } from '../flag/order.ts';

/** Heights of the wall's rows in its units (px at 1080p), with the gap below. */
const rows = { open: 174, inHand: 98, more: 52 } as const;

/**
 * The flags that a wall has room for, in order of urgency, and how many it has not. Nobody can scroll a wall, so what does
 * not fit is counted. One open flag is always shown.
 * @param room height of the list in the wall's units
 */
export function fitFlags(
  flags: readonly Flag[],
  room: number,
): { readonly shown: readonly Flag[]; readonly more: number } {
  const sorted = [...flags].sort(byUrgency);
  const height = (flag: Flag): number => (standing(flag) === 'unclaimed' ? rows.open : rows.inHand);
  let used = 0;
  let count = 0;
  for (const flag of sorted) {
    const left = sorted.length - count - 1;
    if (count > 0 && used + height(flag) + (left > 0 ? rows.more : 0) > room) break;
    used += height(flag);
    count += 1;
  }
  return { shown: sorted.slice(0, count), more: sorted.length - count };
}
