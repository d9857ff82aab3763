import type { Conversation } from '../../shared/contract/conversation.ts';
import type { Flag, FlagSource } from '../../shared/contract/flag.ts';
import type { EntryId } from '../../shared/contract/id.ts';
import type { Organisation, Reason } from '../../shared/contract/organisation.ts';
import type { Session } from '../../shared/contract/session.ts';
import { nextStepAt, stepAfter } from '../../shared/live/escalation.ts';
import type { Context, Outcome } from '../hub/room.ts';
import { about } from './flag.ts';

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
  /** Supervisors who can see it and are connected now. */
  readonly watching: number;
}

/**
 * A flag goes up, by whoever or whatever called. Where nobody whom it calls is connected, it calls further at once (S1.19).
 * @returns the flag as it begins, and its facts in order
 */
export function call(what: Call, { now, newId }: Pick<Context, 'now' | 'newId'>): { flag: Flag; outcomes: Outcome[] } {
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
    reach: 'own',
    reachedAt: now,
    nextAt: nextStepAt(organisation.escalation, 'own', now),
    lowered: null,
  };
  const outcomes: Outcome[] = [{ type: 'flag:raised', conversationId: conversation.id, flag, entryId, text }];
  if (watching === 0) outcomes.push(...callFurther(flag, organisation, 'nobody_there', now));
  return { flag, outcomes };
}

/** The next step of a flag's chain; nothing at its end. */
export function callFurther(
  flag: Flag,
  { escalation }: Pick<Organisation, 'escalation'>,
  because: 'waited' | 'nobody_there',
  now: number,
): Outcome[] {
  const step = stepAfter(escalation, flag.reach);
  if (step === null) return [];
  const nextAt = nextStepAt(escalation, step.reach, now);
  const { reach } = step;
  return [
    { type: 'flag:escalated', ...about(flag), agentId: flag.agentId, before: flag.reach, reach, because, nextAt },
  ];
}
