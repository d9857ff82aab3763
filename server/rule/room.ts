import type { CommandTable, RoomParts } from '../hub/room.ts';
import { activate } from './activate.ts';
import { create } from './create.ts';
import { deactivate } from './deactivate.ts';
import { redefine } from './redefine.ts';
import { remove } from './remove.ts';
import { activeRulesNoun, ruleNamesNoun, ruleNoun, ruleSetNoun } from './rule.ts';

export const ruleCommands = {
  'rule:create': create,
  'rule:redefine': redefine,
  'rule:activate': activate,
  'rule:deactivate': deactivate,
  'rule:remove': remove,
} as const satisfies Partial<CommandTable>;

export const ruleRoom: RoomParts = { nouns: [ruleNoun, ruleSetNoun, activeRulesNoun, ruleNamesNoun] };
