import { once } from 'node:events';
import type { Request, Response, Router } from 'express';
import { z } from 'zod';
import { channel } from '../../shared/contract/conversation.ts';
import { queueId, reasonId, teamId } from '../../shared/contract/id-schema.ts';
import { holds } from '../../shared/contract/permission.ts';
import type { HelpReportPage } from '../../shared/contract/read.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import { reportMostFlags, reportMostMs } from '../../shared/contract/report.ts';
import { HelpCount, metTarget } from '../../shared/live/help-report.ts';
import { isZone } from '../../shared/live/zone.ts';
import { parse, Refused } from '../auth/answer.ts';
import type { Principal } from '../auth/principal.ts';
import type { Database } from '../db/pool.ts';
import {
  type FlagLine,
  type FlagMark,
  type FlagRange,
  flagCount,
  flagSightOf,
  flagsToCount,
  flagsToExport,
  readLine,
  readRecent,
} from '../flag/queries.ts';
import { named } from '../hub/named.ts';
import { notAllowed } from '../hub/plan.ts';
import type { Buckets } from '../hub/rate.ts';
import type { Raw } from '../hub/room.ts';
import { byteOrderMark, instant, record, seconds } from './csv.ts';
import { tooOften } from './rate.ts';
import { read } from './read.ts';

export interface FlagReportOptions {
  readonly db: Database;
  readonly buckets: Buckets;
  /** The hub's clock, ms. */
  clock(): number;
  /** Who asks. @throws Refused */
  signedIn(request: Request): Promise<Principal>;
}

const reportRate = { points: 30, seconds: 60 };
const exportRate = { points: 6, seconds: 60 };
/** Rows of one query: the hub does other work between two. */
const pageRows = 2000;
/** A reader that takes nothing for so long is gone. */
const idleMs = 30_000;

// As far as instants go (ECMA-262, 21.4.1.1).
const at = z.coerce.number().int().min(0).max(8.64e15);
const rangeQuery = z
  .strictObject({
    from: at,
    to: at,
    zone: z
      .string()
      .max(64)
      .refine(isZone, { message: 'must be the name of a time zone, such as Europe/Lisbon' })
      .default('UTC'),
    team: teamId.optional(),
    queue: queueId.optional(),
    reason: reasonId.optional(),
    channel: channel.optional(),
    by: z.enum(['agent', 'rule']).optional(),
  })
  .refine(({ from, to }) => to > from, { path: ['to'], message: 'must be after from' })
  .refine(({ from, to }) => to - from <= reportMostMs, { path: ['to'], message: 'must be at most 92 days after from' });

const tooMany = refusal(
  'limit_reached',
  `There are more than ${reportMostFlags.toLocaleString('en')} flags in this window.`,
  'Choose a shorter one, or one team, queue or reason.',
  { most: reportMostFlags },
);

/** The columns of the export. Words of people are left out, but for the customer's name. */
const columns: readonly [title: string, of: (flag: FlagLine, now: number) => string | number | null][] = [
  ['Raised', ({ raisedAt }) => instant(raisedAt)],
  ['Agent', ({ agent }) => agent],
  ['Team', ({ team }) => team],
  ['Queue', ({ queue }) => queue],
  ['Channel', (flag) => flag.channel],
  ['Reason', ({ reason }) => reason],
  ['Raised by', ({ agent, rule }) => rule ?? agent],
  ['Customer', ({ customerName }) => customerName],
  ['Delivered', ({ deliveredAt }) => instant(deliveredAt)],
  ['First seen', ({ firstSeenAt }) => instant(firstSeenAt)],
  ['Claimed', ({ claimedAt }) => instant(claimedAt)],
  ['Claimed by', ({ claimedBy }) => claimedBy],
  ['Answered', ({ answeredAt }) => instant(answeredAt)],
  ['Joined', ({ joinedAt }) => instant(joinedAt)],
  ['Lowered', ({ lowered }) => instant(lowered?.at ?? null)],
  ['Lowered by', ({ loweredBy }) => loweredBy],
  ['Outcome', ({ lowered }) => lowered?.outcome ?? null],
  ['Ended because', ({ lowered }) => lowered?.reason ?? null],
  ['Seconds to claim', ({ raisedAt, claimedAt }) => lengthOf(raisedAt, claimedAt)],
  ['Seconds to help', ({ raisedAt, answeredAt }) => lengthOf(raisedAt, answeredAt)],
  ['Target met', (flag, now) => ({ true: 'yes', false: 'no', null: null })[`${metTarget(flag, now)}`]],
  ['Source', ({ by }) => by],
  ['Flag', ({ id }) => id],
];

