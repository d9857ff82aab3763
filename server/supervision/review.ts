import type { Flag } from '../../shared/contract/flag.ts';
import type { FlagId, SessionId } from '../../shared/contract/id.ts';
import type { Person } from '../../shared/contract/person.ts';
import type { Reach } from '../../shared/contract/policy.ts';
import type { Session } from '../../shared/contract/session.ts';
import { nextStepAt } from '../../shared/live/call.ts';
import { conversationNoun } from '../conversation/conversation.ts';
import { flagNoun } from '../flag/flag.ts';
import type { CommandRow, Context, JobWriter, Noun, Outcome } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import type { State } from '../hub/state.ts';
import { organisationNoun, organisationOf } from '../organisation/organisation.ts';
import { mayHelp, personNoun } from '../person/person.ts';
import { sessionNoun } from '../session/session.ts';
import { leaving } from './presence.ts';

/** Everything that somebody holds as a supervisor now. */
export interface Held {
  readonly flags: readonly FlagId[];
  readonly sessions: readonly SessionId[];
}

/** Derived, and asked only by the review, which has a batch of its own. */
export const heldNoun: Noun<Held> = {
  kind: 'held by supervisors',
  load: (organisationId) => ({
    text: `select
        array(select id from flag where organisation_id = $1 and lowered is null and claim is not null) as flags,
        array(select id from session where organisation_id = $1 and ended_at is null and jsonb_array_length(supervisors) > 0) as sessions`,
    values: [organisationId],
  }),
  read: (raw) => ['held', { flags: raw.flags as FlagId[], sessions: raw.sessions as SessionId[] }],
  touches: () => [],
  evolve: (held) => held,
};

/**
 * Why a supervisor may hold on no longer, or null.
 * @param reach how far the flag has called: whom it reached keeps the right while the session lives
 */
function lost(
  helper: Person | undefined,
  agent: Person | undefined,
  reach: Reach,
): 'unreachable' | 'right_lost' | null {
  if (helper === undefined || agent === undefined || !helper.active) return 'right_lost';
  if (!mayHelp(helper, agent, reach)) return 'right_lost';
  return helper.reachable ? null : 'unreachable';
}

/**
 * Lets go of what supervisors hold who stay unreachable or lost the right to it: claims return to the flag (I2), presences
 * in customer conversations end.
 */
export const review: CommandRow<{ readonly subject: string }, null> = {
  permission: 'system',
  rate: { points: 1000, seconds: 1 },
  alone: true,
  needs: (_input, _actor, organisationId) => [need(heldNoun, 'held'), need(organisationNoun, organisationId)],
  decide: (state, _input, context) => {
    const held = state.get(heldNoun, 'held');
    if (held === undefined) return { events: [], value: null };
    const flags = state.all(flagNoun, held.flags);
    const sessions = state.all(sessionNoun, held.sessions);
    // Who is judged, and where their leaving shows: asked for together.
    state.all(personNoun, [
      ...new Set([
        ...flags.flatMap(({ claim, agentId }) => (claim === null ? [] : [claim.personId, agentId])),
        ...sessions.flatMap(({ supervisors, agentId }) => [agentId, ...supervisors.map((one) => one.personId)]),
      ]),
    ]);
    // A claim that is given back moves its session as well: all at once, or many claims would take a round each.
    state.all(sessionNoun, [...new Set(flags.map((flag) => flag.sessionId))]);
    state.all(conversationNoun, [...new Set([...sessions, ...flags].map((one) => one.conversationId))]);
    state.all(
      flagNoun,
      sessions.flatMap((session) => session.flagId ?? []),
    );
    return { events: [...releases(state, flags, context), ...leavings(state, sessions)], value: null };
  },
};

function releases(state: State, flags: readonly Flag[], context: Context): Outcome[] {
  const { escalation } = organisationOf(state, context);
  return flags.flatMap((flag): Outcome[] => {
    if (flag.claim === null || flag.lowered !== null) return [];
    const { id, conversationId, sessionId, claim } = flag;
    const reason = lost(state.get(personNoun, claim.personId), state.get(personNoun, flag.agentId), flag.reach);
    if (reason === null) return [];
    const nextAt = nextStepAt(escalation, flag.reach, context.now);
    return [{ type: 'flag:released', conversationId, sessionId, flagId: id, personId: claim.personId, reason, nextAt }];
  });
}

function leavings(state: State, sessions: readonly Session[]): Outcome[] {
  return sessions.flatMap((session): Outcome[] => {
    const agent = state.get(personNoun, session.agentId);
    return session.supervisors.flatMap((present): Outcome[] => {
      const reason = lost(state.get(personNoun, present.personId), agent, session.reach);
      return reason === null ? [] : [leaving(session, present, reason)];
    });
  });
}

/** What may take a supervisor's hold away. */
export const reviewJobs: JobWriter = {
  jobs: (event) => {
    switch (event.type) {
      case 'person:unreachable':
      case 'person:deactivated':
      case 'person:role-set':
      case 'person:teams-set':
        return { plan: [{ id: 'supervision:review', kind: 'supervision:review', subject: '', dueAt: event.at }] };
      default:
        return {};
    }
  },
};
