import { channels, flagEnabled } from '../../shared/contract/channel.ts';
import type { Conversation } from '../../shared/contract/conversation.ts';
import type { EventOf } from '../../shared/contract/event.ts';
import type { PersonId } from '../../shared/contract/id.ts';
import { limits } from '../../shared/contract/limits.ts';
import type { Person } from '../../shared/contract/person.ts';
import type { Rule } from '../../shared/contract/rule.ts';
import { excerpt } from '../../shared/live/words.ts';
import { conversationNoun } from '../conversation/conversation.ts';
import { call, nobody, watchersNoun } from '../escalation/escalation.ts';
import type { Context, Outcome, Reaction } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import type { State } from '../hub/state.ts';
import { gather } from '../hub/state.ts';
import { fallbackOf, organisationNoun, organisationOf } from '../organisation/organisation.ts';
import { personNoun } from '../person/person.ts';
import { reasonNoun } from '../reason/reason.ts';
import { sessionNoun } from '../session/session.ts';
import { teamNoun } from '../team/team.ts';
import type { Books } from './books.ts';
import type { Heard, Place } from './match.ts';
import { activeRulesNoun, ruleSetNoun } from './rule.ts';

/** Phrases that a flag names: more say no more. */
const mostHeard = 8;

/**
 * A line is heard by the rules (S1.17). Looked at in an order that costs a line which matches nothing no more than its words:
 * the version of the rules comes with the line's own needs, the rules are held by this hub, and only a match looks further.
 */
export function hearing(books: Books): Reaction {
  return (event, state, context) => {
    if (event.type !== 'message:sent') return [];
    const conversation = state.get(conversationNoun, event.conversationId);
    if (conversation === undefined || conversation.sessionId === null || conversation.assigneeId === null) return [];
    const { organisationId } = context;
    const standing = state.get(ruleSetNoun, organisationId);
    if (standing === undefined) return [];
    const book =
      books.of(organisationId, standing.version) ??
      books.keep(organisationId, standing.version, state.get(activeRulesNoun, organisationId) ?? []);
    const { channel, queueId, assigneeId } = conversation;
    const heard = book.hear(event.text, { side: sideOf(event), channel, queueId });
    return heard.length === 0 ? [] : raised(event, conversation, assigneeId, heard, state, context);
  };
}

const sideOf = ({ author }: EventOf<'message:sent'>): Place['side'] => (author === 'customer' ? 'customer' : 'agent');

/** The flag of the most urgent rule that has not raised one in this session yet, where a flag can be raised at all. */
function raised(
  event: EventOf<'message:sent'>,
  conversation: Conversation,
  agentId: PersonId,
  heard: readonly Heard<Rule>[],
  state: State,
  context: Context,
): Outcome[] {
  const sessionId = conversation.sessionId ?? '';
  gather(state, [
    need(sessionNoun, sessionId),
    need(organisationNoun, context.organisationId),
    need(personNoun, agentId),
    need(watchersNoun, agentId),
    ...heard.map(({ rule }) => need(reasonNoun, rule.reasonId)),
  ]);
  const session = state.get(sessionNoun, sessionId);
  if (session === undefined || session.endedAt !== null || session.flagId !== null) return [];
  const organisation = organisationOf(state, context);
  if (fallbackOf(organisation, context) !== null) return [];
  const agent = state.get(personNoun, agentId);
  if (agent === undefined || !mayRaise(conversation, agent, state)) return [];

  const [first] = heard
    .filter(({ rule }) => !session.ruleIds.includes(rule.id))
    .flatMap((one) => {
      const reason = state.get(reasonNoun, one.rule.reasonId);
      return reason === undefined ? [] : [{ ...one, reason }];
    })
    .sort((a, b) => a.reason.targetMs - b.reason.targetMs);
  if (first === undefined) return [];
  const { rule, reason } = first;
  const { outcomes } = call(
    {
      session,
      conversation,
      organisation,
      reason,
      source: {
        kind: 'rule',
        ruleId: rule.id,
        ruleName: rule.name,
        side: sideOf(event),
        heard: first.heard.slice(0, mostHeard),
        lineId: event.entryId,
      },
      text: excerpt(event.text, first.ranges, limits.flagMessage).text,
      entryId: context.newId(),
      watching: state.get(watchersNoun, agentId) ?? nobody,
    },
    context,
  );
  // The customer or agent whose line it was did not call: the hub did.
  return outcomes.flatMap((one) => ('fact' in one ? [one] : [{ fact: one, by: { kind: 'system' as const } }]));
}

/** Whether a flag may be raised on this channel for this agent; their teams are asked for in one go, where they decide it. */
function mayRaise({ channel }: Conversation, agent: Person, state: State): boolean {
  if (channels[channel].helpFlag === 'by-team')
    gather(
      state,
      agent.teamIds.map((id) => need(teamNoun, id)),
    );
  return flagEnabled(channel, agent, (id) => state.get(teamNoun, id));
}
