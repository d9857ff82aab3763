import { call, type Result } from '../../shared/client/session.ts';
import type { Refusal } from '../../shared/contract/refusal.ts';
import type { RuleTrial, RuleTried } from '../../shared/contract/rule.ts';

/** How long somebody who types is waited for, ms. */
const pauseMs = 350;

export interface TrialEnvironment {
  readonly ask: (trial: RuleTrial) => Promise<Result<RuleTried>>;
  readonly setTimeout: (run: () => void, ms: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
}

const browserEnvironment: TrialEnvironment = {
  ask: (trial) => call<RuleTried>('POST', '/api/rule/try', trial),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(typeof timer === 'number' ? timer : undefined),
};

/** What a rule would have heard, while it is written: asked whenever the hand rests, the last answer stands meanwhile. */
export class Trial {
  #environment: TrialEnvironment;
  #tried = $state.raw<RuleTried | null>(null);
  #refusal = $state.raw<Refusal | null>(null);
  #reading = $state(false);
  #timer: unknown;
  #asked = '';
  #turn = 0;

  constructor(environment: TrialEnvironment = browserEnvironment) {
    this.#environment = environment;
  }

  /** The newest answer; null: there is none for what is written now. */
  get tried(): RuleTried | null {
    return this.#tried;
  }
  get refusal(): Refusal | null {
    return this.#refusal;
  }
  /** An answer is waited for. */
  get reading(): boolean {
    return this.#reading;
  }

  /** Tries this; null: there is nothing to try. The same as before is not asked again. */
  follow(trial: RuleTrial | null): void {
    const asked = JSON.stringify(trial);
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#environment.clearTimeout(this.#timer);
    this.#turn += 1;
    this.#reading = trial !== null;
    if (trial === null) {
      this.#tried = null;
      this.#refusal = null;
      return;
    }
    this.#timer = this.#environment.setTimeout(() => void this.#ask(trial), pauseMs);
  }

  /** Asks again at once, after a failure. */
  again(trial: RuleTrial): void {
    this.#environment.clearTimeout(this.#timer);
    this.#turn += 1;
    this.#reading = true;
    void this.#ask(trial);
  }

  end(): void {
    this.#environment.clearTimeout(this.#timer);
    this.#turn += 1;
  }

  async #ask(trial: RuleTrial): Promise<void> {
    const mine = this.#turn;
    const answer = await this.#environment.ask(trial);
    // What was written meanwhile has its own answer.
    if (mine !== this.#turn) return;
    this.#reading = false;
    this.#tried = answer.ok ? answer.value : null;
    this.#refusal = answer.ok ? null : answer.refusal;
  }
}
