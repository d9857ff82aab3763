import type { Flag } from '../../contract/flag.ts';
import type { Organisation, Reach } from '../../contract/organisation.ts';
import { nextCall } from '../../live/call.ts';
import { catalogue } from '../text/catalogue.ts';
import { duration } from '../text/format.ts';

/** Words of the chain along which a flag calls. */
export const callText = catalogue({
  'who.own': 'the agent’s supervisors',
  'who.supervisors': 'every supervisor',
  'who.everyone': 'everyone',
  reached: 'Called further: {who}, {time} ago',
  next: 'Calls {who} in {time}',
  'next.now': 'Calls {who} now',
  here: { one: '{count} of {called} called is here', other: '{count} of {called} called are here' },
});

export const whoIs = (reach: Reach): string => callText(`who.${reach}`);

export interface CallWords {
  /** The step it stands at, where it has called further than at first; else null. */
  readonly reached: string | null;
  /** The step it takes next, unless somebody claims it; else null. */
  readonly next: string | null;
}

/** Where a flag stands on its chain, in words for its card. */
export function callWords(flag: Flag, chain: Organisation['escalation'], now: number): CallWords {
  if (flag.lowered !== null || flag.claim !== null) return { reached: null, next: null };
  const next = nextCall(flag, chain);
  const left = next === null ? 0 : next.at - now;
  return {
    reached:
      flag.reach === 'own'
        ? null
        : callText('reached', { who: whoIs(flag.reach), time: duration(Math.max(0, now - flag.reachedAt)) }),
    next:
      next === null
        ? null
        : left <= 0
          ? callText('next.now', { who: whoIs(next.reach) })
          : // Rounded up as every clock that counts down, so that "0:01" is never already past.
            callText('next', { who: whoIs(next.reach), time: duration(Math.ceil(left / 1000) * 1000) }),
  };
}
