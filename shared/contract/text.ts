import { z } from 'zod';
import { limits } from './limits.ts';

/** A lone surrogate cannot be stored as UTF-8, and NUL cannot be stored in PostgreSQL text: both are refused by name. */
const wellFormed = (text: string): boolean => text.isWellFormed() && !text.includes('\u0000');

const broken = 'holds a character that cannot be stored (NUL or half of a surrogate pair)';

/** Words of a person: not empty after trimming, at most `most` UTF-16 units, storable. Line breaks are kept. */
export const words = (most: number) =>
  z
    .string()
    .max(most, { message: `must be at most ${most} characters` })
    .refine(wellFormed, { message: broken })
    .refine((text) => text.trim().length > 0, { message: 'must not be empty' });

/** One line of words, for names: no line break or other control character, so that it is safe in a mail header. */
export const oneLine = (most: number) =>
  words(most).refine((text) => !/[\u0000-\u001f\u007f\u2028\u2029]/.test(text), { message: 'must be a single line' });

export const email = z
  .string()
  .max(limits.email, { message: `must be at most ${limits.email} characters` })
  .refine((text) => /^[^\s@<>,;:"]+@[^\s@<>,;:"]+\.[^\s@<>,;:"]+$/.test(text), {
    message: 'must be an e-mail address',
  });
