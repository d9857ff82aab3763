import type { Flag } from '../shared/contract/flag.ts';
import type { Person } from '../shared/contract/person.ts';
import type { Live } from '../shared/live/apply.ts';
import { flagState } from '../shared/live/flag.ts';
import { whoIs } from '../shared/ui/conversation/call-words.ts';
import { firstName, personName } from '../shared/ui/conversation/people.ts';
import { consoleText as text } from './text.ts';

export interface StripWords {
  readonly strong: string;
  readonly rest: string;
  /** Nobody is there to see it: said with another sign. */
  readonly alone: boolean;
}

/**
 * How a flag stands, in one line for its agent: who has seen it, who is on it, or that nobody watches (S1.19).
 * @param watchers who is called at its step and connected
 */
export function stripWords(flag: Flag, live: Pick<Live, 'people'>, watchers: readonly Person[]): StripWords {
  const first = (id: Parameters<typeof personName>[1]): string => firstName(personName(live, id));
  const words = (strong: string, rest = ''): StripWords => ({ strong, rest, alone: false });
  switch (flagState(flag)) {
    case 'joined':
      return words(
        text('strip.joined', { who: personName(live, flag.joinedBy[0]) }),
        text('strip.joined.text', { customer: firstName(flag.customerName) }),
      );
    case 'claimed':
      return words(text('strip.claimed', { who: personName(live, flag.claim?.personId) }), text('strip.claimed.text'));
    case 'seen': {
      const more = flag.seenBy.length - 1;
      return words(
        text('strip.seen', { who: first(flag.seenBy[0]?.personId) }),
        more > 0 ? text('strip.seen.more', { count: more }) : '',
      );
    }
    default:
      if (watchers.length === 0) {
        const rest =
          flag.reach === 'own' ? text('strip.nobody.text') : text('strip.nobody.further', { who: whoIs(flag.reach) });
        return { strong: text('strip.nobody'), rest, alone: true };
      }
      return words(
        text(flag.source.kind === 'rule' ? 'strip.rule' : 'strip.raised'),
        flag.deliveredAt === null
          ? text('strip.raised.watching', { count: watchers.length })
          : text('strip.raised.delivered'),
      );
  }
}
