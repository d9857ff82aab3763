/**
 * What somebody wants to do next, and how it looks from outside: a pause to read and think, then typing, then the act.
 * Plain data: the minds (agent.ts, customer.ts, supervisor.ts) are functions from what somebody sees to their wants.
 */
export interface Want<A> {
  /** The same key is the same wish: its pause goes on. Another key begins anew. */
  readonly key: string;
  /** Least and most ms of thinking. */
  readonly think: readonly [least: number, most: number];
  /** What is typed, or null where nothing is. */
  readonly typing?: string;
  /** As part of the opening: hardly any pause, so that a new floor is alive at once. */
  readonly hasty?: boolean;
  readonly act: A;
}

/** By subject: one thing at a time is done about each. */
export type Wants<A> = ReadonlyMap<string, Want<A>>;

export interface Doing<A> {
  perform(subject: string, act: A): Promise<void>;
  typing(subject: string, act: A, on: boolean): void;
}

interface Plan<A> {
  readonly key: string;
  readonly act: A;
  readonly typeAt: number;
  readonly doAt: number;
  /** When the typing mark was last shown; null before it was. */
  typed: number | null;
  /** Since when it is being done, or was; null before. */
  doneAt: number | null;
}

/** Typing marks lapse after 5 s on the screen. */
const markAgainMs = 3000;
/** A want that stays after it was done was lost or refused: it is tried again, but never in a hurry. */
const againMs = 6000;
const hastyShare = 0.04;

/** How long a line takes to type, ms: people who do it all day, and nobody waits longer than 9 s. */
export function typingMs(text: string): number {
  return Math.min(9000, Math.max(1200, text.length * 55));
}

/** One person's hands: turns wants into acts, in their own time. Driven by `tick`; holds no timer. */
export class Rhythm<A> {
  readonly #plans = new Map<string, Plan<A>>();
  readonly #doing: Doing<A>;
  readonly #random: () => number;
  readonly #speed: number;

  /** @param speed how many times faster than life */
  constructor(doing: Doing<A>, random: () => number, speed: number) {
    this.#doing = doing;
    this.#random = random;
    this.#speed = speed;
  }

  /**
   * Goes on with what is wanted now, and drops what is not any more.
   * @param now ms, of the injected clock
   */
  tick(now: number, wants: Wants<A>): void {
    for (const [subject, plan] of this.#plans) {
      if (wants.get(subject)?.key === plan.key) continue;
      this.#plans.delete(subject);
      if (plan.typed !== null && plan.doneAt === null) this.#doing.typing(subject, plan.act, false);
    }
    for (const [subject, want] of wants) this.#one(now, subject, want);
  }

  /** How many things are under way. */
  get size(): number {
    return this.#plans.size;
  }

  #one(now: number, subject: string, want: Want<A>): void {
    const plan = this.#plans.get(subject);
    if (plan === undefined || (plan.doneAt !== null && now - plan.doneAt >= againMs)) {
      this.#plans.set(subject, this.#plan(now, want));
      return;
    }
    if (plan.doneAt !== null) return;
    if (now >= plan.doAt) {
      plan.doneAt = now;
      if (plan.typed !== null) this.#doing.typing(subject, plan.act, false);
      void this.#doing.perform(subject, plan.act);
      return;
    }
    if (now >= plan.typeAt && (plan.typed === null || now - plan.typed >= markAgainMs)) {
      plan.typed = now;
      this.#doing.typing(subject, plan.act, true);
    }
  }

  #plan(now: number, want: Want<A>): Plan<A> {
    const [least, most] = want.think;
    const share = (want.hasty === true ? hastyShare : 1) / this.#speed;
    const typeAt = now + (least + (most - least) * this.#random()) * share;
    const doAt = want.typing === undefined ? typeAt : typeAt + typingMs(want.typing) * share;
    return { key: want.key, act: want.act, typeAt, doAt, typed: null, doneAt: null };
  }
}
