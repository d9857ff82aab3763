import type { Response } from 'express';
import type { z } from 'zod';
import { type Refusal, refusal, refusalStatus } from '../../shared/contract/refusal.ts';
import { isConnectionLost, isReadOnly } from '../db/errors.ts';
import type { Log } from '../log.ts';

/** How HTTP answers: `{ ok: true, value }`, or `{ ok: false, refusal }` with the refusal's status. */

export const notSignedIn = refusal('not_signed_in', 'You are not signed in.', 'Sign in to go on.');
const notJson = refusal('bad_input', 'The request must be JSON.', 'Send it with content-type: application/json.');
const tryAgain = refusal('try_again', 'The database cannot be reached just now.', 'Try again in a moment.');
const takesNoWrites = refusal(
  'try_again',
  'The database takes no changes at the moment; nothing was changed.',
  'Try again in a while.',
);
export const internal: Refusal = refusal(
  'internal',
  'The hub made a mistake; nothing was changed.',
  'Try once more; if it happens again, tell whoever runs the hub.',
);

/** A refusal on its way to the answer. */
export class Refused extends Error {
  readonly refusal: Refusal;
  constructor(why: Refusal) {
    super(why.message);
    this.name = 'Refused';
    this.refusal = why;
  }
}

/** Says what is wrong with input, and names the field in `detail.field` (null: the whole). */
export function badInput(error: z.ZodError): Refusal {
  const [issue] = error.issues;
  const field = issue?.path.map(String).join('.') || null;
  const fault =
    issue?.code === 'unrecognized_keys'
      ? 'holds a field that does not belong here'
      : (issue?.message ?? 'is malformed');
  const what = field === null ? `The request: ${fault}` : `${field}: ${fault}`;
  return refusal('bad_input', `${what}.`, 'Correct it and try again.', { field });
}

/** What the schema makes of a body or a query. @throws Refused */
export function parse<T>(schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new Refused(badInput(parsed.error));
}

export function accept(response: Response, value: unknown): void {
  response.json({ ok: true, value });
}

/** Answers with a refusal; `detail.retryAt` (hub time, ms) becomes Retry-After against `response.locals.now`. */
export function refuse(response: Response, why: Refusal): void {
  const retryAt = why.detail?.retryAt;
  if (typeof retryAt === 'number') {
    response.set('retry-after', String(Math.max(1, Math.ceil((retryAt - Number(response.locals.now)) / 1000))));
  }
  response.status(refusalStatus[why.code]).json({ ok: false, refusal: why });
}

/**
 * Turns what an Express middleware or a handler threw into a refusal. Never a 500 for something that came from outside (I12).
 * @param what for the log, as in 'a request failed'
 */
export function refusalOf(error: unknown, log: Log, what: string): Refusal {
  if (error instanceof Refused) return error.refusal;
  const status = typeof error === 'object' && error !== null ? Reflect.get(error, 'status') : undefined;
  if (status === 413) return refusal('too_large', 'The request is too large.', 'Send less.');
  if (typeof status === 'number' && status >= 400 && status < 500) return notJson;
  if (isReadOnly(error)) return takesNoWrites;
  log.error({ error: error instanceof Error ? error.message : String(error) }, what);
  return isConnectionLost(error) ? tryAgain : internal;
}
