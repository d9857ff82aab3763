import type { EscalationStep } from '../../shared/contract/organisation.ts';
import { holds } from '../../shared/contract/permission.ts';
import type { Person } from '../../shared/contract/person.ts';
import type { Reach } from '../../shared/contract/policy.ts';
import { reaches } from '../../shared/contract/policy.ts';
import { calledFrom } from '../../shared/live/call.ts';
import { duration } from '../../shared/ui/text/format.ts';

type Chain = readonly EscalationStep[];

/** The steps that an admin may switch: the first one always stands. */
export const further = ['supervisors', 'everyone'] as const satisfies readonly Reach[];
export type Further = (typeof further)[number];

/** One step as the form holds it. */
export interface StepForm {
  readonly on: boolean;
  /** As typed, minutes and seconds. */
  readonly after: string;
}
export type ChainForm = Readonly<Record<Further, StepForm>>;

/** What a step that is switched on begins with. */
const begins: Readonly<Record<Further, number>> = { supervisors: 2 * 60_000, everyone: 5 * 60_000 };
const leastApartMs = 10_000;
const mostMs = 24 * 3_600_000;

export function formOf(chain: Chain): ChainForm {
  const stepOf = (reach: Further): StepForm => {
    const step = chain.find((one) => one.reach === reach);
    return { on: step !== undefined, after: duration(step?.afterMs ?? begins[reach]) };
  };
  return { supervisors: stepOf('supervisors'), everyone: stepOf('everyone') };
}

/** `2:00`, `1:02:03`, or a bare number of minutes, as ms; null: neither. */
export function msOf(typed: string): number | null {
  const parts = typed.trim().split(':');
  if (parts.length > 3 || parts.some((part, at) => !(at === 0 ? /^\d{1,4}$/ : /^\d{1,2}$/).test(part))) return null;
  const [first = 0, second, third] = parts.map(Number);
  if ((second ?? 0) > 59 || (third ?? 0) > 59) return null;
  if (second === undefined) return first * 60_000;
  if (third === undefined) return (first * 60 + second) * 1000;
  return ((first * 60 + second) * 60 + third) * 1000;
}

export type Fault = { readonly why: 'form' | 'late' } | { readonly why: 'early'; readonly leastMs: number };

/** The chain that the form says, with what is wrong with each of its steps before it is sent. */
export function chainOf(form: ChainForm): {
  readonly steps: readonly EscalationStep[];
  readonly faults: Readonly<Record<Further, Fault | null>>;
} {
  const steps: EscalationStep[] = [{ reach: 'own', afterMs: 0 }];
  const faults: Record<Further, Fault | null> = { supervisors: null, everyone: null };
  for (const reach of further) {
    if (!form[reach].on) continue;
    const afterMs = msOf(form[reach].after);
    const leastMs = (steps.at(-1)?.afterMs ?? 0) + leastApartMs;
    if (afterMs === null) faults[reach] = { why: 'form' };
    else if (afterMs < leastMs) faults[reach] = { why: 'early', leastMs };
    else if (afterMs > mostMs) faults[reach] = { why: 'late' };
    else steps.push({ reach, afterMs });
  }
  return { steps, faults };
}

export const sameChain = (a: Chain, b: Chain): boolean =>
  a.length === b.length && a.every((step, at) => step.reach === b[at]?.reach && step.afterMs === b[at]?.afterMs);

export interface Reached {
  readonly people: number;
  readonly here: number;
}

/**
 * How many people each step calls, and how many of them are here: over all agents, because who calls is not known yet.
 * @returns `alone`: agents whose flags call nobody at the first step
 */
export function reachedBy(people: Iterable<Person>): {
  readonly steps: Readonly<Record<Reach, Reached>>;
  readonly alone: number;
} {
  const everybody = [...people].filter((one) => one.active);
  const agents = everybody.filter((one) => one.teamIds.length > 0 && holds(one.role, 'flag.raise'));
  const nearest = new Map<Person, Reach>();
  for (const one of everybody) {
    const from = agents.map((agent) => calledFrom(one, agent)).filter((reach) => reach !== null);
    const [first] = reaches.filter((reach) => from.includes(reach));
    if (first !== undefined) nearest.set(one, first);
  }
  const upTo = (reach: Reach): Reached => {
    const called = [...nearest].filter(([, from]) => reaches.indexOf(from) <= reaches.indexOf(reach));
    return { people: called.length, here: called.filter(([one]) => one.reachable).length };
  };
  return {
    steps: { own: upTo('own'), supervisors: upTo('supervisors'), everyone: upTo('everyone') },
    alone: agents.filter((agent) => !everybody.some((one) => calledFrom(one, agent) === 'own')).length,
  };
}
