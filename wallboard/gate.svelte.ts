import type { Result } from '../shared/client/session.ts';
import type { SignedIn } from '../shared/contract/read.ts';
import type { Refusal } from '../shared/contract/refusal.ts';

/** What stands before the board: asking who this is, signing in, or a failure that can be tried again. */
export type GateState =
  | { readonly is: 'asking' }
  | { readonly is: 'sign-in' /** Why the last session ended, if one did. */; readonly ended: Refusal | null }
  | { readonly is: 'failed'; readonly refusal: Refusal }
  | { readonly is: 'open'; readonly person: SignedIn };

/** First pause before asking again, and the longest, ms: a wall comes back by itself. */
const pauses = { first: 1000, most: 15_000 } as const;

/** Finds out who sits before this screen. While the hub cannot be reached it asks again by itself. */
export class Gate {
  readonly #ask: () => Promise<Result<SignedIn>>;
  #state = $state.raw<GateState>({ is: 'asking' });
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(ask: () => Promise<Result<SignedIn>>) {
    this.#ask = ask;
  }

  get state(): GateState {
    return this.#state;
  }

  async ask(pause: number = pauses.first): Promise<void> {
    clearTimeout(this.#timer);
    const answer = await this.#ask();
    if (this.#closed) return;
    if (answer.ok) this.#state = { is: 'open', person: answer.value };
    else if (answer.refusal.code === 'not_signed_in') this.#state = { is: 'sign-in', ended: null };
    else {
      this.#state = { is: 'failed', refusal: answer.refusal };
      this.#timer = setTimeout(() => void this.ask(Math.min(pauses.most, pause * 2)), pause);
    }
  }

  /** The session is over: sign in again, in place. @param why what the hub said, if it was the hub */
  signedOut(why: Refusal | null): void {
    this.#state = { is: 'sign-in', ended: why };
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }
}
