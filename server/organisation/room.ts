import type { CommandTable, RoomParts } from '../hub/room.ts';
import { organisationNoun } from './organisation.ts';
import { setEscalation } from './set-escalation.ts';
import { setFallback } from './set-fallback.ts';
import { setMonitoring } from './set-monitoring.ts';
import { setThresholds } from './set-thresholds.ts';

export const organisationCommands = {
  'organisation:set-monitoring': setMonitoring,
  'organisation:set-thresholds': setThresholds,
  'organisation:set-escalation': setEscalation,
  'organisation:set-fallback': setFallback,
} as const satisfies Partial<CommandTable>;

export const organisationRoom: RoomParts = { nouns: [organisationNoun] };
