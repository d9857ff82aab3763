import type { Conversation } from '../../shared/contract/conversation.ts';
import type { Flag } from '../../shared/contract/flag.ts';
import type { Session } from '../../shared/contract/session.ts';
import type { Want, Wants } from './rhythm.ts';
import type { StaffAct, StaffView, Talk } from './view.ts';
import { act, couldTake, whisper, write } from './view.ts';
import { explanation, greeting, pick, politeLines, thanks } from './words.ts';

type Mine = Map<string, Want<StaffAct>>;

/** A flag that nobody takes comes down again. */
const nobodyMs = 4 * 60_000;
/** How long the customer is kept waiting for a supervisor's answer. */
const holdMs = 75_000;
/** A person who has taken a flag has this long after the last word, before the agent lowers it. */
const patienceMs = 5 * 60_000;

/** What a simulated agent wants to do about everything in front of them. */
export function agentWants(view: StaffView): Wants<StaffAct> {
  const wants: Mine = new Map();
  const me = view.live.people.get(view.me);
  if (view.duty !== null && me !== undefined && me.status !== view.duty)
    wants.set('status', {
      key: view.duty,
      think: [0, 600],
      act: act({ name: 'person:set-status', input: { personId: view.me, status: view.duty } }),
    });
  for (const conversation of view.live.conversations.values()) {
    if (conversation.offer?.personId === view.me) answerOffer(view, conversation, wants);
    if (conversation.assigneeId === view.me) serve(view, conversation, wants);
  }
  return wants;
}

function answerOffer(view: StaffView, conversation: Conversation, wants: Mine): void {
  const { id: conversationId, offer } = conversation;
  if (offer === null) return;
  const visitor = view.visitor(conversation.customerId);
  const input = { conversationId, offerId: offer.id };
  if (visitor === 'person' && someoneFirst(view, conversation)) {
    wants.set(`offer ${conversationId}`, {
      key: `decline ${offer.id}`,
      think: [0, 200],
      act: act({ name: 'offer:decline', input }),
    });
    return;
  }
  wants.set(`offer ${conversationId}`, {
    key: `accept ${offer.id}`,
    // Unhurried, so that the queue is seen to be alive; a person at a real widget is let in sooner.
    think: visitor === 'person' ? [1500, 3500] : [6000, 26_000],
    hasty: typeof visitor === 'object' && visitor.hasty,
    act: act({ name: 'offer:accept', input }),
  });
}

/** Whether a person of the same team should be offered a real visitor before a simulated agent takes them. */
function someoneFirst(view: StaffView, conversation: Conversation): boolean {
  for (const person of view.live.people.values())
    if (
      person.teamIds.includes(conversation.teamId) &&
      !conversation.passedBy.includes(person.id) &&
      couldTake(view, person)
    )
      return true;
  return false;
}

/** What somebody in charge of a conversation wants; supervisors too, after a take-over. */
export function serve(view: StaffView, conversation: Conversation, wants: Mine): void {
  const { id, sessionId, unread } = conversation;
  const session = sessionId === null ? undefined : view.live.sessions.get(sessionId);
  if (session === undefined) return;
  const visitor = view.visitor(conversation.customerId);
  if (unread > 0)
    wants.set(`read ${id}`, {
      key: `${unread}`,
      think: [800, 2500],
      act: act({ name: 'conversation:mark-read', input: { conversationId: id } }),
    });
  const flag = session.flagId === null ? undefined : view.live.flags.get(session.flagId);
  answerSide(view, session, wants);
  if (flag !== undefined) endFlag(view, session, flag, wants);
  // One voice at a time: a supervisor who has joined speaks.
  if (visitor === 'coming' || session.supervisors.some((one) => one.mode === 'joined')) return;
  if (visitor === 'person') greet(view, conversation, session, wants);
  else speak(view, conversation, session, flag, visitor, wants);
}

