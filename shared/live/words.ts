/**
 * Words as rules hear them (S1.17): how a line is cut into words, what a written phrase stands for, and where it is said. Hub
 * and screens share it, so that the words which are marked are the words that were heard.
 */

/** A word of a text: folded as it is compared, and its place in the text, in UTF-16 units. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A piece of a text, in UTF-16 units. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What a rule listens for: words one after another; with `prefix` the last one stands for every word that begins so. */
export interface Phrase {
  readonly words: readonly string[];
  readonly prefix: boolean;
}

/** Scripts that are written without spaces between words: each of their letters counts as a word. */
const unspaced = '[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}]';
const wordAt = new RegExp(
  `(?=[\\p{L}\\p{N}])${unspaced}\\p{M}*|(?!${unspaced})[\\p{L}\\p{N}](?:(?!${unspaced})[\\p{L}\\p{N}\\p{M}\\p{Cf}])*`,
  'gu',
);
const isUnspaced = new RegExp(`^${unspaced}`, 'u');

const ascii = /^[0-9A-Za-z]+$/;
/** Accents and vowel points, which many leave out; vowel signs of other scripts are letters of their words and stay. */
const leftOut =
  /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]|[^\p{L}\p{N}\p{M}]/gu;

/** A word as it is compared: without case, accents and presentation forms. */
function folded(word: string): string {
  if (ascii.test(word)) return word.toLowerCase();
  // By way of upper case, so that ß is ss; a sigma at the end is a sigma.
  return word.normalize('NFKD').replace(leftOut, '').toUpperCase().toLowerCase().replaceAll('ς', 'σ');
}

/** The words of a text in their order: runs of letters and digits of any script. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const { 0: run, index } of text.matchAll(wordAt)) {
    const word = folded(run);
    if (word !== '') words.push({ text: word, start: index, end: index + run.length });
  }
  return words;
}

/** What a written phrase stands for, or why it stands for nothing: no letter in it, or a star elsewhere than after its last word. */
export function phraseOf(written: string): Phrase | 'empty' | 'star' {
  const words = wordsOf(written);
  const last = words.at(-1);
  if (last === undefined) return 'empty';
  const star = written.indexOf('*');
  if (star === -1) return { words: words.map(({ text }) => text), prefix: false };
  if (star !== last.end || written.slice(star + 1).trim() !== '') return 'star';
  return { words: words.map(({ text }) => text), prefix: true };
}

/** Letters of a word, as people count them; of an unspaced script one is as much as a word. */
export function lettersOf(word: string): number {
  return isUnspaced.test(word) ? Number.POSITIVE_INFINITY : [...word].length;
}

/** Whether a phrase is said from a word on. */
export function saidAt(phrase: Phrase, words: readonly Word[], from: number): boolean {
  const last = phrase.words.length - 1;
  return phrase.words.every((wanted, at) => {
    const said = words[from + at]?.text;
    return said !== undefined && (phrase.prefix && at === last ? said.startsWith(wanted) : said === wanted);
  });
}

/** Ranges in order, those that touch or overlap made one. */
export function merged(ranges: readonly Range[]): Range[] {
  const all: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const before = all.at(-1);
    if (before === undefined || range.start > before.end) all.push(range);
    else if (range.end > before.end) all[all.length - 1] = { start: before.start, end: range.end };
  }
  return all;
}

/** Where written phrases are said in a text: what screens mark. */
export function saidIn(text: string, written: readonly string[]): Range[] {
  const words = wordsOf(text);
  const ranges: Range[] = [];
  for (const one of written) {
    const phrase = phraseOf(one);
    if (typeof phrase === 'string') continue;
    for (let from = 0; from + phrase.words.length <= words.length; from += 1) {
      const [first, last] = [words[from], words[from + phrase.words.length - 1]];
      if (first && last && saidAt(phrase, words, from)) ranges.push({ start: first.start, end: last.end });
    }
  }
  return merged(ranges);
}

/** A text cut at the ranges that are marked in it. */
export function cutAt(
  text: string,
  ranges: readonly Range[],
): readonly { readonly text: string; readonly marked: boolean }[] {
  const parts: { text: string; marked: boolean }[] = [];
  let at = 0;
  for (const { start, end } of ranges) {
    if (start > at) parts.push({ text: text.slice(at, start), marked: false });
    parts.push({ text: text.slice(start, end), marked: true });
    at = end;
  }
  if (at < text.length) parts.push({ text: text.slice(at), marked: false });
  return parts;
}

/** A piece of a text that fits into `most` units, with the marked words in sight, and the ranges as they stand in it. */
export function excerpt(text: string, ranges: readonly Range[], most: number): { text: string; ranges: Range[] } {
  if (text.length <= most) return { text, ranges: [...ranges] };
  const [first] = ranges;
  // A third of the room for what comes before the first marked word, from the beginning of a word.
  const lead = Math.floor(most / 3);
  let from = first === undefined || first.end < most ? 0 : Math.max(0, first.start - lead);
  if (from > 0) {
    const space = text.slice(from, first?.start).search(/\s\S/);
    if (space !== -1) from += space + 1;
    else if (isLow(text, from)) from += 1;
  }
  const head = from > 0 ? '…' : '';
  let to = Math.min(text.length, from + most - head.length);
  const tail = to < text.length ? '…' : '';
  if (tail !== '') to -= 1;
  if (isLow(text, to)) to -= 1;
  const shift = head.length - from;
  const inSight = ranges
    .filter(({ start, end }) => end > from && start < to)
    .map(({ start, end }) => ({ start: Math.max(start, from) + shift, end: Math.min(end, to) + shift }));
  return { text: `${head}${text.slice(from, to)}${tail}`, ranges: inSight };
}

/** Whether a cut here would fall between the halves of a pair. */
function isLow(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff;
}
