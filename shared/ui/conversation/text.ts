import { catalogue } from '../text/catalogue.ts';

/**
 * Words of the conversation components. In event lines `**` marks what is set strong; a person's own words never go
 * through these messages, they stand beside them.
 */
export const conversationText = catalogue({
  someone: 'Someone',
  you: 'You',
  hub: 'Halyard',
  customer: 'the customer',
  supervisors: 'your supervisors',
  transcript: 'Transcript',
  'transcript.loading': 'Loading the transcript',
  'transcript.earlier': 'Load earlier lines',
  'transcript.earlier.pending': 'Loading',
  'transcript.begin': 'Start of the conversation',
  'transcript.failed': 'The transcript could not be read',
  'transcript.new': { one: '{count} new line', other: '{count} new lines' },
  'transcript.latest': 'Latest lines',
  'line.again': 'Try again',
  'line.edit': 'Edit',
  'line.discard': 'Discard',
  'fold.lines': { one: '{count} line with {who}', other: '{count} lines with {who}' },
  'typing.one': '{who} is typing',
  'typing.many': '{who} are typing',

  'event.conversation:started': '**{customer}** started a conversation in {queue}',
  'event.conversation:queued': 'Waiting in the queue **{queue}**',
  'event.conversation:assigned': 'Assigned to **{who}**',
  'event.conversation:closed.staff': '**Closed** by {who}',
  'event.conversation:closed.customer': '**Closed** by {customer}',
  'event.conversation:closed.left': '**Ended**, {customer} left',
  'event.session:ended.transferred': '**{who}** handed the conversation on',
  'event.session:ended.unassigned': 'The session of {who} ended, the conversation is unassigned',
  'event.session:ended.customer_left': 'The session of {who} ended, {customer} left',
  'event.session:ended.closed': 'The session of {who} ended',
  'event.session:ended.taken_over': 'The session of {who} ended, it was taken over',
  'event.offer:made': 'Offered to {who}',
  'event.offer:accepted': '{who} accepted the offer',
  'event.offer:declined': '{who} declined the offer',
  'event.offer:expired': 'The offer to {who} lapsed',
  'event.offer:cancelled': 'The offer to {who} was withdrawn',
  'event.flag:raised': '**Help flag raised** by {who}, {reason}',
  'event.flag:raised.rule': '**Help flag raised by the rule {rule}** for {who}, {reason}. It heard {words}',
  'event.flag:amended': '**Help flag changed** by {who}, {reason}',
  'event.flag:delivered': 'Help flag reached a supervisor’s screen',
  'event.flag:seen': 'Help flag seen by {who}',
  'event.flag:claimed': '**Help flag taken** by {who}',
  'event.flag:released.released': '**Help flag released** by {who}',
  'event.flag:released.unreachable': '**Help flag released**, {who} was not reachable',
  'event.flag:released.right_lost': '**Help flag released**, {who} no longer supervises this team',
  'event.flag:escalated.waited': '**Help flag called further** to {who}, no one had taken it',
  'event.flag:escalated.nobody_there': '**Help flag called further** to {who}, nobody it called was there',
  'event.flag:answered': 'First answer by {who}',
  'event.flag:join-asked': '{who} **asked a supervisor to join**',
  'event.flag:join-accepted': '{who} accepted to join',
  'event.flag:join-declined': '{who} **declined to join**',
  'event.flag:lowered.lowered': '**Help flag lowered** by {who}, {outcome}',
  'event.flag:lowered.closed': '**Help flag lowered**, the conversation was closed',
  'event.flag:lowered.customer_left': '**Help flag lowered**, {customer} left',
  'event.flag:lowered.transferred': '**Help flag lowered**, the conversation was transferred',
  'event.flag:lowered.taken_over': '**Help flag lowered**, the conversation was taken over',
  'event.flag:lowered.unassigned': '**Help flag lowered**, the conversation was unassigned',
  'event.supervision:monitored.announced': '{who} **monitors**, {customer} does not see it',
  'event.supervision:monitored.announced_after':
    '{who} **monitors**, {customer} does not see it, {agent} is told when it ends',
  'event.supervision:monitored.silent': '{who} **monitors**, neither {agent} nor {customer} sees it',
  'event.supervision:joined': '{who} **joined the conversation**',
  'event.supervision:left.monitoring': '{who} stopped monitoring',
  'event.supervision:left.after': '{who} **monitored** from {from} to {until}, {customer} did not see it',
  'event.supervision:left.joined': '{who} **left the conversation**',
  'event.supervision:took-over': '{who} **took over** from {agent}',

  'outcome.answered': 'answered',
  'outcome.joined': 'joined',
  'outcome.taken_over': 'taken over',
  'outcome.not_needed': 'not needed',
  'outcome.none': 'no outcome given',
  'outcome.title': 'Lower flag',
  'outcome.ask': 'What became of it? One key is enough.',
  'outcome.choice.answered': 'Answered',
  'outcome.choice.joined': 'Joined',
  'outcome.choice.taken_over': 'Taken over',
  'outcome.choice.not_needed': 'Not needed',
  'outcome.hint.answered': 'A word in private was enough',
  'outcome.hint.joined': 'A supervisor joined the conversation',
  'outcome.hint.taken_over': 'A supervisor took the conversation',
  'outcome.hint.not_needed': 'It solved itself',

  'step.raised': 'Raised',
  'step.seen': 'Seen',
  'step.claimed': 'Claimed',
  'step.joined': 'Joined',
  'step.notYet': 'not yet',
  'step.notAsked': 'not asked',
  'step.asked': 'asked',
  'step.accepted': 'coming',
  'step.declined': 'declined',
  'step.left': 'left',
  'steps.label': 'Progress of the flag',

  'side.title': 'Side chat with {who}',
  'side.private': 'Private. The customer never sees this.',
  'side.log': 'Side chat lines',
  'side.reader': 'Private to {who}',
  'side.placeholder': 'Ask {who}',
  'side.placeholder.agent': 'Write to {who}',
  'side.send': 'Send privately',
  'side.empty': 'Nothing said yet. What you write here reaches {who} and nobody else.',
  'side.ended': 'This side chat ended with its session. It stays in the transcript.',
  'side.back': 'back to reply',
  'side.mute': 'Mute the chime',
  'side.unmute': 'Turn the chime on',

  'reply.label': 'Reply to {who}',
  'reply.reader': '{who} sees this',
  'reply.tab': 'Reply',
  'reply.form': 'Write to the customer',
  'reply.placeholder': 'Write to {who}',
  'reply.send': 'Send',
  'reply.sendAndClose': 'Send and close',
  'reply.kept': 'Draft kept',
  'reply.offline': 'Kept until live again',
  'reply.enter': 'Enter sends',
  'reply.enter.hint': 'When off, Enter makes a new line and {keys} sends',
});

/** A message cut at its `**` marks. */
export interface Part {
  readonly strong: boolean;
  readonly text: string;
}

/** Cuts `**Help flag raised** by Priya` into its strong and plain parts. */
export function parts(message: string): readonly Part[] {
  return message
    .split('**')
    .map((text, at) => ({ strong: at % 2 === 1, text }))
    .filter((part) => part.text !== '');
}

/** The same without marks, for the ear and for search. */
export const plain = (message: string): string => message.replaceAll('**', '');
