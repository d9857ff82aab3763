import type { Request, Response, Router } from 'express';
import express from 'express';
import type { AdapterKind } from '../../shared/contract/connection.ts';
import type { ConnectionId } from '../../shared/contract/id.ts';
import { isId } from '../../shared/contract/id.ts';
import type { Answer, Refusal, RefusalCode } from '../../shared/contract/refusal.ts';
import { refusal, refusalStatus } from '../../shared/contract/refusal.ts';
import { accept, Refused } from '../auth/answer.ts';
import { inactive } from '../connection/connection.ts';
import type { Keyed } from '../connection/queries.ts';
import type { Buckets } from '../hub/rate.ts';
import type { Log } from '../log.ts';
import type { Adapter, Incoming, IncomingMessage, IncomingStatus, Verdict } from './channel.ts';

export interface InboundOptions {
  readonly adapters: Readonly<Record<AdapterKind, Adapter>>;
  readonly clock: () => number;
  readonly log: Log;
  readonly buckets: Buckets;
  find(id: ConnectionId): Promise<Keyed | null>;
  /** Takes a line, once, however often it comes. */
  receive(to: Keyed, message: IncomingMessage, from: string | null): Promise<Answer>;
  /** Notes what the provider says of our lines. False: it speaks of lines that are on their way just now; it must say so again. */
  report(of: Keyed, statuses: readonly IncomingStatus[]): Promise<boolean>;
}

/** A request above this is refused before it is read. */
const mostBytes = '64kb';
/** First answers are kept for so long (P9): what is older could happen a second time, and is left out. */
const keptMs = 7 * 24 * 3_600_000;

/** Every request of one address, every one of one connection, and of one customer. */
const addressRate = { points: 3000, seconds: 10 };
const connectionRate = { points: 2000, seconds: 10 };
const senderRate = { points: 30, seconds: 10 };

const nothing = refusal('not_found', 'There is no connection at this address.', 'Copy the address from the settings.');
const tooLarge = refusal('too_large', 'The request is larger than 64 KB.', 'Send less at a time.');
const malformed = refusal(
  'bad_input',
  'The request could not be read.',
  'Send the bytes that were signed, uncompressed.',
);
const again = refusal(
  'try_again',
  'This cannot be stored just now; nothing of it happened twice.',
  'Send the same request again in a few seconds.',
);
const unsigned: Readonly<Record<Exclude<Verdict, 'ok'>, Refusal>> = {
  bad_signature: refusal(
    'bad_signature',
    'The request is not signed with this connection’s secret.',
    'Sign the bytes of the body; docs/messaging.md shows how.',
  ),
  too_old: refusal(
    'too_old',
    'The request was signed more than 5 minutes before or after the hub’s time.',
    'Check the clock, and sign each attempt anew.',
  ),
};

const tooOften = (retryMs: number): Refusal =>
  refusal('rate_limited', 'That was too often in a short time.', `Wait ${Math.ceil(retryMs / 1000)} s.`, { retryMs });

/**
 * Where providers bring their customers' lines: `POST /channel/<connection>`, and `GET` for a provider that asks first whether
 * this address is ours. No cookie and no origin counts here, only the signature. Every request is answered, with a typed refusal
 * where it is not taken, and never with a 500: a provider gives up on an address that fails.
 */
export function inbound(options: InboundOptions): Router {
  const { adapters, clock, log, buckets } = options;
  const router = express.Router();

  const limited = (key: string, rate: typeof senderRate): void => {
    const wait = buckets.take(key, rate);
    if (wait > 0) throw new Refused(tooOften(wait));
  };
  const keyed = async (id: unknown): Promise<Keyed> => {
    const found = typeof id === 'string' && isId<'connection'>(id) ? await options.find(id) : null;
    if (found === null) throw new Refused(nothing);
    return found;
  };

  router.use('/channel', (request, response, next) => {
    response.set('cache-control', 'no-store');
    limited(`channel ${request.ip ?? ''}`, addressRate);
    next();
  });

  router.get('/channel/:id', async (request: Request, response: Response) => {
    const { connection, secrets } = await keyed(request.params.id);
    const challenge = adapters[connection.adapter].handshake(request.query, secrets);
    if (challenge === null) throw new Refused(nothing);
    response.set('x-content-type-options', 'nosniff').type('text/plain').send(challenge);
  });

  router.post('/channel/:id', express.raw({ type: () => true, limit: mostBytes }), async (request, response) => {
    const to = await keyed(request.params.id);
    const { connection, secrets } = to;
    const adapter = adapters[connection.adapter];
    const given: unknown = request.body;
    const incoming: Incoming = { headers: request.headers, body: Buffer.isBuffer(given) ? given : Buffer.alloc(0) };
    const now = clock();
    const verdict = adapter.verify(incoming, secrets, now);
    if (verdict !== 'ok') throw new Refused(unsigned[verdict]);
    if (!connection.active) throw new Refused(inactive);
    limited(`channel ${connection.id}`, connectionRate);

    const parts = adapter.parse(incoming, connection);
    const all = parts.filter((part): part is IncomingMessage => part.kind === 'message');
    const messages = all.filter((one) => now - one.at <= keptMs);
    const statuses = parts.filter((part): part is IncomingStatus => part.kind === 'status');
    for (const address of new Set(messages.map((one) => one.address)))
      limited(`channel ${connection.id} ${address}`, senderRate);

    // Put in the line one after the other before any is waited for: so they keep their order.
    const answers = await Promise.all(messages.map((one) => options.receive(to, one, request.ip ?? null)));
    const reported = statuses.length === 0 || (await options.report(to, statuses));
    const refusals = answers
      .flatMap((answer) => (answer.ok ? [] : [answer.refusal]))
      .filter(({ code }) => !(code === 'id_reused' && adapter.idsAreUnique));
    const late: readonly RefusalCode[] = ['try_again', 'outcome_unknown', 'internal'];
    if (!reported || refusals.some(({ code }) => late.includes(code))) throw new Refused(again);
    const [refused] = refusals;
    if (refused !== undefined) throw new Refused(refused);
    // A part that is broken is refused, and harms no other: those have been taken.
    for (const part of parts)
      if (part.kind === 'fault') {
        const what = part.field === null ? 'The request' : part.field;
        throw new Refused(refusal('bad_input', `${what}: ${part.message}.`, 'Correct it.', { field: part.field }));
      }
    accept(response, { received: messages.length, late: all.length - messages.length, reported: statuses.length });
  });

  router.use('/channel', () => {
    throw new Refused(nothing);
  });
  router.use((error: unknown, _request: Request, response: Response, next: (error: unknown) => void) => {
    if (response.headersSent) return next(error);
    const why = refusalFor(error, log);
    const { retryMs } = why.detail ?? {};
    if (typeof retryMs === 'number') response.set('retry-after', String(Math.ceil(retryMs / 1000)));
    else if (refusalStatus[why.code] === 503) response.set('retry-after', '5');
    response.status(refusalStatus[why.code]).json({ ok: false, refusal: why });
  });
  return router;
}

/** What a request broke on, as its sender may know it. */
function refusalFor(error: unknown, log: Log): Refusal {
  if (error instanceof Refused) return error.refusal;
  const status: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'status') : undefined;
  if (status === 413) return tooLarge;
  if (typeof status === 'number' && status >= 400 && status < 500) return malformed;
  // The database is away, or we are wrong: either way it may work later, and nothing was taken.
  log.warn({ error: error instanceof Error ? error.message : String(error) }, 'a request of a provider failed');
  return again;
}
