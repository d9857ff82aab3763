import type { ReasonId } from '../../shared/contract/id.ts';
import type { Reason } from '../../shared/contract/organisation.ts';

export interface ReasonLists {
  /** In the order of the Raise dialog. */
  readonly active: readonly Reason[];
  /** By name. */
  readonly archived: readonly Reason[];
}

export function reasonLists(reasons: Iterable<Reason>): ReasonLists {
  const all = [...reasons];
  return {
    active: all.filter((one) => one.active).sort((a, b) => a.order - b.order),
    archived: all.filter((one) => !one.active).sort((a, b) => a.name.localeCompare(b.name)),
  };
}

/** The order with one of them at another place; places past the ends are the ends. */
export function moved(order: readonly ReasonId[], id: ReasonId, to: number): readonly ReasonId[] {
  const rest = order.filter((one) => one !== id);
  if (rest.length === order.length) return order;
  const at = Math.min(rest.length, Math.max(0, to));
  return [...rest.slice(0, at), id, ...rest.slice(at)];
}

/**
 * The list under a hand: in the order the hand gave it, as long as it holds the same reasons; otherwise as the hub has it.
 * @param order null while no hand is on it
 */
export function inOrder(active: readonly Reason[], order: readonly ReasonId[] | null): readonly Reason[] {
  if (order === null || order.length !== active.length) return active;
  const found = order.flatMap((id) => active.find((one) => one.id === id) ?? []);
  return found.length === active.length ? found : active;
}
