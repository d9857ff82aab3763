import { refusal } from '../../shared/contract/refusal.ts';
import { Refused } from '../auth/answer.ts';
import type { Buckets } from '../hub/rate.ts';
import type { Rate } from '../hub/room.ts';

/** Takes one of what a key may ask for. @throws Refused when there is none left */
export function tooOften(buckets: Buckets, key: string, rate: Rate): void {
  const wait = buckets.take(key, rate);
  if (wait > 0)
    throw new Refused(
      refusal('rate_limited', 'That was too often in a short time.', 'Wait a moment.', { retryMs: wait }),
    );
}
