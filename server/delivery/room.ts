import type { RoomParts } from '../hub/room.ts';
import { deliveryNoun } from './delivery.ts';
import { queueDeliveries } from './follow.ts';

export const deliveryRoom: RoomParts = { nouns: [deliveryNoun], reactions: [queueDeliveries] };
