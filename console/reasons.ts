import type { ReasonId } from '../shared/contract/id.ts';
import type { Reason } from '../shared/contract/organisation.ts';

/** Reasons that can be chosen, in the order of their keys. @param own the reason of a flag that is up: it stays, last if archived */
export function choosable(reasons: Iterable<Reason>, own: ReasonId | null): readonly Reason[] {
  return [...reasons]
    .filter((one) => one.active || one.id === own)
    .sort((a, b) => Number(b.active) - Number(a.active) || a.order - b.order);
}
