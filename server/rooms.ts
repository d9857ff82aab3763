import { audienceTable } from './audience.ts';
import { connectionCommands, connectionRoom } from './connection/room.ts';
import { close } from './conversation/close.ts';
import { conversationNoun } from './conversation/conversation.ts';
import { customerTableOf, customerWriter } from './conversation/customer.ts';
import { markRead } from './conversation/mark-read.ts';
import { minuteWriter } from './conversation/minute.ts';
import { requeue, requeueJobs } from './conversation/requeue.ts';
import { openOfCustomer, start } from './conversation/start.ts';
import { take } from './conversation/take.ts';
import { transfer } from './conversation/transfer.ts';
import { retry } from './delivery/retry.ts';
import { deliveryRoom } from './delivery/room.ts';
import { amend } from './flag/amend.ts';
import { askJoin } from './flag/ask-join.ts';
import { checkWatchers, watchersJobs } from './flag/check-watchers.ts';
import { claim } from './flag/claim.ts';
import { declineJoin } from './flag/decline-join.ts';
import { escalate, escalateJobs } from './flag/escalate.ts';
import { flagNoun } from './flag/flag.ts';
import { followFlag } from './flag/follow.ts';
import { lower } from './flag/lower.ts';
import { markDelivered } from './flag/mark-delivered.ts';
import { markSeen } from './flag/mark-seen.ts';
import { raise } from './flag/raise.ts';
import { release } from './flag/release.ts';
import type { Order, Rules } from './hub/plan.ts';
import type { CommandRow, CommandTable, Noun, RoomParts, Writer } from './hub/room.ts';
import { send } from './message/send.ts';
import { accept } from './offer/accept.ts';
import { decline } from './offer/decline.ts';
import { expire, offerJobs, route } from './offer/route.ts';
import { organisationCommands, organisationRoom } from './organisation/room.ts';
import { actorSource } from './person/actor.ts';
import { personCommands, personRoom } from './person/room.ts';
import { queueRoom } from './queue/room.ts';
import { reasonCommands, reasonRoom } from './reason/room.ts';
import { Books } from './rule/books.ts';
import { hearing } from './rule/hear.ts';
import { ruleCommands, ruleRoom } from './rule/room.ts';
import { sessionNoun } from './session/session.ts';
import { markRead as markSideRead } from './side-chat/mark-read.ts';
import { say } from './side-chat/say.ts';
import { join } from './supervision/join.ts';
import { leave } from './supervision/leave.ts';
import { monitor } from './supervision/monitor.ts';
import { supervisionRoom } from './supervision/room.ts';
import { takeOver } from './supervision/take-over.ts';
import { teamCommands, teamRoom } from './team/room.ts';

/** Every command that comes from outside; total, so that one without a row does not compile. */
export const commandTable: CommandTable = {
  ...organisationCommands,
  ...reasonCommands,
  ...ruleCommands,
  ...personCommands,
  ...teamCommands,
  'conversation:start': start,
  'message:send': send,
  'conversation:mark-read': markRead,
  'conversation:transfer': transfer,
  'conversation:close': close,
  'conversation:take': take,
  'offer:accept': accept,
  'offer:decline': decline,
  'side-chat:say': say,
  'side-chat:mark-read': markSideRead,
  'supervision:monitor': monitor,
  'supervision:join': join,
  'supervision:leave': leave,
  'supervision:take-over': takeOver,
  'flag:raise': raise,
  'flag:amend': amend,
  'flag:mark-delivered': markDelivered,
  'flag:mark-seen': markSeen,
  'flag:claim': claim,
  'flag:release': release,
  'flag:ask-join': askJoin,
  'flag:decline-join': declineJoin,
  'flag:lower': lower,
  ...connectionCommands,
  'delivery:retry': retry,
};

const rooms: readonly RoomParts[] = [
  organisationRoom,
  personRoom,
  teamRoom,
  queueRoom,
  reasonRoom,
  ruleRoom,
  {
    nouns: [conversationNoun, openOfCustomer],
    writers: [customerWriter, minuteWriter],
    jobWriters: [requeueJobs],
    jobs: { 'conversation:requeue': requeue },
  },
  { jobWriters: [offerJobs], jobs: { 'offer:route': route, 'offer:expire': expire } },
  { nouns: [sessionNoun] },
  supervisionRoom,
  {
    nouns: [flagNoun],
    reactions: [followFlag],
    jobWriters: [escalateJobs, watchersJobs],
    jobs: { 'flag:escalate': escalate, 'flag:check-watchers': checkWatchers },
  },
  connectionRoom,
  deliveryRoom,
];

/** Commands that due jobs run, by kind. */
export const jobKinds: Readonly<Record<string, CommandRow<{ readonly subject: string }, null>>> = Object.assign(
  {},
  ...rooms.map((room) => room.jobs ?? {}),
);

/** The rooms as the hub takes them. */
export function rules(onThrow: (error: unknown, order: Order) => void): Rules {
  return {
    // The hub moves rows without looking into them; each noun and writer sees only rows of its own.
    nouns: rooms.flatMap((room) => room.nouns ?? []) as readonly Noun<unknown>[],
    writers: rooms.flatMap((room) => room.writers ?? []) as readonly Writer<unknown>[],
    // Each hub holds the rules of its own reading.
    reactions: [...rooms.flatMap((room) => room.reactions ?? []), hearing(new Books())],
    jobWriters: rooms.flatMap((room) => room.jobWriters ?? []),
    audience: audienceTable,
    customer: customerTableOf,
    actor: actorSource,
    onThrow,
  };
}
