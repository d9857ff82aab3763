import type { RoomParts } from '../hub/room.ts';
import { queueNoun } from './queue.ts';

/** Queues come, are renamed and go with their team (`server/team`); a room of its own keeps their rows. */
export const queueRoom: RoomParts = { nouns: [queueNoun] };
