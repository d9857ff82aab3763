import type { LinkState } from '../../shared/client/connection.ts';
import type { PendingLine } from '../../shared/client/transcript.svelte.ts';
import type { Event } from '../../shared/contract/event.ts';
import type { Answer } from '../../shared/contract/refusal.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import type { AutoFallback } from '../../shared/contract/wire.ts';
import type { Live } from '../../shared/live/apply.ts';
import type { TranscriptSource } from '../../shared/ui/conversation/source.ts';
import type { FloorSource } from '../board.svelte.ts';

/** A floor without a hub: shows what it is given, and notes what a screen asks for. */
export class FloorDouble implements FloorSource {
  live: Live | null = $state.raw(null);
  link: LinkState = $state.raw('connecting');
  heardAt = $state.raw(0);
  lastEventAt = $state.raw(0);
  readonly why = null;
  readonly offset = 0;
  fast = $state.raw(true);
  autoFallback: AutoFallback | null = $state.raw(null);
  readonly asked: string[] = [];

  hubNow(): number {
    return Date.now();
  }

  async send(name: string): Promise<Answer<never>> {
    this.asked.push(name);
    return {
      ok: false,
      refusal: refusal('try_again', 'This is a picture, there is no hub behind it.', 'Open the real board.'),
    };
  }

  onEvents(): () => void {
    return () => undefined;
  }

  onAgain(): () => void {
    return () => undefined;
  }

  typingIn(): readonly [] {
    return [];
  }

  sayTyping(): void {}
  saySideTyping(): void {}
  tryNow(): void {}
}

/** A transcript that stands still. */
export class TranscriptDouble implements TranscriptSource {
  readonly events: readonly Event[];
  readonly pending: readonly PendingLine[] = [];
  readonly state = 'ready';
  readonly refusal = null;
  readonly hasEarlier = false;

  constructor(events: readonly Event[]) {
    this.events = events;
  }

  async load(): Promise<void> {}
  async loadEarlier(): Promise<void> {}
  say(): void {}
  sayPrivately(): void {}
  discard(): void {}
  async settled(): Promise<void> {}
  close(): void {}
}
