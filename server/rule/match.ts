import type { Conversation } from '../../shared/contract/conversation.ts';
import type { Rule, RuleWords } from '../../shared/contract/rule.ts';
import type { Phrase, Range, Word } from '../../shared/live/words.ts';
import { merged, phraseOf, wordsOf } from '../../shared/live/words.ts';

/**
 * Rules, compiled: all their phrases stand in one tree of words, and a line is walked along it once, whatever the number of
 * rules. Nothing an admin writes is a pattern with choices to try, so no rule and no line can make it slow: the work is bounded
 * by the words of the line times the words of the longest phrase, and by the phrases that are really said.
 */

/** What decides whether a rule hears a line at all. */
export interface Place {
  readonly side: 'customer' | 'agent';
  readonly channel: Conversation['channel'];
  readonly queueId: Conversation['queueId'];
}

type Heeded = Pick<Rule, 'side' | 'channels' | 'queueIds'>;

/** Whether a rule listens where a line is said. */
export function listens(rule: Heeded, { side, channel, queueId }: Place): boolean {
  return (
    (rule.side === 'either' || rule.side === side) &&
    (rule.channels.length === 0 || rule.channels.includes(channel)) &&
    (rule.queueIds.length === 0 || rule.queueIds.includes(queueId))
  );
}

/** A rule that heard a line: which of its phrases, as written there, in the order in which they are said, and where. */
export interface Heard<R> {
  readonly rule: R;
  readonly heard: readonly string[];
  readonly ranges: readonly Range[];
}

interface Branch {
  readonly next: Map<string, Branch>;
  /** The phrase that ends here, and those that end with a word that begins so. */
  ends: number | null;
  readonly prefixes: Map<string, number>;
  shortestPrefix: number;
  longestPrefix: number;
}

const branch = (): Branch => ({
  next: new Map(),
  ends: null,
  prefixes: new Map(),
  shortestPrefix: Number.POSITIVE_INFINITY,
  longestPrefix: 0,
});

interface Numbered {
  readonly id: number;
  readonly written: string;
}

/** A rule with its phrases by number, each different one once in its list. */
interface Entry<R> {
  readonly rule: R;
  readonly any: readonly Numbered[];
  readonly all: readonly Numbered[];
  readonly not: readonly Numbered[];
  readonly near: { readonly first: Numbered; readonly second: Numbered; readonly within: number } | null;
}

/** Phrases that a line says, each with the places of its first word, growing. */
type Said = ReadonlyMap<number, readonly number[]>;

/** A set of rules, ready to hear lines. */
export class Book<R extends Heeded & { readonly words: RuleWords }> {
  readonly #entries: Entry<R>[] = [];
  readonly #root = branch();
  /** Words of each phrase. */
  readonly #lengths: number[] = [];
  /**
   * Rules that a phrase makes worth a look, by the phrase: without it they cannot hear a line. A rule that needs several
   * phrases waits for the one that fewest others use, so that words which everybody says wake few.
   */
  readonly #wakes: number[][] = [];

