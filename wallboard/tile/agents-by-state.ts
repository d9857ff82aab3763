import type { Status } from '../../shared/contract/person.ts';
import { count } from '../../shared/ui/text/format.ts';
import { presenceOf } from '../agent/presence.ts';
import type { View } from '../view.ts';
import { tile } from './contract.ts';
import FaceTile from './FaceTile.svelte';
import { tileText } from './words.ts';

/** Agents of these teams by presence. */
export function readAgentsByState(view: View): Readonly<Record<Status, number>> {
  const counts = { available: 0, busy: 0, break: 0, offline: 0 };
  for (const agent of view.agents) counts[presenceOf(agent)] += 1;
  return counts;
}

export const agentsByState = tile({
  id: 'agents-by-state',
  title: () => tileText('agents.title'),
  wallTitle: () => tileText('agents.wall'),
  definition: () => tileText('agents.definition'),
  read: readAgentsByState,
  face: (counts) => {
    const working = counts.available + counts.busy + counts.break;
    const all = working + counts.offline;
    const parts = [
      { kind: 'available', value: counts.available },
      { kind: 'busy', value: counts.busy },
      { kind: 'break', value: counts.break },
      { kind: 'offline', value: counts.offline },
    ] as const;
    const label = tileText('agents.say', {
      available: counts.available,
      busy: counts.busy,
      onBreak: counts.break,
      offline: counts.offline,
    });
    return {
      figure: all === 0 ? null : count(working),
      unit: tileText('agents.unit', { all }),
      empty: tileText('agents.none'),
      clock: 'ok',
      chart: { kind: 'segments', parts, label },
      foot: tileText('agents.foot'),
      wallFoot: tileText('agents.foot'),
      legend: parts,
    };
  },
  component: FaceTile,
});
