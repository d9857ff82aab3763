import type { Flag } from '../../contract/flag.ts';
import { flagState } from '../../live/flag.ts';
import { timeWithSeconds } from '../text/format.ts';
import { conversationText as text } from './text.ts';

/** A step of the halyard line, as the kit's `Steps` takes it. */
export interface FlagStep {
  readonly word: string;
  readonly note: string;
  readonly state: 'done' | 'now' | 'asked' | 'open';
}

/** The four steps of a flag's life with their instants: raised, seen, claimed, joined. */
export function flagSteps(flag: Flag): FlagStep[] {
  const state = flagState(flag);
  const seenAt = flag.seenBy[0]?.at ?? null;
  const step = (word: FlagStep['word'], at: number | null, now: boolean): FlagStep => ({
    word,
    note: at === null ? text('step.notYet') : timeWithSeconds(at),
    state: now ? 'now' : at === null ? 'open' : 'done',
  });
  return [
    step(text('step.raised'), flag.raisedAt, state === 'raised'),
    step(text('step.seen'), seenAt, state === 'seen'),
    step(text('step.claimed'), flag.claim?.at ?? null, state === 'claimed'),
    joinStep(flag, state === 'joined'),
  ];
}

function joinStep(flag: Flag, now: boolean): FlagStep {
  const word = text('step.joined');
  if (now) return { word, note: timeWithSeconds(flag.joinedAt ?? flag.raisedAt), state: 'now' };
  if (flag.join?.state === 'asked') return { word, note: text('step.asked'), state: 'asked' };
  if (flag.join?.state === 'declined') return { word, note: text('step.declined'), state: 'open' };
  // They were in the conversation and left it again.
  if (flag.joinedAt !== null) return { word, note: text('step.left'), state: 'done' };
  if (flag.join?.state === 'accepted') return { word, note: text('step.accepted'), state: 'asked' };
  return { word, note: text('step.notAsked'), state: 'open' };
}
