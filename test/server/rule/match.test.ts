import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Book, type Place } from '../../../server/rule/match.ts';
import type { QueueId } from '../../../shared/contract/id.ts';
import type { RuleWords } from '../../../shared/contract/rule.ts';
import { phraseOf, saidAt, wordsOf } from '../../../shared/live/words.ts';

interface Draft {
  readonly id: number;
  readonly side: 'customer' | 'agent' | 'either';
  readonly channels: Place['channel'][];
  readonly queueIds: QueueId[];
  readonly words: RuleWords;
}

const [home, other] = ['queue 1', 'queue 2'] as string[] as [QueueId, QueueId];
const place: Place = { side: 'customer', channel: 'chat', queueId: home };
const nothing: RuleWords = { any: [], all: [], near: null, not: [] };
const rule = (words: Partial<RuleWords>, more: Partial<Draft> = {}): Draft => ({
  id: 0,
  side: 'either',
  channels: [],
  queueIds: [],
  words: { ...nothing, ...words },
  ...more,
});
const heard = (words: Partial<RuleWords>, line: string): readonly string[] | null =>
  new Book([rule(words)]).hear(line, place)[0]?.heard ?? null;

/** What the words of a rule mean, said as plainly as can be. */
function naive({ any, all, near, not }: RuleWords, line: string): boolean {
  const words = wordsOf(line);
  const placesOf = (written: string): number[] => {
    const phrase = phraseOf(written);
    if (typeof phrase === 'string') return [];
    return words.flatMap((_, at) => (saidAt(phrase, words, at) ? [at] : []));
  };
  const length = (written: string): number => {
    const phrase = phraseOf(written);
    return typeof phrase === 'string' ? 0 : phrase.words.length;
  };
  const said = (written: string): boolean => placesOf(written).length > 0;
  if (not.some(said)) return false;
  if (any.length > 0 && !any.some(said)) return false;
  if (!all.every(said)) return false;
  if (near === null) return any.length + all.length > 0;
  const close = (a: string, b: string): boolean =>
    placesOf(a).some((one) =>
      placesOf(b).some((two) => {
        const apart = two - (one + length(a) - 1);
        return apart >= 1 && apart <= near.within;
      }),
    );
  return close(near.first, near.second) || close(near.second, near.first);
}

describe('S1.17 what a rule hears', () => {
  test.each([
    [{ any: ['refund', 'money back'] }, 'Give me my money back', ['money back']],
    [{ any: ['refund', 'money back'] }, 'Money back or a refund', ['money back', 'refund']],
    [{ any: ['refund'] }, 'I was refunded', null],
    [{ any: ['refund*'] }, 'I was refunded', ['refund*']],
    [{ all: ['card', 'stolen'] }, 'My card was stolen', ['card', 'stolen']],
    [{ all: ['card', 'stolen'] }, 'My card is gone', null],
    [{ all: ['Card', 'card'] }, 'My card is gone', ['Card']],
    [{ any: ['lawyer'], not: ['my lawyer'] }, 'My lawyer says', null],
    [{ any: ['lawyer'], not: ['my lawyer'] }, 'A lawyer says', ['lawyer']],
    [{ near: { first: 'cancel*', second: 'account', within: 3 } }, 'Cancel my old account', ['cancel*', 'account']],
    [{ near: { first: 'cancel*', second: 'account', within: 2 } }, 'Cancel my old account', null],
    [{ near: { first: 'cancel*', second: 'account', within: 2 } }, 'The account was cancelled', ['account', 'cancel*']],
    [{ near: { first: 'no', second: 'no', within: 2 } }, 'No', null],
    [{ near: { first: 'no', second: 'no', within: 2 } }, 'No. No!', ['no']],
    [{ near: { first: 'not happy', second: 'happy', within: 9 } }, 'I am not happy', null],
    [{ any: ['manager'] }, 'MÁNAGER', ['manager']],
  ] as const)('%j in %s', (words, line, expected) => {
    expect(heard(words as unknown as Partial<RuleWords>, line)).toEqual(expected);
  });

  test('marks what it heard, near ones where they are near', () => {
    const line = 'Account? Cancel it. No, cancel my account.';
    const [found] = new Book([rule({ near: { first: 'cancel', second: 'account', within: 1 } })]).hear(
      'cancel nothing, cancel account',
      place,
    );
    expect(found?.ranges).toEqual([
      { start: 16, end: 22 },
      { start: 23, end: 30 },
    ]);
    const [any] = new Book([rule({ any: ['cancel'] })]).hear(line, place);
    expect(any?.ranges.map(({ start, end }) => line.slice(start, end))).toEqual(['Cancel', 'cancel']);
  });

  test.each([
    [{ side: 'customer' }, true],
    [{ side: 'agent' }, false],
    [{ channels: ['chat'] }, true],
    [{ channels: ['legacy', 'messaging'] }, false],
    [{ queueIds: [other, home] }, true],
    [{ queueIds: [other] }, false],
  ] as [Partial<Draft>, boolean][])('only where it listens: %j', (more, expected) => {
    expect(new Book([rule({ any: ['refund'] }, more)]).hear('refund', place)).toHaveLength(expected ? 1 : 0);
  });

  test('answers in the order of the rules, whatever order their words are said in', () => {
    const rules = ['b', 'a', 'c'].map((word, id) => rule({ any: [`${word}${word}`] }, { id }));
    expect(new Book(rules).hear('aa bb cc', place).map((one) => one.rule.id)).toEqual([0, 1, 2]);
  });
});

