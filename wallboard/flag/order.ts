import type { Flag } from '../../shared/contract/flag.ts';
import type { FlagId } from '../../shared/contract/id.ts';
import { flagState } from '../../shared/live/flag.ts';

/** Where a flag stands: nobody has it, somebody has it, somebody is in the conversation. */
export type Standing = 'unclaimed' | 'claimed' | 'joined';

export function standing(flag: Flag): Standing {
  const state = flagState(flag);
  return state === 'joined' ? 'joined' : state === 'claimed' ? 'claimed' : 'unclaimed';
}

const rank = { unclaimed: 0, claimed: 1, joined: 2 } as const;

/** Unclaimed first, by the time left to the target of their reason; then claimed, then joined (screens.md). */
export function byUrgency(a: Flag, b: Flag): number {
  return (
    rank[standing(a)] - rank[standing(b)] ||
    a.targetAt - b.targetAt ||
    a.raisedAt - b.raisedAt ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}

/** One place in the list: a flag that is up, or the place of one that went down while the list was held. */
export interface Place {
  readonly flag: Flag;
  /** It is down; its place stays until the hand is gone. */
  readonly gone: boolean;
  /** Drawn tall (two lines of message): kept while held, because a lower card would pull up the ones below. */
  readonly tall: boolean;
}

const fresh = (flag: Flag): Place => ({ flag, gone: false, tall: standing(flag) === 'unclaimed' });

/**
 * Arranges the list. Nobody's hand on it: in order of urgency. Held (a card is under the pointer or selected by keyboard):
 * no card moves; what goes down leaves its place, and a new flag comes right below the held card, in sight.
 * @param before the list as it is shown
 * @param flags those that are up, in any order
 * @param held the card under the hand, or null
 */
export function arrange(before: readonly Place[], flags: readonly Flag[], held: FlagId | null): readonly Place[] {
  const sorted = [...flags].sort(byUrgency);
  if (held === null || !before.some((place) => place.flag.id === held)) return sorted.map(fresh);
  const up = new Map(sorted.map((flag) => [flag.id, flag]));
  const kept = before.map((place): Place => {
    const flag = up.get(place.flag.id);
    return flag === undefined ? { ...place, gone: true } : { flag, gone: false, tall: place.tall };
  });
  const known = new Set(before.map((place) => place.flag.id));
  const arrived = sorted.filter((flag) => !known.has(flag.id)).map(fresh);
  const at = kept.findIndex((place) => place.flag.id === held) + 1;
  return [...kept.slice(0, at), ...arrived, ...kept.slice(at)];
}

/** The flag that the next key should reach: the neighbour of the selected one, or the first or last of all. */
export function neighbour(places: readonly Place[], selected: FlagId | null, step: 1 | -1): FlagId | null {
  const up = places.filter((place) => !place.gone);
  const at = up.findIndex((place) => place.flag.id === selected);
  if (at < 0) return (step === 1 ? up[0] : up.at(-1))?.flag.id ?? null;
  return up[Math.min(up.length - 1, Math.max(0, at + step))]?.flag.id ?? null;
}
