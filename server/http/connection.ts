import type { Request, RequestHandler, Router } from 'express';
import { holds } from '../../shared/contract/permission.ts';
import type { ConnectionDetail, ConnectionPage } from '../../shared/contract/read.ts';
import { Refused } from '../auth/answer.ts';
import type { Principal } from '../auth/principal.ts';
import { notAllowed } from '../hub/plan.ts';

/** `GET /api/connection`: connections with how they did, for whoever arranges them. */
export function connectionReads(
  router: Router,
  guarded: (handle: (principal: Principal, request: Request) => Promise<unknown>) => RequestHandler,
  read: (principal: Principal) => Promise<{ readonly position: number; readonly value: readonly ConnectionDetail[] }>,
): void {
  router.get(
    '/connection',
    guarded(async (principal) => {
      if (!holds(principal.person.role, 'channel.manage')) throw new Refused(notAllowed);
      const { position, value } = await read(principal);
      return { ok: true, value: { position, connections: value } satisfies ConnectionPage };
    }),
  );
}