  /** @param rules in the order in which those that heard a line are answered */
  constructor(rules: readonly R[]) {
    const ids = new Map<string, number>();
    const numbered = (phrases: readonly string[]): Numbered[] => {
      const list = new Map<number, Numbered>();
      for (const written of phrases) {
        const phrase = phraseOf(written);
        // A rule that holds such a phrase was refused.
        if (typeof phrase === 'string') continue;
        const id = this.#number(ids, phrase);
        if (!list.has(id)) list.set(id, { id, written });
      }
      return [...list.values()];
    };
    for (const rule of rules) {
      const { any, all, not, near } = rule.words;
      const [first] = near === null ? [] : numbered([near.first]);
      const [second] = near === null ? [] : numbered([near.second]);
      const close = near === null || !first || !second ? null : { first, second, within: near.within };
      this.#entries.push({ rule, any: numbered(any), all: numbered(all), not: numbered(not), near: close });
    }
    const uses = new Map<number, number>();
    const required = ({ all, near }: Entry<R>): Numbered[] => [
      ...all,
      ...(near === null ? [] : [near.first, near.second]),
    ];
    for (const entry of this.#entries)
      for (const { id } of [...entry.any, ...required(entry)]) uses.set(id, (uses.get(id) ?? 0) + 1);
    for (const [at, entry] of this.#entries.entries()) {
      const [rarest] = required(entry).sort((a, b) => (uses.get(a.id) ?? 0) - (uses.get(b.id) ?? 0));
      for (const { id } of rarest === undefined ? entry.any : [rarest]) this.#wakes[id]?.push(at);
    }
  }

  get size(): number {
    return this.#entries.length;
  }

  /**
   * The rules that hear a line, in their order.
   * @param place where it is said; null where that is known to fit
   */
  hear(text: string, place: Place | null): Heard<R>[] {
    if (this.#entries.length === 0) return [];
    const words = wordsOf(text);
    const awake = new Set<number>();
    this.#walk(words, (phrase) => {
      for (const at of this.#wakes[phrase] ?? []) awake.add(at);
    });
    // Nearly every line ends here.
    if (awake.size === 0) return [];
    const said = new Map<number, number[]>();
    this.#walk(words, (phrase, from) => {
      const places = said.get(phrase);
      if (places === undefined) said.set(phrase, [from]);
      else places.push(from);
    });
    return [...awake]
      .sort((a, b) => a - b)
      .flatMap((at): Heard<R>[] => {
        const entry = this.#entries[at];
        if (entry === undefined || (place !== null && !listens(entry.rule, place))) return [];
        const heard = this.#judge(entry, said);
        return heard === null ? [] : [{ rule: entry.rule, ...heardAs(heard, words) }];
      });
  }

  /** The number of a phrase, which is put into the tree when it is new. */
  #number(ids: Map<string, number>, { words, prefix }: Phrase): number {
    const key = `${words.join(' ')}${prefix ? '*' : ''}`;
    const known = ids.get(key);
    if (known !== undefined) return known;
    const id = ids.size;
    ids.set(key, id);
    this.#lengths.push(words.length);
    this.#wakes.push([]);
    let at = this.#root;
    for (const word of prefix ? words.slice(0, -1) : words) {
      let next = at.next.get(word);
      if (next === undefined) {
        next = branch();
        at.next.set(word, next);
      }
      at = next;
    }
    if (!prefix) at.ends = id;
    else {
      const begin = words.at(-1) ?? '';
      at.prefixes.set(begin, id);
      at.shortestPrefix = Math.min(at.shortestPrefix, begin.length);
      at.longestPrefix = Math.max(at.longestPrefix, begin.length);
    }
    return id;
  }

  /** Tells of every phrase that is said, and of the place of its first word, in the order of places. */
  #walk(words: readonly Word[], tell: (phrase: number, from: number) => void): void {
    for (let from = 0; from < words.length; from += 1) {
      let at: Branch | undefined = this.#root;
      for (let next = from; at !== undefined && next < words.length; next += 1) {
        const word: string = words[next]?.text ?? '';
        const longest = Math.min(word.length, at.longestPrefix);
        for (let length = at.shortestPrefix; length <= longest; length += 1) {
          const phrase = at.prefixes.get(word.slice(0, length));
          if (phrase !== undefined) tell(phrase, from);
        }
        at = at.next.get(word);
        if (at !== undefined && at.ends !== null) tell(at.ends, from);
      }
    }
  }

  /** What a rule heard, phrase by phrase with the places; null: not what it listens for. */
  #judge({ any, all, not, near }: Entry<R>, said: Said): Placed[] | null {
    const isSaid = ({ id }: Numbered): boolean => said.has(id);
    if (!all.every(isSaid) || not.some(isSaid)) return null;
    const some = any.filter(isSaid);
    if (any.length > 0 && some.length === 0) return null;
    const placed = ({ id, written }: Numbered, from: readonly number[]): Placed => ({
      written,
      from,
      length: this.#lengths[id] ?? 1,
    });
    const heard = [...some, ...all].map((one) => placed(one, said.get(one.id)?.slice(0, mostMarked) ?? []));
    if (near === null) return heard.length === 0 ? null : heard;
    const [first, second] = [near.first, near.second].map((one) => placed(one, said.get(one.id) ?? []));
    const pair = first && second ? nearest(first, second, near.within) : null;
    return pair === null ? null : [...heard, placed(near.first, [pair[0]]), placed(near.second, [pair[1]])];
  }
}

/** Places of one phrase that are marked: a line that says it over and over is marked often enough. */
const mostMarked = 50;

/** Where a phrase of `length` words begins. */
interface Places {
  readonly from: readonly number[];
  readonly length: number;
}

interface Placed extends Places {
  readonly written: string;
}

/**
 * The first pair of places that do not overlap and are at most `within` words apart, in either order; words that stand next
 * to each other are 1 apart. Both lists grow, so one walk along each is enough.
 */
function nearest(a: Places, b: Places, within: number): readonly [a: number, b: number] | null {
  const forth = follows(a, b, within);
  const back = follows(b, a, within);
  if (back === null || (forth !== null && forth[0] <= back[0])) return forth;
  return [back[1], back[0]];
}

/** The first pair in which the right one comes after the left one. */
function follows(left: Places, right: Places, within: number): readonly [left: number, right: number] | null {
  let at = 0;
  for (const one of left.from) {
    const last = one + left.length - 1;
    while ((right.from[at] ?? Number.POSITIVE_INFINITY) <= last) at += 1;
    const other = right.from[at];
    if (other === undefined) return null;
    if (other - last <= within) return [one, other];
  }
  return null;
}

function heardAs(heard: readonly Placed[], words: readonly Word[]): { heard: string[]; ranges: Range[] } {
  const inOrder = [...heard].sort((x, y) => (x.from[0] ?? 0) - (y.from[0] ?? 0));
  const ranges = heard.flatMap(({ from, length }) =>
    from.map((first) => ({ start: words[first]?.start ?? 0, end: words[first + length - 1]?.end ?? 0 })),
  );
  return { heard: [...new Set(inOrder.map(({ written }) => written))], ranges: merged(ranges) };
}
