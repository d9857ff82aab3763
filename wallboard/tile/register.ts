import { agentsByState } from './agents-by-state.ts';
import type { Tile } from './contract.ts';
import { flagsToday } from './flags-today.ts';
import { longestWait } from './longest-wait.ts';
import { open } from './open.ts';
import { serviceLevel } from './service-level.ts';
import { timeToClaim } from './time-to-claim.ts';
import { timeToHelp } from './time-to-help.ts';
import { unassigned } from './unassigned.ts';
import { waiting } from './waiting.ts';

/** Every tile there is, in the order of a fresh board. */
export const tiles: readonly Tile[] = [
  waiting,
  longestWait,
  serviceLevel,
  unassigned,
  flagsToday,
  agentsByState,
  timeToClaim,
  timeToHelp,
  open,
];

/** What matters most across a room: where there is no room for all, these stay. */
const wallFirst: readonly string[] = [
  'waiting',
  'longest-wait',
  'service-level',
  'unassigned',
  'time-to-help',
  'agents-by-state',
];

/** The tiles that a wall has room for, in the person's own order. @param most how many */
export function wallTiles(shown: readonly string[], most: number): readonly string[] {
  const chosen = [
    ...shown.filter((id) => wallFirst.includes(id)),
    ...shown.filter((id) => !wallFirst.includes(id)),
  ].slice(0, most);
  return shown.filter((id) => chosen.includes(id));
}
