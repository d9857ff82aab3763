import type { Flag } from '../../contract/flag.ts';
import type { Organisation } from '../../contract/organisation.ts';
import type { Reach } from '../../contract/policy.ts';
import { nextCall } from '../../live/call.ts';
import { catalogue } from '../text/catalogue.ts';
import { duration } from '../text/format.ts';

/** Words of the chain along which a flag calls. */
export const callText = catalogue({
  'who.own': 'the agent’s supervisors',
  'who.supervisors': 'every supervisor',
  'who.everyone': 'everyone',
  reached: 'Called further: {who}, {time} ago',
  'reached.short': 'Called {who}, {time} ago',
  both: 'Called {who}, {next} in {time}',
  'both.now': 'Called {who}, {next} now',
  next: 'Calls {who} in {time}',
  'next.now': 'Calls {who} now',
  here: '{count} of {called} here',
});

export const whoIs = (reach: Reach): string => callText(`who.${reach}`);

export interface CallWords {
  /** The step it stands at, where it has called further than at first; else null. */
  readonly reached: string | null;
  /** The step it takes next, unless somebody claims it; else null. */
  readonly next: string | null;
  /** Both in as few words as a card has room for; null where neither is. */
  readonly short: string | null;
}

const nothing: CallWords = { reached: null, next: null, short: null };

/** Where a flag stands on its chain, in words for its card. */
export function callWords(flag: Flag, chain: Organisation['escalation'], now: number): CallWords {
  if (flag.lowered !== null || flag.claim !== null) return nothing;
  const step = nextCall(flag, chain);
  const since = duration(Math.max(0, now - flag.reachedAt));
  // Rounded up as every clock that counts down, so that "0:01" is never already past.
  const left = step === null || step.at <= now ? null : duration(Math.ceil((step.at - now) / 1000) * 1000);
  const who = whoIs(flag.reach);
  const reached = flag.reach === 'own' ? null : callText('reached', { who, time: since });
  if (step === null)
    return { reached, next: null, short: reached === null ? null : callText('reached.short', { who, time: since }) };
  const to = whoIs(step.reach);
  const next = left === null ? callText('next.now', { who: to }) : callText('next', { who: to, time: left });
  if (reached === null) return { reached, next, short: next };
  const both =
    left === null ? callText('both.now', { who, next: to }) : callText('both', { who, next: to, time: left });
  return { reached, next, short: both };
}
