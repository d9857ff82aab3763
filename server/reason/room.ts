import type { RoomParts } from '../hub/room.ts';
import { reasonNoun } from './reason.ts';

/** Reasons are made with their organisation (`server/organisation/create.ts`); a room of its own keeps their rows. */
export const reasonRoom: RoomParts = { nouns: [reasonNoun] };
