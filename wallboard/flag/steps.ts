import type { Flag } from '../../shared/contract/flag.ts';
import type { PersonId } from '../../shared/contract/id.ts';
import { firstName } from '../../shared/ui/conversation/people.ts';
import { boardText } from '../words.ts';

export interface Step {
  readonly word: string;
  readonly state: 'done' | 'now' | 'asked' | 'open';
}

/**
 * The halyard line of a flag: raised, seen, claimed, joined, each with who.
 * @param name tells a person's name
 * @param me whose screen it is
 */
export function stepsOf(flag: Flag, me: PersonId | null, name: (personId: PersonId) => string): readonly Step[] {
  const seen = flag.seenBy.length;
  const joined = flag.joinedBy.length > 0;
  const claimed = flag.claim !== null;
  const last = joined ? 3 : claimed ? 2 : seen > 0 ? 1 : 0;
  const state = (at: number, done: boolean): Step['state'] => (at === last ? 'now' : done ? 'done' : 'open');
  const joiner = flag.joinedBy.at(-1);
  const join = flag.join?.state === 'asked' ? 'asked' : null;
  return [
    { word: boardText('step.raised'), state: state(0, true) },
    {
      word: seen === 0 ? boardText('step.unseen') : boardText('step.seen', { count: seen }),
      state: state(1, seen > 0),
    },
    {
      word:
        flag.claim === null
          ? boardText(flag.claimedAt === null ? 'step.claimed' : 'step.released')
          : flag.claim.personId === me
            ? boardText('step.claimed.you')
            : boardText('step.claimed.by', { name: firstName(name(flag.claim.personId)) }),
      state: state(2, claimed),
    },
    {
      word:
        joiner !== undefined
          ? joiner === me
            ? boardText('step.joined.you')
            : boardText('step.joined.by', { name: firstName(name(joiner)) })
          : boardText(join === 'asked' ? 'step.asked' : 'step.joined'),
      state: join !== null && !joined ? join : state(3, joined),
    },
  ];
}
