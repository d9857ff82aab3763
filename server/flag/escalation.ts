import type { Organisation, Reach } from '../../shared/contract/organisation.ts';
import { reaches } from '../../shared/contract/organisation.ts';
import { stepAfter } from '../../shared/live/call.ts';

const rank = (reach: Reach): number => reaches.indexOf(reach);

/**
 * When a flag that begins to call as far as `reached` at an instant calls further unless somebody claims it: the waits between
 * steps count, so a flag whose claim was given back waits again as long as it would have the first time.
 * @param since ms, when it went up, reached this step, or was given back
 * @returns ms, or null at the end of the chain
 */
export function nextStepAt(chain: Organisation['escalation'], reached: Reach, since: number): number | null {
  const next = stepAfter(chain, reached);
  if (next === null) return null;
  const here = chain.findLast((step) => rank(step.reach) <= rank(reached));
  return since + next.afterMs - (here?.afterMs ?? 0);
}
