import type { ConversationId } from '../shared/contract/id.ts';
import type { TranscriptSource } from '../shared/ui/conversation/source.ts';

export type OpenTranscript = TranscriptSource & { close(): void };

/** So many transcripts stay open, so that going back to one shows it in the same frame. */
const most = 8;

/** The transcripts looked at lately. A person's own waiting lines go on by themselves, also from one that was put away. */
export class TranscriptShelf {
  readonly #make: (id: ConversationId) => OpenTranscript;
  readonly #open = new Map<ConversationId, OpenTranscript>();

  /** @param make opens one: `new Transcript(floor, id)` */
  constructor(make: (id: ConversationId) => OpenTranscript) {
    this.#make = make;
  }

  get(id: ConversationId): OpenTranscript {
    const standing = this.#open.get(id);
    this.#open.delete(id);
    const transcript = standing ?? this.#make(id);
    this.#open.set(id, transcript);
    for (const [oldest, one] of this.#open) {
      if (this.#open.size <= most) break;
      one.close();
      this.#open.delete(oldest);
    }
    return transcript;
  }

  close(): void {
    for (const one of this.#open.values()) one.close();
    this.#open.clear();
  }
}
