import type { Event, EventType } from '../../contract/event.ts';
import type { PersonId } from '../../contract/id.ts';
import type { Live } from '../../live/apply.ts';
import { timeWithSeconds } from '../text/format.ts';
import { whoIs } from './call-words.ts';
import { personName } from './people.ts';
import { quoted } from './rule-text.ts';
import { conversationText as text } from './text.ts';

/** Which sign stands before an event line. */
export type EventSign =
  | 'help'
  | 'heard'
  | 'lower'
  | 'eye'
  | 'claim'
  | 'further'
  | 'join'
  | 'leave'
  | 'ask'
  | 'move'
  | 'close'
  | 'start'
  | 'plain';

export interface EventWords {
  readonly sign: EventSign;
  /** `**` marks what is strong; see `parts`. */
  readonly message: string;
  /** A person's own words that belong to it: the flag's message, the word of a decline. */
  readonly quote: string | null;
  /** Phrases to mark in it: what a rule heard. */
  readonly heard: readonly string[];
  /** Orange sign: the help flag went up. */
  readonly help: boolean;
}

/** What the words need to know of the floor and the conversation. */
export interface Naming {
  readonly live: Pick<Live, 'people' | 'queues' | 'reasons'>;
  readonly customerName: string;
}

/** Facts that stand between the lines of a transcript; the rest is for the activity list. */
const inTranscript: ReadonlySet<EventType> = new Set([
  'conversation:started',
  'conversation:queued',
  'conversation:assigned',
  'conversation:closed',
  'session:ended',
  'flag:raised',
  'flag:amended',
  'flag:claimed',
  'flag:released',
  'flag:escalated',
  'flag:join-asked',
  'flag:join-declined',
  'flag:lowered',
  'supervision:monitored',
  'supervision:joined',
  'supervision:left',
  'supervision:took-over',
]);

/** Whether an event has a line of its own in the transcript. */
export function standsInTranscript(event: Event): boolean {
  // How a session ended is said by the event that ended it, except where somebody handed it on.
  if (event.type === 'session:ended') return event.reason === 'transferred' || event.reason === 'unassigned';
  // That watching ended is said by what ended it, except where its agent is told only then.
  if (event.type === 'supervision:left' && (event.reason === 'joined' || event.reason === 'ended'))
    return event.policy === 'announced_after';
  return inTranscript.has(event.type);
}

/**
 * The words of an event for staff, or null for one that has none (lines, reading marks).
 * @param event an event of the conversation
 */
export function eventWords(event: Event, naming: Naming): EventWords | null {
  const { live, customerName: customer } = naming;
  const actor: PersonId | null = event.by.kind === 'person' ? event.by.id : null;
  const who = (id: PersonId | null | undefined): string => (id == null ? text('hub') : personName(live, id));
  const reason = (id: string): string => {
    for (const one of live.reasons.values()) if (one.id === id) return one.name.toLocaleLowerCase();
    return '';
  };
  const queue = (id: string): string => {
    for (const one of live.queues.values()) if (one.id === id) return one.name;
    return text('someone');
  };
  const words = (
    sign: EventSign,
    message: string,
    quote: string | null = null,
    heard: readonly string[] = [],
  ): EventWords => ({ sign, message, quote, heard, help: sign === 'help' || sign === 'heard' });

  switch (event.type) {
    case 'conversation:started':
      return words('start', text('event.conversation:started', { customer, queue: queue(event.conversation.queueId) }));
    case 'conversation:queued':
      return words('move', text('event.conversation:queued', { queue: queue(event.conversation.queueId) }));
    case 'conversation:assigned':
      return words('move', text('event.conversation:assigned', { who: who(event.personId) }));
    case 'conversation:closed':
      if (event.by.kind === 'system' && event.side === 'customer')
        return words('close', text('event.conversation:closed.left', { customer }));
      return event.by.kind === 'customer'
        ? words('close', text('event.conversation:closed.customer', { customer }))
        : words('close', text('event.conversation:closed.staff', { who: who(actor) }));
    case 'session:ended':
      return words('move', text(`event.session:ended.${event.reason}`, { who: who(event.agentId), customer }));
    case 'offer:made':
      return words('plain', text('event.offer:made', { who: who(event.offer.personId) }));
    case 'offer:accepted':
    case 'offer:declined':
    case 'offer:expired':
    case 'offer:cancelled':
      return words('plain', text(`event.${event.type}`, { who: who(event.personId) }));
    case 'flag:raised': {
      const { source } = event.flag;
      if (source.kind === 'rule') {
        const parts = {
          rule: source.ruleName.replaceAll('**', ''),
          who: who(event.flag.agentId),
          words: quoted(source.heard),
        };
        return words(
          'heard',
          text('event.flag:raised.rule', { ...parts, reason: reason(event.flag.reasonId) }),
          event.text,
          source.heard,
        );
      }
      return words(
        'help',
        text('event.flag:raised', { who: who(event.flag.agentId), reason: reason(event.flag.reasonId) }),
        event.text,
      );
    }
    case 'flag:amended':
      return words('help', text('event.flag:amended', { who: who(actor), reason: reason(event.reasonId) }), event.text);
    case 'flag:delivered':
      return words('plain', text('event.flag:delivered'));
    case 'flag:seen':
      return words('eye', text('event.flag:seen', { who: who(event.personId) }));
    case 'flag:claimed':
      return words('claim', text('event.flag:claimed', { who: who(event.personId) }));
    case 'flag:released':
      return words('claim', text(`event.flag:released.${event.reason}`, { who: who(event.personId) }));
    case 'flag:escalated':
      return words('further', text(`event.flag:escalated.${event.because}`, { who: whoIs(event.reach) }));
    case 'flag:answered':
      return words('plain', text('event.flag:answered', { who: who(event.personId) }));
    case 'flag:join-asked':
      return words('ask', text('event.flag:join-asked', { who: who(actor) }));
    case 'flag:join-accepted':
      return words('ask', text('event.flag:join-accepted', { who: who(event.personId) }));
    case 'flag:join-declined':
      return words('ask', text('event.flag:join-declined', { who: who(event.personId) }), event.text);
    case 'flag:lowered': {
      if (event.reason !== 'lowered') return words('lower', text(`event.flag:lowered.${event.reason}`, { customer }));
      const outcome = event.outcome === null ? text('outcome.none') : text(`outcome.${event.outcome}`);
      return words('lower', text('event.flag:lowered.lowered', { who: who(event.personId), outcome }));
    }
    case 'supervision:monitored':
      return words(
        'eye',
        // The log of a time without a policy names none: it was announced.
        text(`event.supervision:monitored.${event.policy ?? 'announced'}`, {
          who: who(event.personId),
          agent: who(event.agentId),
          customer,
        }),
      );
    case 'supervision:joined':
      return words('join', text('event.supervision:joined', { who: who(event.personId) }));
    case 'supervision:left':
      // Its agent hears of it only now: it says all there is to say.
      if (event.was === 'monitoring' && event.policy === 'announced_after')
        return words(
          'eye',
          text('event.supervision:left.after', {
            who: who(event.personId),
            from: timeWithSeconds(event.since),
            until: timeWithSeconds(event.at),
            customer,
          }),
        );
      return words('leave', text(`event.supervision:left.${event.was}`, { who: who(event.personId) }));
    case 'supervision:took-over':
      return words(
        'move',
        text('event.supervision:took-over', { who: who(event.personId), agent: who(event.agentId) }),
      );
    default:
      return null;
  }
}
