// @vitest-environment node

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutAt, excerpt, lettersOf, merged, phraseOf, saidIn, wordsOf } from '../../../shared/live/words.ts';

const texts = (line: string): string[] => wordsOf(line).map(({ text }) => text);
const pieces = (line: string, ...phrases: string[]): string[] =>
  saidIn(line, phrases).map(({ start, end }) => line.slice(start, end));

describe('S1.17 words', () => {
  test.each([
    ['I want a REFUND, now!', ['i', 'want', 'a', 'refund', 'now']],
    ['Café, cafe\u0301, CAFÉ', ['cafe', 'cafe', 'cafe']],
    ['Straße STRASSE', ['strasse', 'strasse']],
    ['ΟΔΟΣ οδός', ['οδοσ', 'οδοσ']],
    ['İstanbul istanbul', ['istanbul', 'istanbul']],
    ["don’t don't", ['don', 't', 'don', 't']],
    ['re\u00adfund \u200frefund', ['refund', 'refund']],
    ['$1,470.50', ['1', '470', '50']],
    ['ｒｅｆｕｎｄ ﬁne', ['refund', 'fine']],
    ['我要退款', ['我', '要', '退', '款']],
    ['がか', ['が'.normalize('NFKD'), 'か']],
    ['отзыв Ещё', ['отзыв'.normalize('NFKD').replace(/\u0306/g, ''), 'еще']],
    ['कि की', ['कि', 'की']],
    ['', []],
    ['!!! … ---', []],
  ])('of %s', (line, expected) => {
    expect(texts(line)).toEqual(expected);
  });

  test('of any text: ranges grow, do not overlap, and hold a word each', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (line) => {
        let last = 0;
        for (const { text, start, end } of wordsOf(line)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          last = end;
          expect(text).not.toBe('');
        }
        expect(last).toBeLessThanOrEqual(line.length);
      }),
    );
  });
});

describe('S1.17 a phrase', () => {
  test.each([
    ['Talk to a Manager', { words: ['talk', 'to', 'a', 'manager'], prefix: false }],
    ['refund*', { words: ['refund'], prefix: true }],
    ['money back*  ', { words: ['money', 'back'], prefix: true }],
    ['...', 'empty'],
    ['*', 'empty'],
    ['re*fund', 'star'],
    ['refund *', 'star'],
    ['refund**', 'star'],
    ['*refund', 'star'],
  ])('%s', (written, expected) => {
    expect(phraseOf(written)).toEqual(expected);
  });

  test('letters are counted as people do, and one of an unspaced script is a word', () => {
    expect(lettersOf('ab')).toBe(2);
    expect(lettersOf('退')).toBe(Number.POSITIVE_INFINITY);
  });

  test.each([
    ['I want my money back', ['money back'], ['money back']],
    ['I want my money, BACK', ['money back'], ['money, BACK']],
    ['refunds and refunding', ['refund*'], ['refunds', 'refunding']],
    ['refunds', ['refund'], []],
    ['我要退款吗', ['退款'], ['退款']],
    ['a manager, the manager’s manager', ['manager'], ['manager', 'manager', 'manager']],
    ['no no no', ['no no'], ['no no no']],
    ['nothing', ['...', 're*fund'], []],
  ] as const)('in %s', (line, phrases, expected) => {
    expect(pieces(line, ...phrases)).toEqual(expected);
  });
});

describe('S1.17 marking', () => {
  test('cuts a text at its ranges and loses nothing', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), fc.array(fc.tuple(fc.nat(80), fc.nat(80))), (line, pairs) => {
        const ranges = merged(
          pairs
            .map(([a, b]) => ({ start: Math.min(a, b, line.length), end: Math.min(Math.max(a, b), line.length) }))
            .filter(({ start, end }) => start < end),
        );
        const parts = cutAt(line, ranges);
        expect(parts.map(({ text }) => text).join('')).toBe(line);
        expect(parts.filter(({ marked }) => marked)).toHaveLength(ranges.length);
      }),
    );
  });

  test('an excerpt fits, is well-formed, and keeps the first heard words in sight', () => {
    const filler = fc.string({ unit: fc.constantFrom('a', ' ', 'é', '😀', '\n'), maxLength: 500 });
    fc.assert(
      fc.property(filler, filler, fc.integer({ min: 20, max: 280 }), (before, after, most) => {
        const line = `${before} refund ${after}`;
        const ranges = saidIn(line, ['refund']);
        const cut = excerpt(line, ranges, most);
        expect(cut.text.length).toBeLessThanOrEqual(most);
        expect(cut.text.isWellFormed()).toBe(true);
        expect(cut.ranges.map(({ start, end }) => cut.text.slice(start, end))).toContain('refund');
      }),
    );
  });
});
