import type { CommandTable, RoomParts } from '../hub/room.ts';
import { deactivate } from './deactivate.ts';
import { invite } from './invite.ts';
import { emailTakenNoun, joiningNoun, ownersNoun } from './joining.ts';
import { markReachable } from './mark-reachable.ts';
import { markUnreachable } from './mark-unreachable.ts';
import { personNoun } from './person.ts';
import { reactivate } from './reactivate.ts';
import { rename } from './rename.ts';
import { renewInvitation } from './renew-invitation.ts';
import { secretWriters } from './secrets.ts';
import { setCapacity } from './set-capacity.ts';
import { setRole } from './set-role.ts';
import { setStatus } from './set-status.ts';
import { setTeams } from './set-teams.ts';
import { signOutEverywhere } from './sign-out-everywhere.ts';

export const personCommands = {
  'person:invite': invite,
  'person:renew-invitation': renewInvitation,
  'person:rename': rename,
  'person:set-role': setRole,
  'person:set-teams': setTeams,
  'person:set-capacity': setCapacity,
  'person:deactivate': deactivate,
  'person:reactivate': reactivate,
  'person:set-status': setStatus,
  'person:sign-out-everywhere': signOutEverywhere,
} as const satisfies Partial<CommandTable>;

export const personRoom: RoomParts = {
  nouns: [personNoun, joiningNoun, emailTakenNoun, ownersNoun],
  writers: secretWriters,
  jobs: { 'person:mark-reachable': markReachable, 'person:mark-unreachable': markUnreachable },
};
