import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { z } from 'zod';
import type { OrganisationId, PersonId } from '../../shared/contract/id.ts';
import { personId } from '../../shared/contract/id-schema.ts';
import { limits as lengths } from '../../shared/contract/limits.ts';
import type { Door, SignedIn } from '../../shared/contract/read.ts';
import { type Answer, refusal } from '../../shared/contract/refusal.ts';
import { email, oneLine, words } from '../../shared/contract/text.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { accept, notSignedIn, parse, Refused, refusalOf, refuse } from './answer.ts';
import { cookieName, readBearer, readCookie } from './cookie.ts';
import { gather } from './gather.ts';
import { createLimits, type Limit } from './limits.ts';
import {
  endSession,
  findSessions,
  hashSecret,
  keepSessions,
  longestMs,
  type Queryable,
  type SessionKind,
  type SignedInAs,
  startSession,
} from './login-session.ts';
import { demoDoorOpen, hasDemoDoor, originAllowed } from './origin.ts';
import { type Passwords, passwordFault } from './password.ts';
import { demoPeople, describe, findByEmail, findLink } from './people.ts';

/** What redeeming a link asks of the organisation's line: the input of the command `person:join`. */
export interface JoinInput {
  readonly personId: PersonId;
  readonly tokenHash: string;
  readonly passwordHash: string;
  readonly name: string | null;
  readonly email: string | null;
}

export interface AuthOptions {
  readonly config: Pick<Config, 'demo' | 'host' | 'origins'>;
  /** Login `halyard_system`: who asks is not known yet. */
  readonly db: Queryable;
  /** The hub's clock, ms. */
  readonly now: () => number;
  readonly log: Log;
  readonly passwords: Passwords;
  readonly join: (organisationId: OrganisationId, input: JoinInput) => Promise<Answer>;
  /** A session ended by itself (signed out, replaced): its sockets must close within a second (I8). */
  readonly onSessionEnded: (sessionHash: string) => void;
}

/** How a request or a socket's handshake says who it is. */
export interface Presented {
  /** The Cookie header. */
  readonly cookie: string | undefined;
  /** A tab's token: of the Authorization header, or of a socket's handshake. */
  readonly bearer: string | null;
  /** Whether it came by https: the cookie has another name there. */
  readonly secure: boolean;
}

export interface Auth {
  /** Answers everything under `/auth`. */
  readonly router: Router;
  /** Who it is, or null. One prepared select; for HTTP and sockets alike. */
  authenticate(presented: Presented): Promise<SignedInAs | null>;
  /** What an Express request presents. */
  presentedBy(request: Request): Presented;
  /** Of these session hashes those that still stand; to be asked once a second for all sockets of the hub. */
  keepSessions(hashes: readonly string[]): Promise<Set<string>>;
}

const secret = z.string().regex(/^[A-Za-z0-9_-]{16,200}$/, { message: 'is not the whole link' });
const password = words(lengths.password.most);

const bodies = {
  signIn: z.strictObject({ email: words(lengths.email), password }),
  join: z.strictObject({ secret, password, name: oneLine(lengths.name).optional(), email: email.optional() }),
  invitation: z.strictObject({ secret }),
  demo: z.strictObject({ personId }),
  signOut: z.strictObject({}),
};

const wrongCredentials = refusal(
  'wrong_credentials',
  'This e-mail address and password do not belong together.',
  'Check both; if you have forgotten the password, ask an admin of your organisation for a new link.',
);
const foreignPage = refusal(
  'not_permitted',
  'This page may not sign anybody in here.',
  'Open the hub at its own address; whoever runs it can allow others with HALYARD_ORIGINS.',
);
const notJson = refusal('bad_input', 'The request must be JSON.', 'Send it with content-type: application/json.');
const linkGone = refusal(
  'invitation_gone',
  'This link has been used, replaced, or has lapsed.',
  'Ask whoever sent it for a new one.',
);
const doorShut = refusal(
  'not_permitted',
  'There is no demo door here.',
  'Sign in with your e-mail address and password.',
);