function speak(
  view: StaffView,
  conversation: Conversation,
  session: Session,
  flag: Flag | undefined,
  talk: Talk,
  wants: Mine,
): void {
  const { id, lastLine } = conversation;
  const { exchanges, said, hasty } = talk;
  const waits = lastLine?.author === 'customer';
  const cue = flag === undefined ? view.cue(id) : null;
  if (waits && cue !== null) {
    wants.set(`say ${id}`, {
      key: 'raise',
      think: [1500, 4000],
      hasty,
      act: act({ name: 'flag:raise', input: { sessionId: session.id, ...cue } }),
    });
    return;
  }
  if (waits && flag !== undefined && flag.answeredAt === null && view.now - flag.raisedAt < holdMs / view.speed) return;
  const answer = exchanges[Math.min(said, exchanges.length) - 1]?.agent;
  if (waits && answer !== undefined) {
    wants.set(`say ${id}`, {
      key: `answer ${said}`,
      think: [2500, 8000],
      typing: answer,
      hasty,
      act: write(conversation, 'agent', answer),
    });
    return;
  }
  if (!waits && lastLine !== null && said >= exchanges.length && flag === undefined)
    wants.set(`say ${id}`, {
      key: 'close',
      think: [5000, 16_000],
      act: act({ name: 'conversation:close', input: { conversationId: id } }),
    });
}

/** A real visitor gets an answer, and never a flag. */
function greet(view: StaffView, conversation: Conversation, session: Session, wants: Mine): void {
  const { id, lastLine, answeredAt } = conversation;
  const me = view.live.people.get(view.me);
  if (me === undefined || lastLine?.author !== 'customer') return;
  const colleague = answeredAt === null ? elsewhere(view, conversation) : null;
  if (colleague !== null) {
    wants.set(`say ${id}`, {
      key: `pass ${lastLine.at}`,
      think: [500, 1500],
      act: act({
        name: 'conversation:transfer',
        input: { conversationId: id, to: { kind: 'queue', queueId: colleague.queueId } },
      }),
    });
    return;
  }
  const spoken = view.spoken(session.id);
  const lines = [greeting(me.name), explanation(me.name)];
  const text = (answeredAt === null ? lines[0] : lines[spoken]) ?? pick(politeLines, `${spoken} ${id}`);
  wants.set(`say ${id}`, {
    key: `answer ${lastLine.at}`,
    think: [1200, 3000],
    typing: text,
    act: write(conversation, 'agent', text),
  });
}

/** A queue of another team where a person waits for work, while nobody plays an agent of this one. */
function elsewhere(view: StaffView, conversation: Conversation): { queueId: Conversation['queueId'] } | null {
  const people = [...view.live.people.values()].filter((one) => view.played.has(one.id));
  if (people.some((one) => one.teamIds.includes(conversation.teamId))) return null;
  for (const person of people) {
    if (!couldTake(view, person)) continue;
    for (const queue of view.live.queues.values())
      if (queue.active && person.teamIds.includes(queue.teamId)) return { queueId: queue.id };
  }
  return null;
}

function answerSide(view: StaffView, session: Session, wants: Mine): void {
  const side = view.side(session.id);
  if (side === null || side.personId === view.me) return;
  const text = pick(thanks, `${session.id} ${side.lines}`);
  wants.set(`side ${session.id}`, {
    key: `answer ${side.lines}`,
    think: [2000, 5000],
    typing: text,
    act: whisper(session.id, text),
  });
}

/** The agent takes the flag down when it has been answered, or when nobody came. */
function endFlag(view: StaffView, session: Session, flag: Flag, wants: Mine): void {
  const side = view.side(session.id);
  if (flag.joinedBy.length > 0 || (side !== null && side.personId !== view.me)) return;
  const lower = (outcome: 'answered' | 'joined' | 'not_needed', think: readonly [number, number]): void => {
    wants.set(`flag ${flag.id}`, {
      key: `lower ${outcome} ${flag.claim?.personId} ${side?.lines ?? 0}`,
      think,
      act: act({ name: 'flag:lower', input: { flagId: flag.id, outcome } }),
    });
  };
  const helped = flag.joinedAt !== null ? 'joined' : 'answered';
  if (flag.claim === null && flag.answeredAt === null) {
    if (view.now - flag.raisedAt >= nobodyMs / view.speed) lower('not_needed', [0, 20_000]);
  } else if (flag.claim !== null && view.played.has(flag.claim.personId)) {
    const last = Math.max(flag.claim.at, flag.answeredAt ?? 0, side?.at ?? 0);
    if (view.now - last >= patienceMs / view.speed)
      lower(flag.answeredAt === null ? 'not_needed' : helped, [0, 20_000]);
  } else if (flag.answeredAt !== null) lower(helped, [35_000, 90_000]);
}
