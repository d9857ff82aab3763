import { createHash, timingSafeEqual } from 'node:crypto';
import type { Incoming } from './channel.ts';

/** One header's value; of one that came twice the first. */
export function header(request: Incoming, name: string): string | null {
  const value = request.headers[name];
  const one = Array.isArray(value) ? value[0] : value;
  return typeof one === 'string' && one !== '' ? one : null;
}

/** Whether two texts are the same, in a time that does not tell where they differ or how long they are. */
export function sameSecret(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** A body as JSON; undefined where it is not UTF-8 or not JSON. */
export function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

/** Neither NUL nor half a surrogate pair can be stored. */
export const storable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** A text as one line of at most `most` UTF-16 units: control characters and line breaks become spaces. */
export function asOneLine(text: string, most: number): string {
  return cut(text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim(), most);
}

/** Cuts a text that is too long, without splitting a surrogate pair, and says so with an ellipsis. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const head = text.slice(0, most - 1);
  return `${head.isWellFormed() ? head : head.slice(0, -1)}…`;
}
