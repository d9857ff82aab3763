import type { CommandTable, RoomParts } from '../hub/room.ts';
import { archive } from './archive.ts';
import { create } from './create.ts';
import { rename } from './rename.ts';
import { setLegacyFlag } from './set-legacy-flag.ts';
import { teamNoun } from './team.ts';
import { teamNamesNoun, teamQueuesNoun, teamUseNoun } from './use.ts';

export const teamCommands = {
  'team:create': create,
  'team:rename': rename,
  'team:archive': archive,
  'team:set-legacy-flag': setLegacyFlag,
} as const satisfies Partial<CommandTable>;

export const teamRoom: RoomParts = { nouns: [teamNoun, teamNamesNoun, teamQueuesNoun, teamUseNoun] };
