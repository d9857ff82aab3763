import type { Conversation } from '../../shared/contract/conversation.ts';
import type { FactOf } from '../../shared/contract/event.ts';
import type { Flag, FlagSource } from '../../shared/contract/flag.ts';
import type { EntryId } from '../../shared/contract/id.ts';
import type { Organisation, Reason } from '../../shared/contract/organisation.ts';
import { permissionsOf, roles } from '../../shared/contract/permission.ts';
import type { Reach } from '../../shared/contract/policy.ts';
import type { Session } from '../../shared/contract/session.ts';
import { nextStepAt, stepAfter } from '../../shared/live/call.ts';
import { about } from '../flag/flag.ts';
import { derivedNoun } from '../hub/derived-noun.ts';
import type { Context, Outcome } from '../hub/room.ts';

/** How many people a flag calls who are connected now, by how far it calls; each reach holds those before it. */
export type Watchers = Readonly<Record<Reach, number>>;

export const nobody: Watchers = { own: 0, supervisors: 0, everyone: 0 };

const viewAny = roles.filter((role) => permissionsOf[role].includes('flag.view.any'));
const helps = roles.filter((role) => permissionsOf[role].includes('supervision.own'));

/**
 * Who is there for an agent's flags, by the agent's id (S1.19): told to the agent who raises, and a flag that calls nobody
 * calls further at once. Held equal to `calledFrom` by a test.
 */
export const watchersNoun = derivedNoun<Watchers>(
  'watchers',
  (organisationId, ids) => ({
    // The few who may watch are found once for the whole batch, not once for every agent in it.
    text: `with watcher as materialized (
        select id, role = any($3::text[]) as sees_all, role = any($4::text[]) as helps, supervises from person
          where organisation_id = $1 and active and reachable and role = any($3::text[] || $4::text[])
      ) select a.id as agent_id,
          count(w.id) filter (where w.helps and w.supervises && a.team_ids)::integer as own,
          count(w.id) filter (where w.helps and (not w.sees_all or w.supervises <> '{}'))::integer as supervisors,
          count(w.id)::integer as everyone
        from person a left join watcher w on w.id <> a.id
        where a.organisation_id = $1 and a.id = any($2::uuid[]) group by a.id`,
    values: [organisationId, ids, viewAny, helps],
  }),
  (raw) => [
    raw.agent_id as string,
    { own: raw.own as number, supervisors: raw.supervisors as number, everyone: raw.everyone as number },
  ],
);

type Escalated = FactOf<'flag:escalated'>;

/** What a new flag is made of. */
export interface Call {
  readonly session: Session;
  readonly conversation: Conversation;
  readonly organisation: Organisation;
  readonly reason: Reason;
  readonly source: FlagSource;
  /** The words, and the id of their own entry. */
  readonly text: string;
  readonly entryId: EntryId;
  /** How many of those whom it calls are connected, by how far it calls. */
  readonly watching: Watchers;
}

/**
 * A flag goes up, by whoever or whatever called. Where nobody whom it calls is connected, it calls further at once (S1.19). On
 * a session that has called further before, it begins there: who may help on it is called again.
 * @returns the flag as it begins, its facts in order, and how many it calls now are connected
 */
export function call(
  what: Call,
  { now, newId }: Pick<Context, 'now' | 'newId'>,
): { flag: Flag; outcomes: Outcome[]; watching: number } {
  const { session, conversation, organisation, reason, source, text, entryId, watching } = what;
  const flag: Flag = {
    id: newId<'flag'>(),
    sessionId: session.id,
    conversationId: conversation.id,
    agentId: session.agentId,
    channel: conversation.channel,
    queueId: conversation.queueId,
    teamId: conversation.teamId,
    customerName: conversation.customerName,
    reasonId: reason.id,
    source,
    message: '',
    raisedAt: now,
    targetAt: now + reason.targetMs,
    amendedAt: null,
    deliveredAt: null,
    seenBy: [],
    claim: null,
    claimedAt: null,
    answeredAt: null,
    join: null,
    joinedAt: null,
    joinedBy: [],
    reach: session.reach,
    reachedAt: now,
    nextAt: nextStepAt(organisation.escalation, session.reach, now),
    lowered: null,
  };
  const raised: Outcome = { type: 'flag:raised', conversationId: conversation.id, flag, entryId, text };
  const steps = watching[flag.reach] > 0 ? [] : callFurther(flag, organisation, watching, 'nobody_there', now);
  return { flag, outcomes: [raised, ...steps], watching: watching[steps.at(-1)?.reach ?? flag.reach] };
}

/**
 * The next step of a flag's chain, and at once the steps after it as long as nobody whom it calls is connected: waiting for
 * nobody helps nobody (S1.19). Nothing at the end of the chain.
 */
export function callFurther(
  flag: Flag,
  { escalation }: Pick<Organisation, 'escalation'>,
  watching: Watchers,
  because: Escalated['because'],
  now: number,
): Escalated[] {
  const steps: Escalated[] = [];
  let before = flag.reach;
  for (let step = stepAfter(escalation, before); step !== null; step = stepAfter(escalation, before)) {
    const { reach } = step;
    const nextAt = nextStepAt(escalation, reach, now);
    const why = steps.length === 0 ? because : 'nobody_there';
    steps.push({ type: 'flag:escalated', ...about(flag), agentId: flag.agentId, before, reach, because: why, nextAt });
    if (watching[reach] > 0) break;
    before = reach;
  }
  return steps;
}
