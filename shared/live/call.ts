import type { Flag } from '../contract/flag.ts';
import type { EscalationStep, Organisation } from '../contract/organisation.ts';
import { holds } from '../contract/permission.ts';
import type { Person } from '../contract/person.ts';
import type { Reach } from '../contract/policy.ts';
import { reaches } from '../contract/policy.ts';

type Caller = Pick<Person, 'id' | 'teamIds'>;

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

/**
 * From which step on a person is called to an agent's flags, or null: never. The agent's own supervisors first; then whoever
 * leads a team, or helps without the right to see every flag; last those who see every flag anyway: for them it sounds only then.
 */
export function calledFrom(person: Person, agent: Caller): Reach | null {
  if (!person.active || person.id === agent.id) return null;
  const helps = holds(person.role, 'supervision.own');
  if (helps && person.supervises.some((team) => agent.teamIds.includes(team))) return 'own';
  const seesAll = holds(person.role, 'flag.view.any');
  if (helps && (!seesAll || person.supervises.length > 0)) return 'supervisors';
  return seesAll ? 'everyone' : null;
}

/** Whether a flag that calls so far calls this person. */
export function isCalled(reach: Reach, person: Person | undefined, agent: Caller | undefined): boolean {
  if (person === undefined || agent === undefined) return false;
  const from = calledFrom(person, agent);
  return from !== null && rank(from) <= rank(reach);
}

/** The people whom an agent's flag calls once it calls so far, in order of name. */
export function calledBy(reach: Reach, agent: Caller | undefined, people: Iterable<Person>): readonly Person[] {
  return [...people]
    .filter((one) => isCalled(reach, one, agent))
    .sort((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
}

/** The step a flag calls next, and when, unless somebody claims it; null: it waits for nothing further. */
export function nextCall(
  flag: Pick<Flag, 'reach' | 'nextAt' | 'claim' | 'lowered'>,
  chain: Organisation['escalation'],
): { readonly reach: Reach; readonly at: number } | null {
  if (flag.nextAt === null || flag.claim !== null || flag.lowered !== null) return null;
  // The chain may have been shortened since that instant was set.
  const step = stepAfter(chain, flag.reach);
  return step === null ? null : { reach: step.reach, at: flag.nextAt };
}
