import type { CustomerLine } from '../../shared/contract/customer.ts';
import { shortName } from '../text/name.ts';
import { say } from '../text/say.ts';

export type NoticeLine = Extract<CustomerLine, { from: 'notice' }>;

/** What a notice says: a title, and a sentence where there is more to know. Neutral: it tells who, never why. */
export function noticeWords(line: NoticeLine): { readonly title: string; readonly words: string | null } {
  const { name } = line;
  const helps = shortName(line.helps);
  switch (line.notice) {
    case 'serving':
      return { title: say('notice.serving', { name }), words: null };
    case 'joined':
      return {
        title: say('notice.joined', { name }),
        words: helps === '' ? say('notice.joined.alone') : say('notice.joined.words', { helps }),
      };
    case 'left':
      return { title: say('notice.left', { name }), words: helps === '' ? null : say('notice.left.words', { helps }) };
    case 'queued':
      return { title: say('notice.queued'), words: null };
    case 'closed':
      return { title: say('notice.closed'), words: null };
  }
}