/** Few letters, so that words meet. */
const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'É'), minLength: 1, maxLength: 3 });
const phrase = fc
  .tuple(fc.array(word, { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([words, star]) => `${words.join(' ')}${star ? '*' : ''}`);
const some = fc.array(phrase, { maxLength: 3 });
const ruleWords: fc.Arbitrary<RuleWords> = fc.record({
  any: some,
  all: some,
  not: fc.array(phrase, { maxLength: 1 }),
  near: fc.option(fc.record({ first: phrase, second: phrase, within: fc.integer({ min: 1, max: 4 }) })),
});
const line = fc
  .array(fc.tuple(word, fc.constantFrom(' ', ', ', '. ', '-')), { maxLength: 12 })
  .map((words) => words.map(([one, gap]) => `${one}${gap}`).join(''));

test('S1.17 a book of many rules hears what each rule says by itself', () => {
  fc.assert(
    fc.property(fc.array(ruleWords, { maxLength: 12 }), line, (all, said) => {
      const book = new Book(all.map((words, id) => rule(words, { id })));
      const found = book.hear(said, place).map((one) => one.rule.id);
      expect(found).toEqual(all.flatMap((words, id) => (naive(words, said) ? [id] : [])));
    }),
    { numRuns: 2000 },
  );
});

test('S1.17 what was heard are phrases of the rule, and the marked words say them', () => {
  fc.assert(
    fc.property(ruleWords, line, (words, said) => {
      for (const one of new Book([rule(words)]).hear(said, place)) {
        const own = [...words.any, ...words.all, ...(words.near === null ? [] : [words.near.first, words.near.second])];
        expect(one.heard.length).toBeGreaterThan(0);
        for (const written of one.heard) expect(own).toContain(written);
        const marked = one.ranges.map(({ start, end }) => said.slice(start, end)).join(' ');
        expect(wordsOf(marked).length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 500 },
  );
});

/** The worst that the limits let an admin write, and the worst that a customer can say to it. */
describe('S1.17 rules that would be slow', () => {
  const long = (end: string): string => `${'a '.repeat(38)}${end}`.slice(0, 80);
  const timeOf = (book: Book<Draft>, said: string): number => {
    book.hear(said, place);
    const start = performance.now();
    book.hear(said, place);
    return performance.now() - start;
  };
  const many = (words: (at: number) => Partial<RuleWords>, count = 1000): Draft[] =>
    Array.from({ length: count }, (_, id) => rule(words(id), { id }));
  const all50 = (at: number): string[] =>
    Array.from({ length: 50 }, (_, one) => long(`${(at * 50 + one).toString(36)}`));

  test.each([
    ['long phrases that all begin alike', many((at) => ({ any: all50(at) })), 'a '.repeat(2000)],
    ['the same phrase in every rule', many(() => ({ any: ['aaa'], not: ['b'] })), 'aaa '.repeat(1000)],
    ['near, said over and over', many(() => ({ near: { first: 'a', second: 'b', within: 1 } })), 'a '.repeat(1999)],
    ['prefixes of every length', many((at) => ({ any: [`${'x'.repeat(3 + (at % 76))}*`] })), 'x'.repeat(4000)],
    ['what a pattern would choke on', many(() => ({ any: [`${'a'.repeat(40)}*`] })), `${'a'.repeat(3999)}b`],
  ])('%s', (_what, rules, said) => {
    // A pattern with choices to try would not be done in a year; on the slowest machine this is some milliseconds.
    expect(timeOf(new Book(rules), said.slice(0, 4000))).toBeLessThan(400);
  });
});
