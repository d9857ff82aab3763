import type { Floor, TestOrganisation } from './floor.ts';

/** What the log alone says of one flag. */
export interface Told {
  readonly id: string;
  readonly agentId: string;
  readonly teamId: string;
  readonly queueId: string;
  readonly channel: string;
  readonly by: string;
  readonly raisedAt: number;
  /** It has called further than the agent's own supervisors. */
  further: boolean;
  reasonId: string;
  targetAt: number;
  claimedAt: number | null;
  claimedBy: string | null;
  answeredAt: number | null;
  lowered: { readonly at: number; readonly end: string } | null;
}

interface Row {
  readonly type: string;
  readonly at: number;
  readonly payload: Record<string, unknown> & { readonly flagId?: string; readonly flag?: Record<string, unknown> };
}

/**
 * Folds an organisation's log into its flags, with nothing of the hub's own functions: the second opinion that reports are held
 * against.
 */
export async function flagsOfLog(floor: Floor, organisation: TestOrganisation): Promise<Told[]> {
  const { rows } = await floor.db.system.query<Row>(
    `select type, at, payload from log where organisation_id = $1 and type like 'flag:%' order by position`,
    [organisation.id],
  );
  const flags = new Map<string, Told>();
  for (const { type, at, payload } of rows) {
    if (type === 'flag:raised') {
      const flag = payload.flag as unknown as Told & {
        readonly source: { readonly kind: string };
        readonly reach: string;
      };
      flags.set(flag.id, {
        id: flag.id,
        agentId: flag.agentId,
        teamId: flag.teamId,
        queueId: flag.queueId,
        channel: flag.channel,
        by: flag.source.kind,
        raisedAt: flag.raisedAt,
        further: flag.reach !== 'own',
        reasonId: flag.reasonId,
        targetAt: flag.targetAt,
        claimedAt: null,
        claimedBy: null,
        answeredAt: null,
        lowered: null,
      });
      continue;
    }
    const flag = flags.get(payload.flagId ?? '');
    if (flag === undefined) throw new Error(`${type} of a flag that was never raised`);
    if (type === 'flag:amended') {
      flag.reasonId = payload.reasonId as string;
      flag.targetAt = payload.targetAt as number;
    } else if (type === 'flag:claimed' && flag.claimedAt === null) {
      flag.claimedAt = at;
      flag.claimedBy = payload.personId as string;
    } else if (type === 'flag:escalated') flag.further = true;
    else if (type === 'flag:answered' && flag.answeredAt === null) flag.answeredAt = at;
    else if (type === 'flag:lowered') flag.lowered = { at, end: (payload.outcome as string | null) ?? 'session_ended' };
  }
  return [...flags.values()];
}

/** Median and 90th percentile as PostgreSQL has them. */
async function times(floor: Floor, lengths: readonly number[]): Promise<object> {
  const { rows } = await floor.db.system.query<{ median: number | null; p90: number | null }>(
    `select floor(percentile_cont(0.5) within group (order by one) + 0.5) as median,
        floor(percentile_cont(0.9) within group (order by one) + 0.5) as p90 from unnest($1::float8[]) one`,
    [lengths],
  );
  return { count: lengths.length, median: rows[0]?.median ?? null, p90: rows[0]?.p90 ?? null };
}

export async function figuresOf(floor: Floor, flags: readonly Told[], now: number): Promise<object> {
  const taken = flags.filter((one) => one.claimedAt !== null);
  const late = flags.filter((one) => one.claimedAt === null && (one.lowered?.at ?? now) > one.targetAt);
  return {
    flags: flags.length,
    up: flags.filter((one) => one.lowered === null).length,
    unclaimed: flags.length - taken.length,
    claim: await times(
      floor,
      taken.map((one) => (one.claimedAt ?? 0) - one.raisedAt),
    ),
    help: await times(
      floor,
      flags.flatMap((one) => (one.answeredAt === null ? [] : [one.answeredAt - one.raisedAt])),
    ),
    judged: taken.length + late.length,
    inTarget: taken.filter((one) => (one.claimedAt ?? 0) <= one.targetAt).length,
  };
}

async function grouped(
  floor: Floor,
  flags: readonly Told[],
  key: (flag: Told) => string,
  now: number,
): Promise<Record<string, object>> {
  const groups: Record<string, object> = {};
  for (const of of new Set(flags.map(key)))
    groups[of] = await figuresOf(
      floor,
      flags.filter((one) => key(one) === of),
      now,
    );
  return groups;
}

/** Everything a report says but for its charts, in a form that has no order. */
export async function foldedReport(floor: Floor, flags: readonly Told[], now: number): Promise<object> {
  return {
    all: await figuresOf(floor, flags, now),
    queues: await grouped(floor, flags, (one) => one.queueId, now),
    reasons: await grouped(floor, flags, (one) => one.reasonId, now),
    channels: await grouped(floor, flags, (one) => one.channel, now),
    sources: await grouped(floor, flags, (one) => one.by, now),
    ends: await grouped(floor, flags, (one) => one.lowered?.end ?? 'up', now),
  };
}
