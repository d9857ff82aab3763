import type { Attachment } from 'svelte/attachments';
import type { Flag } from '../../shared/contract/flag.ts';
import type { FlagId } from '../../shared/contract/id.ts';
import type { Attention } from '../../shared/ui/conversation/attention.svelte.ts';
import type { Board } from '../board.svelte.ts';

/** Which of these flags this screen still has to confirm, given what it has said already. */
export function marksDue(
  flags: readonly Flag[],
  said: { readonly delivered: ReadonlySet<FlagId>; readonly seen: ReadonlySet<FlagId> },
  eyes: { readonly me: string; readonly inSight: ReadonlySet<FlagId>; readonly here: boolean },
): { readonly delivered: readonly FlagId[]; readonly seen: readonly FlagId[] } {
  return {
    delivered: flags.filter((flag) => flag.deliveredAt === null && !said.delivered.has(flag.id)).map((flag) => flag.id),
    seen: eyes.here
      ? flags
          .filter(
            (flag) =>
              eyes.inSight.has(flag.id) &&
              !said.seen.has(flag.id) &&
              !flag.seenBy.some((one) => one.personId === eyes.me),
          )
          .map((flag) => flag.id)
      : [],
  };
}

/**
 * Tells the hub that flags arrived on this screen, and which of them stood before a person's eyes: in sight, on a tab
 * that is visible and has the focus. Each is said once; one that failed is said again at the next change.
 */
export class FlagMarks {
  readonly #board: Board;
  readonly #attention: Pick<Attention, 'here'>;
  #inSight = $state.raw<ReadonlySet<FlagId>>(new Set());
  readonly #delivered = new Set<FlagId>();
  readonly #seen = new Set<FlagId>();
  #observer: IntersectionObserver | undefined;
  /** Cards on the page: they may be there before the watching starts. */
  readonly #cards = new Map<Element, FlagId>();

  constructor(board: Board, attention: Pick<Attention, 'here'>) {
    this.#board = board;
    this.#attention = attention;
  }

  /** Watches one card: the flag counts as in sight while most of it can be seen. */
  watch(id: FlagId): Attachment<HTMLElement> {
    return (card) => {
      this.#cards.set(card, id);
      this.#observer?.observe(card);
      return () => {
        this.#observer?.unobserve(card);
        this.#cards.delete(card);
        this.#move([id], []);
      };
    };
  }

  /** Starts confirming. @returns stops */
  start(): () => void {
    this.#observer = new IntersectionObserver(
      (entries) => {
        const gone: FlagId[] = [];
        const come: FlagId[] = [];
        for (const entry of entries) {
          const id = this.#cards.get(entry.target);
          if (id !== undefined) (entry.isIntersecting ? come : gone).push(id);
        }
        this.#move(gone, come);
      },
      { threshold: 0.6 },
    );
    for (const card of this.#cards.keys()) this.#observer.observe(card);
    const stop = $effect.root(() => {
      // Telling the hub is a deed towards the outside, so it is an effect.
      $effect(() => {
        const live = this.#board.live;
        if (live === null || this.#board.stale) return;
        this.#forget();
        const due = marksDue(
          this.#board.flags,
          { delivered: this.#delivered, seen: this.#seen },
          { me: live.me.personId, inSight: this.#inSight, here: this.#attention.here },
        );
        for (const flagId of due.delivered) void this.#say('flag:mark-delivered', this.#delivered, flagId);
        for (const flagId of due.seen) void this.#say('flag:mark-seen', this.#seen, flagId);
      });
    });
    return () => {
      stop();
      this.#observer?.disconnect();
      this.#observer = undefined;
    };
  }

  async #say(command: 'flag:mark-delivered' | 'flag:mark-seen', said: Set<FlagId>, flagId: FlagId): Promise<void> {
    said.add(flagId);
    const answer = await this.#board.floor.send(command, { flagId });
    if (!answer.ok && (answer.refusal.code === 'outcome_unknown' || answer.refusal.code === 'rate_limited'))
      said.delete(flagId);
  }

  /** A screen runs for months: what was said of flags that are down is dropped. */
  #forget(): void {
    const up = new Set(this.#board.flags.map((flag) => flag.id));
    for (const said of [this.#delivered, this.#seen]) for (const id of said) if (!up.has(id)) said.delete(id);
  }

  #move(gone: readonly FlagId[], come: readonly FlagId[]): void {
    const next = new Set(this.#inSight);
    for (const id of gone) next.delete(id);
    for (const id of come) next.add(id);
    if (next.size !== this.#inSight.size || come.some((id) => !this.#inSight.has(id))) this.#inSight = next;
  }
}
