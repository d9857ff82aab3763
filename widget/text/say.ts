import { english, type Language, type Word, type WordKey } from './english.ts';

/** Languages that the widget speaks besides English, by their primary tag (`de`). */
const languages: Readonly<Record<string, Language>> = {};

type Names<M extends string> = M extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type NamesOf<M> = M extends string
  ? Names<M>
  : M extends { other: infer O extends string }
    ? 'count' | Names<O>
    : never;
type Parameters<K extends WordKey> = {
  readonly [Name in NamesOf<(typeof english)[K]>]: Name extends 'count' ? number : string;
};
type Rest<K extends WordKey> = [NamesOf<(typeof english)[K]>] extends [never] ? [] : [Parameters<K>];

/** The page's language, set once before anything is drawn. */
let tag = 'en';
let words: Language = english;

/** Chooses the language. Numbers, times and lists follow the tag even where the words are still English. */
export function speak(wanted: string): void {
  try {
    tag = Intl.getCanonicalLocales(wanted)[0] ?? 'en';
  } catch {
    tag = 'en';
  }
  words = languages[tag.split('-')[0] ?? ''] ?? english;
}

export function languageTag(): string {
  return tag;
}

/** The words of a key, with its parameters filled in. Keys and parameters are checked by the compiler. */
export function say<K extends WordKey>(key: K, ...rest: Rest<K>): string {
  const parameters: Readonly<Record<string, string | number>> = rest[0] ?? {};
  const translated = words[key];
  const found: Word = translated ?? english[key];
  const rules = translated === undefined || words === english ? 'en' : tag;
  const pattern =
    typeof found === 'string'
      ? found
      : (found[new Intl.PluralRules(rules).select(Number(parameters.count))] ?? found.other);
  return pattern.replace(/\{([a-z]+)\}/g, (whole, name: string) => {
    const value = parameters[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? new Intl.NumberFormat(tag).format(value) : value;
  });
}

/** `14:05`. @param instant ms since 1970 */
export function timeOfDay(instant: number): string {
  return new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(instant);
}

/** `Friday, November 20`. @param instant ms since 1970 */
export function dayOf(instant: number): string {
  return new Intl.DateTimeFormat(tag, { weekday: 'long', day: 'numeric', month: 'long' }).format(instant);
}

/** Day and time for a file that is read later: `20 Nov 2026, 14:05`. @param instant ms since 1970 */
export function dayAndTime(instant: number): string {
  return new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' }).format(instant);
}

/** A running wait: `0:42`, `12:05`. @param ms a duration */
export function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = new Intl.NumberFormat(tag, { minimumIntegerDigits: 2 });
  return `${new Intl.NumberFormat(tag).format(Math.floor(seconds / 60))}:${two.format(seconds % 60)}`;
}

/** `Priya and Ines`. */
export function together(names: readonly string[]): string {
  return new Intl.ListFormat(tag, { type: 'conjunction' }).format(names);
}
