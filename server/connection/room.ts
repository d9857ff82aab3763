import type { CommandTable, RoomParts } from '../hub/room.ts';
import { activate } from './activate.ts';
import { addressWriter } from './address.ts';
import { connectionNoun } from './connection.ts';
import { create } from './create.ts';
import { deactivate } from './deactivate.ts';
import { rename } from './rename.ts';
import { secretChangeWriter, secretWriter } from './secrets.ts';
import { setQueue } from './set-queue.ts';
import { setSecrets } from './set-secrets.ts';
import { setTarget } from './set-target.ts';
import { connectionNamesNoun } from './use.ts';

export const connectionCommands = {
  'connection:create': create,
  'connection:rename': rename,
  'connection:set-queue': setQueue,
  'connection:set-target': setTarget,
  'connection:set-secrets': setSecrets,
  'connection:activate': activate,
  'connection:deactivate': deactivate,
} as const satisfies Partial<CommandTable>;

export const connectionRoom: RoomParts = {
  nouns: [connectionNoun, connectionNamesNoun],
  // In the order in which they must be saved.
  writers: [secretWriter, secretChangeWriter, addressWriter],
};
