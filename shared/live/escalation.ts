import type { EscalationStep, Organisation } from '../contract/organisation.ts';
import { type Reach, reaches } from '../contract/policy.ts';

const rank = (reach: Reach): number => reaches.indexOf(reach);

/** The step that follows once a flag calls as far as `reached`, or null at the end of the chain. */
export function stepAfter(chain: Organisation['escalation'], reached: Reach): EscalationStep | null {
  return chain.find((step) => rank(step.reach) > rank(reached)) ?? null;
}

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
