import { call, type Result } from '../../shared/client/session.ts';
import type { Event } from '../../shared/contract/event.ts';
import type { RuleId } from '../../shared/contract/id.ts';
import type { Refusal } from '../../shared/contract/refusal.ts';
import type { RuleInUse, RulePage } from '../../shared/contract/rule.ts';
import type { SettingsFloor } from './change.ts';

/** How long several changes in a row are waited for, ms: of rules, and of flags, which move counts alone. */
const settleMs = 250;
const countsMs = 2000;

/** How soon an event wants the list to be read again; null: it does not. */
function wants(event: Event): number | null {
  if (event.type.startsWith('rule:')) return settleMs;
  if (event.type === 'flag:raised') return event.flag.source.kind === 'rule' ? countsMs : null;
  return event.type === 'flag:lowered' && event.outcome === 'not_needed' ? countsMs : null;
}

export interface RulesEnvironment {
  readonly read: () => Promise<Result<RulePage>>;
  readonly setTimeout: (run: () => void, ms: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
}

const browserEnvironment: RulesEnvironment = {
  read: () => call<RulePage>('GET', '/api/rule'),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(typeof timer === 'number' ? timer : undefined),
};

/** The rules with what came of them: read over HTTP, and again when somebody changes one or one of them raises a flag. */
export class RuleList {
  #environment: RulesEnvironment;
  #rules = $state.raw<readonly RuleInUse[] | null>(null);
  #refusal = $state.raw<Refusal | null>(null);
  #timer: unknown;
  /** Within how long the next reading comes, ms; null: none is planned. */
  #within: number | null = null;
  #asked = 0;
  #closed = false;

  constructor(environment: RulesEnvironment = browserEnvironment) {
    this.#environment = environment;
  }

  /** Null until the first answer. */
  get rules(): readonly RuleInUse[] | null {
    return this.#rules;
  }
  /** Why the last reading failed; what was read before stays. */
  get refusal(): Refusal | null {
    return this.#refusal;
  }

  /** Reads the list. An answer that a later question has overtaken is left out. */
  async read(): Promise<void> {
    this.#asked += 1;
    const mine = this.#asked;
    const answer = await this.#environment.read();
    if (this.#closed || mine !== this.#asked) return;
    if (answer.ok) this.#rules = answer.value.rules;
    this.#refusal = answer.ok ? null : answer.refusal;
  }

  /** Shows at once what the hub has just acknowledged; the next reading says the same. */
  set(id: RuleId, part: Partial<Pick<RuleInUse, 'active'>>): void {
    this.#rules = this.#rules?.map((rule) => (rule.id === id ? { ...rule, ...part } : rule)) ?? null;
  }

  drop(id: RuleId): void {
    this.#rules = this.#rules?.filter((rule) => rule.id !== id) ?? null;
  }

  /** Reads now, and follows the floor. @returns stops following, for good */
  follow(floor: Pick<SettingsFloor, 'onEvents' | 'onAgain'>): () => void {
    const stops = [
      floor.onEvents((events) => {
        const soonest = Math.min(...events.flatMap((event) => wants(event) ?? []));
        if (Number.isFinite(soonest)) this.#soon(soonest);
      }),
      floor.onAgain(() => this.#soon(settleMs)),
    ];
    void this.read();
    return () => {
      this.#closed = true;
      this.#environment.clearTimeout(this.#timer);
      for (const stop of stops) stop();
    };
  }

  /** Plans the next reading; a busy floor does not put it off for ever. */
  #soon(ms: number): void {
    if (this.#within !== null && this.#within <= ms) return;
    this.#environment.clearTimeout(this.#timer);
    this.#within = ms;
    this.#timer = this.#environment.setTimeout(() => {
      this.#within = null;
      void this.read();
    }, ms);
  }
}
