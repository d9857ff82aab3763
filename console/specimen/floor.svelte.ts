import type { TypingMark } from '../../shared/client/floor.svelte.ts';
import type { PendingLine } from '../../shared/client/transcript.svelte.ts';
import type { CommandName, CommandResult } from '../../shared/contract/command.ts';
import type { Event } from '../../shared/contract/event.ts';
import type { ConversationId, SessionId } from '../../shared/contract/id.ts';
import type { Answer, Refusal } from '../../shared/contract/refusal.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import { newId } from '../../shared/contract/uuid.ts';
import type { AutoFallback } from '../../shared/contract/wire.ts';
import type { Live } from '../../shared/live/apply.ts';
import type { DeskFloor } from '../desk.svelte.ts';
import type { OpenTranscript } from '../shelf.ts';
import type { Told } from './story.ts';
import { rosa } from './story.ts';

const nobody = refusal(
  'try_again',
  'No hub stands behind this page.',
  'It is for looking at the console in its states.',
);

/** A floor that stands still. */
export class SpecimenFloor implements DeskFloor {
  readonly #told: Told;
  readonly why: Refusal | null = null;
  readonly offset = 0;
  readonly fast = true;
  autoFallback: AutoFallback | null = $state.raw(null);

  constructor(told: Told) {
    this.#told = told;
  }

  get live(): Live | null {
    return this.#told.live;
  }
  get link(): Told['link'] {
    return this.#told.link;
  }
  get heardAt(): number {
    return this.#told.at - 9000;
  }
  get lastEventAt(): number {
    return this.#told.at - 12_000;
  }
  hubNow(): number {
    return Date.now();
  }
  send<N extends CommandName>(): Promise<Answer<CommandResult<N>>> {
    return Promise.resolve({ ok: false, refusal: nobody });
  }
  onEvents(): () => void {
    return () => undefined;
  }
  onAgain(): () => void {
    return () => undefined;
  }
  typingIn(key: string): readonly TypingMark[] {
    if (!this.#told.typing) return [];
    const ines = [...(this.#told.live?.people.values() ?? [])].find((one) => one.name === 'Ines Okafor');
    if (key.startsWith('side:')) return [{ by: 'side', personId: ines?.id ?? null, until: this.#told.at + 5000 }];
    return key === rosa ? [{ by: 'customer', personId: null, until: this.#told.at + 5000 }] : [];
  }
  sayTyping(): void {}
  saySideTyping(): void {}
  tryNow(): void {}
  close(): void {}
}

/** So many events come with a page. */
const page = 60;

/** A transcript that takes lines and never gets an answer to them. A long one has earlier pages. */
export class SpecimenTranscript implements OpenTranscript {
  readonly state: 'loading' | 'ready' | 'failed';
  readonly refusal: Refusal | null;
  readonly #all: readonly Event[];
  #from = $state.raw(0);
  #rain = $state.raw<readonly Event[]>([]);
  #pending = $state.raw<readonly PendingLine[]>([]);
  readonly #stop: () => void;

  constructor(_floor: SpecimenFloor, id: ConversationId, told: Told) {
    this.#all = id === rosa ? told.events : [];
    this.#from = Math.max(0, this.#all.length - page);
    this.state = told.transcript;
    this.refusal = told.transcript === 'failed' ? nobody : null;
    // `rain` on the window lets a test send the next customer line.
    const rain = (): void => {
      const last = this.events.findLast((event) => event.type === 'message:sent' && event.author === 'customer');
      if (last?.type !== 'message:sent') return;
      const at = Date.now();
      this.#rain = [
        ...this.#rain,
        { ...last, entryId: newId(at), text: `Rain ${this.#rain.length + 1}`, at, position: at },
      ];
    };
    addEventListener('specimen:rain', rain);
    this.#stop = () => removeEventListener('specimen:rain', rain);
  }

  get events(): readonly Event[] {
    return [...this.#all.slice(this.#from), ...this.#rain];
  }
  get hasEarlier(): boolean {
    return this.#from > 0;
  }
  get pending(): readonly PendingLine[] {
    return this.#pending;
  }
  load(): Promise<void> {
    return Promise.resolve();
  }
  async loadEarlier(): Promise<void> {
    await Promise.resolve();
    this.#from = Math.max(0, this.#from - page);
  }
  say(text: string): void {
    this.#add(text, 'message', null, text.startsWith('!') ? nobody : null);
  }
  sayPrivately(sessionId: SessionId, text: string): void {
    this.#add(text, 'side-chat', sessionId, null);
  }
  discard(id: string): void {
    this.#pending = this.#pending.filter((line) => line.id !== id);
  }
  settled(): Promise<void> {
    return Promise.resolve();
  }
  close(): void {
    this.#stop();
  }

  #add(text: string, kind: PendingLine['kind'], sessionId: SessionId | null, refused: Refusal | null): void {
    const at = Date.now();
    this.#pending = [...this.#pending, { id: newId(at), kind, text, at, sessionId, refusal: refused }];
  }
}
