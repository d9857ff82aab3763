import type { Flag } from '../../shared/contract/flag.ts';
import type { Session } from '../../shared/contract/session.ts';
import { serve } from './agent.ts';
import type { Want, Wants } from './rhythm.ts';
import type { StaffAct, StaffView } from './view.ts';
import { act, isAttended, whisper, write } from './view.ts';
import { advice, declineWords, followUps, joining, pick } from './words.ts';

type Mine = Map<string, Want<StaffAct>>;

/**
 * What a simulated supervisor wants to do. They keep out where a person supervises the team, but finish what they have
 * begun; a flag that they took is never left hanging.
 */
export function supervisorWants(view: StaffView): Wants<StaffAct> {
  const wants: Mine = new Map();
  const me = view.live.people.get(view.me);
  if (me === undefined) return wants;
  if (view.duty !== null && me.status !== view.duty)
    wants.set('status', {
      key: view.duty,
      think: [0, 600],
      act: act({ name: 'person:set-status', input: { personId: view.me, status: view.duty } }),
    });
  for (const conversation of view.live.conversations.values())
    if (conversation.assigneeId === view.me) serve(view, conversation, wants);
  for (const flag of view.live.flags.values()) {
    const session = view.live.sessions.get(flag.sessionId);
    if (session === undefined || flag.agentId === view.me) continue;
    if (flag.claim?.personId === view.me) help(view, flag, session, wants);
    else if (flag.claim === null && !isAttended(view, flag.teamId)) notice(view, flag, wants);
  }
  // Still in a conversation whose flag is gone.
  for (const session of view.live.sessions.values())
    if (session.flagId === null && session.supervisors.some((one) => one.personId === view.me)) leave(session, wants);
  return wants;
}

function notice(view: StaffView, flag: Flag, wants: Mine): void {
  const { id: flagId } = flag;
  if (flag.deliveredAt === null)
    wants.set(`delivered ${flagId}`, {
      key: 'delivered',
      think: [30, 150],
      act: act({ name: 'flag:mark-delivered', input: { flagId } }),
    });
  if (!flag.seenBy.some((one) => one.personId === view.me))
    wants.set(`seen ${flagId}`, {
      key: 'seen',
      think: [1500, 6000],
      act: act({ name: 'flag:mark-seen', input: { flagId } }),
    });
  const busy = [...view.live.flags.values()].some((one) => one.claim?.personId === view.me);
  wants.set(`flag ${flagId}`, {
    key: busy ? 'claim later' : 'claim',
    // Whoever has one already leaves the next to a colleague who is free.
    think: busy ? [25_000, 60_000] : [8000, 30_000],
    act: act({ name: 'flag:claim', input: { flagId } }),
  });
}

function help(view: StaffView, flag: Flag, session: Session, wants: Mine): void {
  const joined = session.supervisors.some((one) => one.personId === view.me && one.mode === 'joined');
  if (joined) takePart(view, flag, session, wants);
  else if (flag.join?.state === 'asked') answerRequest(flag, session, wants);
  else if (flag.answeredAt === null) counsel(session, `advice ${flag.id}`, pick(advice, flag.id), wants);
  else follow(view, flag, session, wants);
}

/** Two of three requests to join are followed. */
function answerRequest(flag: Flag, session: Session, wants: Mine): void {
  const word = pick([null, null, pick(declineWords, flag.id)], `join ${flag.id}`);
  wants.set(
    `flag ${flag.id}`,
    word === null
      ? { key: 'join', think: [3000, 9000], act: act({ name: 'supervision:join', input: { sessionId: session.id } }) }
      : {
          key: 'decline',
          think: [3000, 6000],
          typing: word,
          act: act({ name: 'flag:decline-join', input: { flagId: flag.id, word } }),
        },
  );
}

/** Says one thing to the customer, listens for a while, and leaves. */
function takePart(view: StaffView, flag: Flag, session: Session, wants: Mine): void {
  const conversation = view.live.conversations.get(session.conversationId);
  const me = view.live.people.get(view.me);
  if (conversation === undefined || me === undefined) return;
  if (view.spoken(session.id) > 0) {
    leave(session, wants);
    return;
  }
  const visitor = view.visitor(conversation.customerId);
  const answer = typeof visitor === 'object' ? visitor.exchanges[visitor.said - 1]?.agent : undefined;
  const waits = conversation.lastLine?.author === 'customer';
  const opening = joining(me.name, view.live.people.get(flag.agentId)?.name ?? 'your agent');
  const text = waits && answer !== undefined ? `${opening} ${answer}` : opening;
  wants.set(`flag ${flag.id}`, {
    key: 'speak',
    think: [2000, 5000],
    typing: text,
    act: write(conversation, 'supervisor', text),
  });
}

function leave(session: Session, wants: Mine): void {
  wants.set(`leave ${session.id}`, {
    key: 'leave',
    think: [12_000, 30_000],
    act: act({ name: 'supervision:leave', input: { sessionId: session.id } }),
  });
}

/** After the answer: a word more for a person who asks further, and in the end the flag comes down. */
function follow(view: StaffView, flag: Flag, session: Session, wants: Mine): void {
  const side = view.side(session.id);
  const person = view.played.has(flag.agentId);
  if (person && side !== null && side.personId === flag.agentId) {
    counsel(session, `further ${side.lines}`, pick(followUps, `${flag.id} ${side.lines}`), wants);
    return;
  }
  wants.set(`flag ${flag.id}`, {
    key: `lower ${side?.lines ?? 0}`,
    // A person at the agent's place may want to read first.
    think: person ? [90_000, 150_000] : [30_000, 75_000],
    act: act({
      name: 'flag:lower',
      input: { flagId: flag.id, outcome: flag.joinedAt === null ? 'answered' : 'joined' },
    }),
  });
}

function counsel(session: Session, key: string, text: string, wants: Mine): void {
  wants.set(`side ${session.id}`, { key, think: [2500, 7000], typing: text, act: whisper(session.id, text) });
}
