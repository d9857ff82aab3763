import type { Refusal } from '../../contract/refusal.ts';
import { timeOfDay } from '../text/format.ts';
import { signInText as text } from './text.ts';

/** A refusal as the form shows it: whole, and with the time from which it may be tried again. */
export function explain(refusal: Refusal): string {
  const retryAt = refusal.detail?.retryAt;
  const next = typeof retryAt === 'number' ? text('try.at', { time: timeOfDay(retryAt + 60_000) }) : refusal.next;
  return `${refusal.message} ${next}`;
}

/** The field that a refusal is about, or null. */
export function fieldOf(refusal: Refusal): string | null {
  const field = refusal.detail?.field;
  return typeof field === 'string' ? field : null;
}
