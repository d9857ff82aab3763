import type { Request, RequestHandler, Router } from 'express';
import express from 'express';
import type pg from 'pg';
import { holds } from '../../shared/contract/permission.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import { type RulePage, ruleTrial } from '../../shared/contract/rule.ts';
import { parse, Refused } from '../auth/answer.ts';
import type { Principal } from '../auth/principal.ts';
import { notAllowed } from '../hub/plan.ts';
import type { Buckets } from '../hub/rate.ts';
import { rulesInUse, triedRule } from '../rule/queries.ts';

export interface RuleRoutes {
  readonly buckets: Buckets;
  /** The hub's clock, ms. */
  readonly clock: () => number;
  /** Answers for whoever is signed in. */
  guarded(handle: (principal: Principal, request: Request) => Promise<unknown>): RequestHandler;
  /** Reads in one transaction of the organisation. */
  read<T>(principal: Principal, run: (client: pg.ClientBase) => Promise<T>): Promise<{ position: number; value: T }>;
}

const dayMs = 24 * 3_600_000;
const countedDays = 30;
/** A trial follows every pause of somebody who types. */
const tryRate = { points: 20, seconds: 10 };

/** `/api/rule`: the rules of an organisation, and what a rule would have heard, for whoever sets them up. */
export function ruleRoutes({ buckets, clock, guarded, read }: RuleRoutes): Router {
  const router = express.Router();

  router.get(
    '/rule',
    guarded(async (principal) => {
      if (!holds(principal.person.role, 'flag.manage')) throw new Refused(notAllowed);
      const { position, value } = await read(principal, (client) =>
        rulesInUse(client, principal.organisationId, clock() - countedDays * dayMs),
      );
      return { ok: true, value: { position, rules: value } satisfies RulePage };
    }),
  );

  router.post(
    '/rule/try',
    guarded(async (principal, request) => {
      const { role } = principal.person;
      // It shows lines of every conversation: whoever tries a rule must be allowed to read them all.
      if (!holds(role, 'flag.manage') || !holds(role, 'conversation.view.any')) throw new Refused(notAllowed);
      const trial = parse(ruleTrial, request.body);
      const wait = buckets.take(`rule try ${principal.personId}`, tryRate);
      if (wait > 0)
        throw new Refused(
          refusal('rate_limited', 'That was too often in a short time.', 'Wait a moment.', { retryMs: wait }),
        );
      const since = trial.days === undefined ? null : clock() - trial.days * dayMs;
      const tried = await triedRule(principal.organisationId, trial, since, (run) => read(principal, run));
      if ('refusal' in tried) throw new Refused(tried.refusal);
      return { ok: true, value: tried.value };
    }),
  );
  return router;
}
