import { language } from './language.svelte.ts';

/** Names in braces of a message: `'{count} of {limit}'` gives `'count' | 'limit'`. */
type Names<Message extends string> = Message extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;

/** A message that depends on the parameter `count`, by the plural categories of `Intl.PluralRules`. */
export interface PluralMessage {
  readonly zero?: string;
  readonly one?: string;
  readonly two?: string;
  readonly few?: string;
  readonly many?: string;
  readonly other: string;
}

export type Message = string | PluralMessage;
export type Messages = Readonly<Record<string, Message>>;

type NamesOf<M extends Message> = M extends string
  ? Names<M>
  : M extends PluralMessage
    ? 'count' | Names<Extract<M[keyof M], string>>
    : never;

type Value<Name extends string> = Name extends 'count' ? number : string | number;
type Parameters<M extends Message> = { readonly [Name in NamesOf<M>]: Value<Name> };
type Rest<M extends Message> = [NamesOf<M>] extends [never] ? [] : [parameters: Parameters<M>];

/** Gives the message of a key in the page's language, with its parameters filled in. */
export interface Text<M extends Messages> {
  <Key extends keyof M & string>(key: Key, ...rest: Rest<M[Key]>): string;
  /** Adds or replaces a translation. A key that is missing there falls back to English. */
  translate(tag: string, messages: { readonly [Key in keyof M]?: Message }): void;
}

const plurals = new Map<string, Intl.PluralRules>();
const numbers = new Map<string, Intl.NumberFormat>();

function pluralRules(tag: string): Intl.PluralRules {
  let rules = plurals.get(tag);
  if (!rules) {
    rules = new Intl.PluralRules(tag);
    plurals.set(tag, rules);
  }
  return rules;
}

function numberFormat(tag: string): Intl.NumberFormat {
  let format = numbers.get(tag);
  if (!format) {
    format = new Intl.NumberFormat(tag);
    numbers.set(tag, format);
  }
  return format;
}

function fill(message: string, parameters: Readonly<Record<string, string | number>>, tag: string): string {
  return message.replace(/\{([^{}]+)\}/g, (whole, name: string) => {
    const value = parameters[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? numberFormat(tag).format(value) : value;
  });
}

/**
 * Makes the messages of one feature. English is the catalogue itself, and its keys and parameters are checked by the
 * compiler where they are used. `{name}` stands for a parameter; numbers are written in the language's own way; an object
 * with `other` is chosen by the parameter `count`.
 * @returns a function of key and parameters; inside a component it follows the page's language
 */
export function catalogue<const M extends Messages>(english: M): Text<M> {
  const translations = new Map<string, { readonly [Key in keyof M]?: Message }>();

  function find(key: keyof M & string): { message: Message; tag: string } {
    const tag = language.tag;
    for (const candidate of [tag, tag.split('-')[0] ?? tag]) {
      const message = translations.get(candidate)?.[key];
      if (message !== undefined) return { message, tag };
    }
    // English words follow English plural rules, whatever the page's language is.
    const message = english[key];
    if (message === undefined) throw new RangeError(`No message "${key}" in this catalogue.`);
    return { message, tag: tag.startsWith('en') ? tag : 'en' };
  }

  function text<Key extends keyof M & string>(key: Key, ...rest: Rest<M[Key]>): string {
    const { message, tag } = find(key);
    const parameters: Readonly<Record<string, string | number>> = rest[0] ?? {};
    if (typeof message === 'string') return fill(message, parameters, tag);
    const form = pluralRules(tag).select(Number(parameters.count));
    return fill(message[form] ?? message.other, parameters, tag);
  }

  return Object.assign(text, {
    translate(tag: string, messages: { readonly [Key in keyof M]?: Message }): void {
      translations.set(tag, messages);
    },
  });
}
