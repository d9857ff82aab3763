import type { CommandTable, RoomParts } from '../hub/room.ts';
import { archive, rulesOfReasonNoun } from './archive.ts';
import { create } from './create.ts';
import { reasonNoun } from './reason.ts';
import { rename } from './rename.ts';
import { reorder } from './reorder.ts';
import { restore } from './restore.ts';
import { setTarget } from './set-target.ts';
import { reasonsNoun } from './use.ts';

export const reasonCommands = {
  'reason:create': create,
  'reason:rename': rename,
  'reason:set-target': setTarget,
  'reason:reorder': reorder,
  'reason:archive': archive,
  'reason:restore': restore,
} as const satisfies Partial<CommandTable>;

export const reasonRoom: RoomParts = { nouns: [reasonNoun, reasonsNoun, rulesOfReasonNoun] };