async function spend(limit: Limit, key: string, now: number): Promise<void> {
  const retryAt = await limit.use(key, now);
  if (retryAt === null) return;
  throw new Refused(
    refusal('rate_limited', 'That was tried too often.', 'Wait a while, then try again.', {
      retryAt: Math.ceil(retryAt),
    }),
  );
}

/**
 * Sign-in, links, the demo door and sign-out over HTTP. Every answer is `{ ok: true, value }` or `{ ok: false, refusal }`.
 * Sessions are rows; what a browser holds is a random token, and the database only its hash.
 */
export function createAuth(options: AuthOptions): Auth {
  const { config, db, now, log, passwords } = options;
  const limits = createLimits();

  const standing = {
    tab: gather((tokens: readonly string[]) => findSessions(db, tokens, 'tab', now())),
    cookie: gather((tokens: readonly string[]) => findSessions(db, tokens, 'cookie', now())),
  };
  const authenticate = async ({ cookie, bearer, secure }: Presented): Promise<SignedInAs | null> => {
    if (bearer !== null && hasDemoDoor(config)) {
      const found = await standing.tab(bearer);
      if (found !== null) return found;
    }
    const token = bearer === null ? readCookie(cookie, secure) : null;
    return token === null || token.length > 200 ? null : standing.cookie(token);
  };

  const presentedBy = (request: Request): Presented => ({
    cookie: request.headers.cookie,
    bearer: readBearer(request.headers.authorization),
    secure: request.secure,
  });

  /** Starts a session in place of the one the browser had: a token never outlives a change of who it stands for. */
  const enter = async (
    request: Request,
    response: Response,
    who: { personId: PersonId; organisationId: OrganisationId },
    kind: SessionKind,
  ): Promise<void> => {
    const before = await authenticate(presentedBy(request));
    // A demo tab may stand beside the browser's own session; only its own earlier one makes way.
    if (before !== null && (kind === 'cookie' || readBearer(request.headers.authorization) !== null)) {
      await endSession(db, before.sessionHash);
      options.onSessionEnded(before.sessionHash);
    }
    const token = await startSession(db, who, kind, now());
    if (kind === 'cookie') {
      response.cookie(cookieName(request.secure), token, {
        httpOnly: true,
        sameSite: 'lax',
        secure: request.secure,
        path: '/',
        maxAge: longestMs,
      });
    }
    const value: SignedIn | null = await describe(db, who.personId, kind === 'tab' ? token : null);
    if (value === null) throw new Refused(wrongCredentials);
    accept(response, value);
  };

  const address = (request: Request): string => request.ip ?? request.socket.remoteAddress ?? 'unknown';

  const signIn: RequestHandler = async (request, response) => {
    const input = parse(bodies.signIn, request.body);
    const from = address(request);
    const mail = input.email.trim().toLowerCase();
    const pair = `${from} ${mail}`;
    // Points are used before the hash is verified, so that a burst in parallel gets no further than one in a row.
    await spend(limits.address, from, now());
    await spend(limits.pair, pair, now());
    await spend(limits.email, mail, now());
    const known = await findByEmail(db, input.email.trim());
    const fits = await passwords.verify(known?.passwordHash ?? null, input.password);
    if (known === null || !fits || !known.active) throw new Refused(wrongCredentials);
    await Promise.all([limits.address.giveBack(from), limits.pair.forget(pair), limits.email.giveBack(mail)]);
    await enter(request, response, known, 'cookie');
  };

  const invitation: RequestHandler = async (request, response) => {
    const input = parse(bodies.invitation, request.body);
    await spend(limits.link, address(request), now());
    const link = await findLink(db, hashSecret(input.secret), now());
    if (link === null) throw new Refused(linkGone);
    accept(response, link.view);
  };

  const join: RequestHandler = async (request, response) => {
    const input = parse(bodies.join, request.body);
    await spend(limits.link, address(request), now());
    const tokenHash = hashSecret(input.secret);
    const link = await findLink(db, tokenHash, now());
    if (link === null) throw new Refused(linkGone);
    const mail = input.email?.trim() ?? null;
    if (link.view.email === null && mail === null) {
      throw new Refused(
        refusal('bad_input', 'email: must not be empty.', 'Type the address to sign in with.', { field: 'email' }),
      );
    }
    const fault = passwordFault(input.password, [input.name ?? link.view.name, link.view.email ?? mail]);
    if (fault !== null) {
      throw new Refused(
        refusal('bad_input', fault, 'Choose another: a few words that do not belong together are good.', {
          field: 'password',
        }),
      );
    }
    const answer = await options.join(link.organisationId, {
      personId: link.personId,
      tokenHash,
      passwordHash: await passwords.hash(input.password),
      name: input.name ?? null,
      email: link.view.email === null ? mail : null,
    });
    if (!answer.ok) throw new Refused(answer.refusal);
    await enter(request, response, link, 'cookie');
  };

  const demo: RequestHandler = async (request, response) => {
    if (!demoDoorOpen(config, request)) throw new Refused(doorShut);
    const input = parse(bodies.demo, request.body);
    const [who] = await demoPeople(db, input.personId);
    if (who === undefined) {
      throw new Refused(
        refusal('not_found', 'There is no such demo person.', 'Choose one of those on the sign-in page.'),
      );
    }
    await enter(request, response, { personId: input.personId, organisationId: who.organisationId }, 'tab');
  };

  const signOut: RequestHandler = async (request, response) => {
    parse(bodies.signOut, request.body);
    const who = await authenticate(presentedBy(request));
    if (who !== null) {
      await endSession(db, who.sessionHash);
      options.onSessionEnded(who.sessionHash);
    }
    if (readBearer(request.headers.authorization) === null) {
      response.clearCookie(cookieName(request.secure), {
        httpOnly: true,
        sameSite: 'lax',
        secure: request.secure,
        path: '/',
      });
    }
    accept(response, null);
  };

  const me: RequestHandler = async (request, response) => {
    const who = await authenticate(presentedBy(request));
    const value = who === null ? null : await describe(db, who.personId, null);
    if (value === null) throw new Refused(notSignedIn);
    accept(response, value);
  };

  const door: RequestHandler = async (request, response) => {
    const people = demoDoorOpen(config, request) ? await demoPeople(db, null) : [];
    const value: Door = { demo: people.map(({ organisationId: _ours, ...person }) => person) };
    accept(response, value);
  };

  const everyRequest: RequestHandler = async (request, response, next) => {
    response.set('cache-control', 'no-store');
    response.locals.now = now();
    await spend(limits.any, address(request), now());
    if (request.method === 'POST') {
      const site = request.headers['sec-fetch-site'];
      const { origin, host } = request.headers;
      if (!originAllowed(config, origin, host) || (origin === undefined && site === 'cross-site')) {
        throw new Refused(foreignPage);
      }
      // A form of another site can send text, but not JSON, without asking first.
      if (!request.is('application/json')) throw new Refused(notJson);
    }
    next();
  };

  const failed: express.ErrorRequestHandler = (error: unknown, _request, response, next) => {
    if (response.headersSent) next(error);
    else refuse(response, refusalOf(error, log, 'signing in failed'));
  };

  const router = express.Router();
  router.use('/auth', everyRequest, express.json({ limit: '8kb', type: 'application/json' }));
  router.get('/auth/door', door);
  router.get('/auth/me', me);
  router.post('/auth/sign-in', signIn);
  router.post('/auth/invitation', invitation);
  router.post('/auth/join', join);
  router.post('/auth/demo', demo);
  router.post('/auth/sign-out', signOut);
  router.use('/auth', (_request, _response) => {
    throw new Refused(refusal('not_found', 'There is nothing at this address.', 'Look at the sign-in page.'));
  });
  router.use('/auth', failed);

  return { router, authenticate, presentedBy, keepSessions: (hashes) => keepSessions(db, hashes, now()) };
}
