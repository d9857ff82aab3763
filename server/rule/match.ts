import type { Conversation } from '../../shared/contract/conversation.ts';
import type { Rule, RuleWords } from '../../shared/contract/rule.ts';
import type { Range, Word } from '../../shared/live/words.ts';
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

type Part = 'any' | 'all' | 'not' | 'first' | 'second';

interface Posting {
  readonly rule: number;
  readonly part: Part;
  readonly written: string;
}

interface Branch {
  readonly next: Map<string, Branch>;
  /** Phrases that end here, and those that end with a word that begins so. */
  ends: number | null;
  readonly prefixes: Map<string, number>;
  longestPrefix: number;
}

interface Said {
  readonly phrase: number;
  /** Places of its first word, growing. */
  readonly from: number[];
}

interface Tally {
  any: number;
  all: number;
  not: boolean;
  readonly said: { readonly part: Part; readonly written: string; readonly said: Said }[];
}

const branch = (): Branch => ({ next: new Map(), ends: null, prefixes: new Map(), longestPrefix: 0 });

/** A set of rules, ready to hear lines. */
export class Book<R extends Heeded & { readonly words: RuleWords }> {
  readonly #rules: readonly R[];
  readonly #root = branch();
  readonly #postings: Posting[][] = [];
  readonly #lengths: number[] = [];
  /** How many different phrases of each rule's `all` must be said. */
  readonly #needed: number[] = [];

  /** @param rules in the order in which those that heard a line are answered */
  constructor(rules: readonly R[]) {
    this.#rules = rules;
    const ids = new Map<string, number>();
    for (const [at, { words }] of rules.entries()) {
      this.#add(ids, at, 'any', words.any);
      this.#needed.push(this.#add(ids, at, 'all', words.all));
      this.#add(ids, at, 'not', words.not);
      if (words.near === null) continue;
      this.#add(ids, at, 'first', [words.near.first]);
      this.#add(ids, at, 'second', [words.near.second]);
    }
  }

  get size(): number {
    return this.#rules.length;
  }

  /**
   * The rules that hear a line, in their order.
   * @param place where it is said; null where that is known to fit
   */
  hear(text: string, place: Place | null): Heard<R>[] {
    if (this.#rules.length === 0) return [];
    const words = wordsOf(text);
    const all = this.#said(words);
    if (all.size === 0) return [];
    const tallies = new Map<number, Tally>();
    for (const said of all.values())
      for (const { rule, part, written } of this.#postings[said.phrase] ?? []) {
        let tally = tallies.get(rule);
        if (tally === undefined) {
          tally = { any: 0, all: 0, not: false, said: [] };
          tallies.set(rule, tally);
        }
        if (part === 'not') tally.not = true;
        else {
          if (part === 'any' || part === 'all') tally[part] += 1;
          tally.said.push({ part, written, said });
        }
      }
    return [...tallies]
      .sort(([a], [b]) => a - b)
      .flatMap(([at, tally]): Heard<R>[] => {
        const rule = this.#rules[at];
        if (rule === undefined || (place !== null && !listens(rule, place))) return [];
        const heard = this.#judge(rule.words, this.#needed[at] ?? 0, tally);
        return heard === null ? [] : [{ rule, ...heardAs(heard, words) }];
      });
  }

  /** Puts phrases into the tree. @returns how many different ones they are */
  #add(ids: Map<string, number>, rule: number, part: Part, written: readonly string[]): number {
    const mine = new Set<number>();
    for (const one of written) {
      const phrase = phraseOf(one);
      // A rule that holds such a phrase was refused.
      if (typeof phrase === 'string') continue;
      const key = `${phrase.words.join(' ')}${phrase.prefix ? '*' : ''}`;
      const id = ids.get(key) ?? ids.size;
      if (!ids.has(key)) {
        ids.set(key, id);
        this.#lengths[id] = phrase.words.length;
        this.#postings[id] = [];
        this.#grow(phrase.words, phrase.prefix, id);
      }
      if (mine.has(id)) continue;
      mine.add(id);
      this.#postings[id]?.push({ rule, part, written: one });
    }
    return mine.size;
  }

  #grow(words: readonly string[], prefix: boolean, id: number): void {
    let at = this.#root;
    const whole = prefix ? words.slice(0, -1) : words;
    for (const word of whole) {
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
      at.longestPrefix = Math.max(at.longestPrefix, begin.length);
    }
  }

  /** Every phrase that is said, with its places. */
  #said(words: readonly Word[]): Map<number, Said> {
    const all = new Map<number, Said>();
    const note = (phrase: number, from: number): void => {
      const said = all.get(phrase);
      if (said === undefined) all.set(phrase, { phrase, from: [from] });
      else said.from.push(from);
    };
    for (let from = 0; from < words.length; from += 1) {
      let at: Branch | undefined = this.#root;
      for (let next = from; at !== undefined && next < words.length; next += 1) {
        const word: string = words[next]?.text ?? '';
        const longest = Math.min(word.length, at.longestPrefix);
        for (let length = 1; length <= longest; length += 1) {
          const phrase = at.prefixes.get(word.slice(0, length));
          if (phrase !== undefined) note(phrase, from);
        }
        at = at.next.get(word);
        if (at?.ends != null) note(at.ends, from);
      }
    }
    return all;
  }

  /** What a rule heard, phrase by phrase with the places; null: not what it listens for. */
  #judge({ any, near }: RuleWords, needed: number, tally: Tally): Placed[] | null {
    if (tally.not || tally.all < needed || (any.length > 0 && tally.any === 0)) return null;
    const lengthOf = (said: Said): number => this.#lengths[said.phrase] ?? 1;
    const heard: Placed[] = tally.said
      .filter(({ part }) => part === 'any' || part === 'all')
      .map(({ written, said }) => ({ written, from: said.from.slice(0, mostMarked), length: lengthOf(said) }));
    if (near === null) return heard.length === 0 ? null : heard;
    const [first, second] = (['first', 'second'] as const).map((part) => tally.said.find((one) => one.part === part));
    if (first === undefined || second === undefined) return null;
    const a = { from: first.said.from, length: lengthOf(first.said) };
    const b = { from: second.said.from, length: lengthOf(second.said) };
    const pair = nearest(a, b, near.within);
    if (pair === null) return null;
    return [
      ...heard,
      { written: near.first, from: [pair[0]], length: a.length },
      { written: near.second, from: [pair[1]], length: b.length },
    ];
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
