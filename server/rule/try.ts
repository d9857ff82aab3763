import { broadShare, type RuleTrial, type RuleTried } from '../../shared/contract/rule.ts';
import { excerpt } from '../../shared/live/words.ts';
import { tidied } from './check.ts';
import { Book } from './match.ts';
import type { PastLine } from './queries.ts';

/** Matching lines that are shown, and how much of each. */
const mostSamples = 20;
const sampleLength = 240;
/** How long one trial may keep a hub, and how long without letting others have their turn, ms. */
const mostMs = 1500;
const turnMs = 8;

export interface Pace {
  /** ms, monotonic */
  readonly clock: () => number;
  /** Lets the rest of the hub have its turn. */
  readonly pause: () => Promise<void>;
}

const real: Pace = {
  clock: () => performance.now(),
  pause: () => new Promise((resume) => setImmediate(resume)),
};

/**
 * What a rule would have heard of lines of the past. It takes turns with everything else that the hub does, and stops when
 * its time is up: then it says how many lines it read.
 * @param past newest first, of the side, channels and queues that the rule listens to
 */
export async function tryRule(
  { words }: Pick<RuleTrial, 'words'>,
  past: { readonly lines: readonly PastLine[]; readonly more: boolean },
  pace: Pace = real,
): Promise<Omit<RuleTried, 'position'>> {
  const book = new Book([{ side: 'either' as const, channels: [], queueIds: [], words: tidied(words) }]);
  const samples: RuleTried['samples'][number][] = [];
  const conversations = new Set<string>();
  let read = 0;
  let matched = 0;
  const start = pace.clock();
  let turn = start;
  for (const line of past.lines) {
    const now = pace.clock();
    if (now - start > mostMs) break;
    if (now - turn > turnMs) {
      await pace.pause();
      turn = pace.clock();
    }
    read += 1;
    // Side, channel and queue were chosen by the query.
    const [heard] = book.hear(line.text, null);
    if (heard === undefined) continue;
    matched += 1;
    conversations.add(line.conversationId);
    if (samples.length < mostSamples) samples.push({ ...line, ...excerpt(line.text, heard.ranges, sampleLength) });
  }
  const share = read === 0 ? 0 : matched / read;
  return {
    lines: read,
    matched,
    conversations: conversations.size,
    share,
    broad: share > broadShare,
    since: past.lines[read - 1]?.at ?? null,
    more: past.more || read < past.lines.length,
    samples,
  };
}
