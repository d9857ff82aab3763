import type { Request, Response, Router } from 'express';
import express from 'express';
import { z } from 'zod';
import { commandId, conversationId, customerId } from '../../shared/contract/id-schema.ts';
import { holds } from '../../shared/contract/permission.ts';
import type { ConversationPage, PersonPage, TranscriptPage } from '../../shared/contract/read.ts';
import type { Answer } from '../../shared/contract/refusal.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import { notSignedIn, parse, Refused, refusalOf, refuse } from '../auth/answer.ts';
import type { Principal } from '../auth/principal.ts';
import { readConnections } from '../connection/queries.ts';
import { noConversation } from '../conversation/conversation.ts';
import { closedConversations, sightOf, transcriptEvents, visibleConversation } from '../conversation/queries.ts';
import type { Database } from '../db/pool.ts';
import { notAllowed } from '../hub/plan.ts';
import type { Buckets } from '../hub/rate.ts';
import type { Log } from '../log.ts';
import { readPeople } from '../person/queries.ts';
import { change } from './change.ts';
import { connectionReads } from './connection.ts';
import { flagReport } from './flag-report.ts';
import { ledger } from './ledger.ts';
import { tooOften } from './rate.ts';
import { read } from './read.ts';
import { ruleRoutes } from './rule.ts';

export interface ApiOptions {
  readonly db: Database;
  readonly log: Log;
  readonly buckets: Buckets;
  /** The hub's clock, ms. */
  clock(): number;
  /** Who a request belongs to, or null. */
  principal(request: Request): Promise<Principal | null>;
  /** Whether a page of this request's origin may act here. */
  originAllowed(request: Request): boolean;
  /** The gate in: the same commands as over the socket. */
  take(principal: Principal, address: string | null, frame: unknown): Promise<Answer>;
}

const readRate = { points: 120, seconds: 10 };

const foreign = refusal('not_permitted', 'This page may not act here.', 'Open the hub at its own address.');

const transcriptQuery = z.strictObject({ before: z.coerce.number().int().min(1).optional() });
const conversationQuery = z.strictObject({
  closed: z.literal('').optional(),
  // As far as instants go (ECMA-262, 21.4.1.1); the database's go a little further.
  before: z.coerce.number().min(0).max(8.64e15).optional(),
  customerId: customerId.optional(),
});
const commandBody = z.strictObject({ id: commandId, organisationId: z.string().optional(), input: z.unknown() });

const transcriptPage = 200;
const conversationPage = 50;

/** Paged reads, and every command of the table, over HTTP. */
export function api(options: ApiOptions): Router {
  const { db, clock, log, buckets } = options;
  const router = express.Router();

  const signedIn = async (request: Request): Promise<Principal> => {
    const principal = await options.principal(request);
    if (principal === null) throw new Refused(notSignedIn);
    tooOften(buckets, `http ${principal.personId}`, readRate);
    return principal;
  };
  const guarded =
    (handle: (principal: Principal, request: Request) => Promise<unknown>) =>
    async (request: Request, response: Response): Promise<void> => {
      response.json(await handle(await signedIn(request), request));
    };
  const ok = (value: unknown): object => ({ ok: true, value });

  router.use(express.json({ limit: '64kb', type: 'application/json' }));
  router.use((request, response, next) => {
    response.set('cache-control', 'no-store');
    if (request.method !== 'GET' && !options.originAllowed(request)) throw new Refused(foreign);
    next();
  });

  router.get(
    '/conversation/:id/transcript',
    guarded(async (principal, request) => {
      const id = parse(conversationId, request.params.id);
      const { before = Number.MAX_SAFE_INTEGER } = parse(transcriptQuery, request.query);
      const { position, value } = await read(db, principal, async (client) => {
        const sight = sightOf(principal.person);
        if ((await visibleConversation(client, principal.organisationId, sight, id)) === null)
          throw new Refused(noConversation);
        return transcriptEvents(client, principal, id, before, transcriptPage);
      });
      return ok({ position, ...value } satisfies TranscriptPage);
    }),
  );
  router.get(
    '/conversation',
    guarded(async (principal, request) => {
      const { before = null, customerId: whose = null } = parse(conversationQuery, request.query);
      const { position, value } = await read(db, principal, (client) =>
        closedConversations(client, principal.organisationId, sightOf(principal.person), {
          before,
          customerId: whose,
          limit: conversationPage,
        }),
      );
      const last = value.length === conversationPage ? (value.at(-1)?.closedAt ?? null) : null;
      return ok({ position, conversations: value, before: last } satisfies ConversationPage);
    }),
  );
  router.get(
    '/ledger',
    guarded(async (principal, request) =>
      ok(await ledger(principal, request.query, (run) => read(db, principal, run))),
    ),
  );
  router.get(
    '/person',
    guarded(async (principal) => {
      if (!holds(principal.person.role, 'person.manage')) throw new Refused(notAllowed);
      const { value } = await read(db, principal, (client) => readPeople(client, principal.organisationId));
      return ok(value satisfies PersonPage);
    }),
  );
  flagReport(router, { db, buckets, clock, signedIn });
  change(router, { db, signedIn });
  connectionReads(router, guarded, (principal) =>
    read(db, principal, (client) => readConnections(client, principal.organisationId, clock())),
  );
  router.use(ruleRoutes({ buckets, clock, guarded, read: (principal, run) => read(db, principal, run) }));
  router.post(
    '/command/:name',
    guarded(async (principal, request) => {
      const body = parse(commandBody, request.body);
      const organisationId = body.organisationId ?? principal.organisationId;
      const frame = { id: body.id, organisationId, name: request.params.name, input: body.input };
      const answer = await options.take(principal, request.ip ?? null, frame);
      if (!answer.ok) throw new Refused(answer.refusal);
      return answer;
    }),
  );

  router.use((request: Request) => {
    throw new Refused(
      refusal('not_found', `There is nothing at ${request.method} of this address.`, 'Check the address.'),
    );
  });
  router.use((error: unknown, _request: Request, response: Response, next: (error: unknown) => void) => {
    if (response.headersSent) return next(error);
    refuse(response, refusalOf(error, log, 'a request failed'));
  });
  return router;
}
