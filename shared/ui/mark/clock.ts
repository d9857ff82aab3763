import type { Live } from '../../live/apply.ts';
import type { ClockState } from '../kind.ts';

/** From which share of its target a clock warns that nobody has set: the last quarter (design language, colour roles). */
export const warnShare = 0.75;

/** From which share of its target a flag's clock warns, 0 to 1: as the organisation has set it. */
export const flagWarnShare = (live: Pick<Live, 'organisation'> | null): number =>
  live === null ? warnShare : live.organisation.warnPercent / 100;

/**
 * Where a running time stands against its target.
 * @param elapsed ms since it began
 * @param target ms it may take; undefined means that nothing was promised, so nothing can be late
 * @param warnAt share of the target, 0 to 1
 */
export function clockState(elapsed: number, target: number | undefined, warnAt: number = warnShare): ClockState {
  if (target === undefined || elapsed < target * warnAt) return 'ok';
  return elapsed < target ? 'warn' : 'breach';
}
