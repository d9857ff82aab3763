import { language } from './language.svelte.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

const cache = new Map<string, unknown>();

/** Intl objects are dear to make (about 50 microseconds) and clocks ask for them every second: keep each one. */
function kept<T>(kind: string, make: (tag: string) => T, is: (value: unknown) => value is T): T {
  const key = `${language.tag} ${kind}`;
  const found = cache.get(key);
  if (is(found)) return found;
  const made = make(language.tag);
  cache.set(key, made);
  return made;
}

const isNumber = (value: unknown): value is Intl.NumberFormat => value instanceof Intl.NumberFormat;
const isDate = (value: unknown): value is Intl.DateTimeFormat => value instanceof Intl.DateTimeFormat;
const isList = (value: unknown): value is Intl.ListFormat => value instanceof Intl.ListFormat;
const isRelative = (value: unknown): value is Intl.RelativeTimeFormat => value instanceof Intl.RelativeTimeFormat;

function number(kind: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return kept(kind, (tag) => new Intl.NumberFormat(tag, options), isNumber);
}

function date(kind: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return kept(kind, (tag) => new Intl.DateTimeFormat(tag, options), isDate);
}

const two = (value: number): string => String(value).padStart(2, '0');

/**
 * A running time as figures: `0:07`, `5:12`, `1:02:03`. Whole seconds, rounded down: a clock says 5:12 for the whole of
 * that second. Less than nothing reads `0:00` (the hub's clock may be a moment ahead of the screen's).
 * @param ms length in milliseconds
 */
export function duration(ms: number): string {
  const total = Math.max(0, Math.floor(ms / second));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(total % 60)}` : `${minutes}:${two(total % 60)}`;
}

/** The same for a `datetime` attribute: `PT5M12S` (ISO 8601). */
export function isoDuration(ms: number): string {
  const total = Math.max(0, Math.floor(ms / second));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = total % 60;
  const hoursPart = hours > 0 ? `${hours}H` : '';
  const minutesPart = minutes > 0 ? `${minutes}M` : '';
  const secondsPart = seconds > 0 || total === 0 ? `${seconds}S` : '';
  return `PT${hoursPart}${minutesPart}${secondsPart}`;
}

/** The same for the ear, in at most two units: `5 minutes, 12 seconds`. */
export function spokenDuration(ms: number): string {
  const total = Math.max(0, Math.floor(ms / second));
  const parts: [number, string][] = [
    [Math.floor(total / 3600), 'hour'],
    [Math.floor((total % 3600) / 60), 'minute'],
    [total % 60, 'second'],
  ];
  const heard = parts.filter(([value]) => value > 0).slice(0, 2);
  if (heard.length === 0) heard.push([0, 'second']);
  const words = heard.map(([value, unit]) =>
    number(`long ${unit}`, { style: 'unit', unit, unitDisplay: 'long' }).format(value),
  );
  return words.join(', ');
}

/**
 * How old a figure is, in one short unit: `0.4 s`, `12 s`, `3 min`, `2 hr`. Tenths only under one second, so that a ticking
 * age does not flicker.
 * @param ms age in milliseconds
 */
export function age(ms: number): string {
  const old = Math.max(0, ms);
  const short = (unit: string, value: number, digits = 0): string =>
    number(`short ${unit} ${digits}`, {
      style: 'unit',
      unit,
      unitDisplay: 'short',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }).format(value);
  // "1 sec" is longer than a tile's corner: the narrow sign, with its space put back.
  if (old < minute) {
    const value = old < second ? Math.floor(old / 100) / 10 : Math.floor(old / second);
    const figure = number(`plain ${old < second}`, { maximumFractionDigits: 1 }).format(value);
    return language.tag.startsWith('en') ? `${figure} s` : short('second', value, value < 1 && value > 0 ? 1 : 0);
  }
  if (old < hour) return short('minute', Math.floor(old / minute));
  return short('hour', Math.floor(old / hour));
}

/** How long ago in words: `now`, `3 minutes ago`, `yesterday`. @param ms age in milliseconds */
export function ago(ms: number): string {
  const relative = kept('ago', (tag) => new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }), isRelative);
  const old = Math.max(0, ms);
  if (old < minute) return relative.format(-Math.floor(old / second), 'second');
  if (old < hour) return relative.format(-Math.floor(old / minute), 'minute');
  if (old < 24 * hour) return relative.format(-Math.floor(old / hour), 'hour');
  return relative.format(-Math.floor(old / (24 * hour)), 'day');
}

/** `14:05`, always two and two, so that lines stand in a column. @param instant ms since 1970 */
export function timeOfDay(instant: number): string {
  return date('time', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(instant);
}

/** `14:05:24`. @param instant ms since 1970 */
export function timeWithSeconds(instant: number): string {
  return date('seconds', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(instant);
}

/** `Friday 20 November` in the language's own order. @param instant ms since 1970 */
export function day(instant: number): string {
  return date('day', { weekday: 'long', day: 'numeric', month: 'long' }).format(instant);
}

/** `20 Nov`, under a chart. @param instant ms since 1970 */
export function shortDay(instant: number): string {
  return date('short day', { day: 'numeric', month: 'short' }).format(instant);
}

/** Day and time for records: `20 Nov 2026, 14:05`. @param instant ms since 1970 */
export function dayAndTime(instant: number): string {
  const options = { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' } as const;
  return date('record', options).format(instant);
}

/** A count with the language's separators: `1,640`. */
export function count(value: number): string {
  return number('count', { maximumFractionDigits: 0 }).format(value);
}

/** A count with one place after the point: `1.4`. */
export function decimal(value: number): string {
  return number('decimal', { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value);
}

/** A share of one without its sign: `0.86` gives `86`. The sign is the unit of the tile. */
export function percent(share: number): string {
  return count(Math.round(share * 100));
}

/** `Ines, Tomasz, and Mei` in the language's own way. */
export function list(words: readonly string[]): string {
  return kept('list', (tag) => new Intl.ListFormat(tag, { type: 'conjunction' }), isList).format(words);
}