const lengthOf = (from: number, to: number | null): number | null =>
  seconds(to === null ? null : Math.max(0, to - from));

/** Time to help over a window as JSON, and its flags as CSV: for whoever may open the wallboard, over what they see. */
export function flagReport(router: Router, { db, buckets, clock, signedIn }: FlagReportOptions): void {
  async function asked(request: Request): Promise<{ principal: Principal; range: FlagRange; zone: string }> {
    const principal = await signedIn(request);
    if (!holds(principal.person.role, 'floor.view')) throw new Refused(notAllowed);
    const {
      from,
      to,
      zone,
      team = null,
      queue = null,
      reason = null,
      channel: way = null,
      by = null,
    } = parse(rangeQuery, request.query);
    return { principal, zone, range: { from, to, teamId: team, queueId: queue, reasonId: reason, channel: way, by } };
  }

  router.get('/flag/report', async (request: Request, response: Response) => {
    const { principal, range, zone } = await asked(request);
    tooOften(buckets, `report ${principal.personId}`, reportRate);
    const count = new HelpCount({ from: range.from, to: range.to, zone, now: clock() });
    const { position } = await read(db, principal, async (client) => {
      let after: FlagMark | null = null;
      let counted = 0;
      do {
        const statement = flagsToCount(principal.organisationId, flagSightOf(principal.person), range, after, pageRows);
        const { rows }: { rows: Raw[] } = await client.query<Raw>(named(statement));
        counted += rows.length;
        if (counted > reportMostFlags) throw new Refused(tooMany);
        for (const row of rows) count.add(readRecent(row));
        const last = rows.length === pageRows ? rows.at(-1) : undefined;
        after = last === undefined ? null : readRecent(last);
      } while (after !== null);
    });
    response.json({ ok: true, value: { position, report: count.report() } satisfies HelpReportPage });
  });

  /** One page in a transaction of its own: a slow reader must not hold a connection. */
  const page = (principal: Principal, range: FlagRange, after: FlagMark | null): Promise<{ value: FlagLine[] }> =>
    read(db, principal, async (client) => {
      const statement = flagsToExport(principal.organisationId, flagSightOf(principal.person), range, after, pageRows);
      const { rows } = await client.query<Raw>(named(statement));
      return rows.map(readLine);
    });

  router.get('/flag/export.csv', async (request: Request, response: Response) => {
    const { principal, range } = await asked(request);
    tooOften(buckets, `export ${principal.personId}`, exportRate);
    const now = clock();
    // A refusal, or a database that is away, is told before the first byte.
    const { value: flags } = await read(db, principal, async (client) => {
      const sight = flagSightOf(principal.person);
      const statement = flagCount(principal.organisationId, sight, range, reportMostFlags + 1);
      return (await client.query<{ flags: number }>(named(statement))).rows[0]?.flags ?? 0;
    });
    if (flags > reportMostFlags) throw new Refused(tooMany);
    let lines = (await page(principal, range, null)).value;
    response.setTimeout(idleMs, () => response.destroy());
    response.set('content-type', 'text/csv; charset=utf-8; header=present');
    response.set('content-disposition', `attachment; filename="${fileName(range)}"`);
    let text = byteOrderMark + record(columns.map(([title]) => title));
    try {
      for (;;) {
        for (const line of lines) text += record(columns.map(([, of]) => of(line, now)));
        const last = lines.length === pageRows ? lines.at(-1) : undefined;
        if (last === undefined) break;
        if (!response.write(text)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
        text = '';
        if (response.destroyed) return;
        lines = (await page(principal, range, last)).value;
      }
      response.end(text);
    } catch (error) {
      // Cut short, so that half a file is not taken for a whole one.
      if (response.headersSent) response.destroy();
      throw error;
    }
  });
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** `help-flags-2026-11-01-to-2026-11-30.csv`, by the days of UTC; `to` is not part of the window. */
function fileName({ from, to }: FlagRange): string {
  const [first, last] = [dayOf(from), dayOf(to - 1)];
  return first === last ? `help-flags-${first}.csv` : `help-flags-${first}-to-${last}.csv`;
}
