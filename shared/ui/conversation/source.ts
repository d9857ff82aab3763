import type { Floor } from '../../client/floor.svelte.ts';
import type { Transcript } from '../../client/transcript.svelte.ts';

/** What the conversation components use of a screen's floor; a specimen can stand in for it. */
export type FloorSource = Pick<
  Floor,
  'live' | 'link' | 'heardAt' | 'hubNow' | 'send' | 'typingIn' | 'sayTyping' | 'saySideTyping'
>;

/** What they use of one conversation's transcript. */
export type TranscriptSource = Pick<
  Transcript,
  | 'events'
  | 'pending'
  | 'state'
  | 'refusal'
  | 'hasEarlier'
  | 'load'
  | 'loadEarlier'
  | 'say'
  | 'sayPrivately'
  | 'discard'
  | 'settled'
>;
