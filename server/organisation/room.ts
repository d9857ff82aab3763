import type { RoomParts } from '../hub/room.ts';
import { organisationNoun } from './organisation.ts';

export const organisationRoom: RoomParts = { nouns: [organisationNoun] };
