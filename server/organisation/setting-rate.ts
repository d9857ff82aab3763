import type { Rate } from '../hub/room.ts';

/** Settings are changed by hand. */
export const settingRate: Rate = { points: 60, seconds: 60 };
