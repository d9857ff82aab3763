import type { CustomerLine } from '../../shared/contract/customer.ts';
import { dayAndTime, say, timeOfDay } from '../text/say.ts';
import { noticeWords } from './notice.ts';

/** The chat as a text file: what the customer sees on the screen, and nothing else. @param at ms since 1970 */
export function transcriptText(organisation: string, lines: readonly CustomerLine[], at: number): string {
  const first = lines[0];
  const head = [
    say('transcript.title', { organisation }),
    ...(first === undefined ? [] : [dayAndTime(first.at)]),
    say('transcript.at', { time: dayAndTime(at) }),
  ];
  const body = lines.map((line) => {
    const time = timeOfDay(line.at);
    if (line.from === 'notice') {
      const { title, words } = noticeWords(line);
      return `${time}  -- ${title}${words === null ? '' : `. ${words}`}`;
    }
    const who = line.from === 'supervisor' ? `${line.name} (${say('line.supervisor')})` : line.name || say('line.you');
    // A second line of one message stands under its first.
    return `${time}  ${who}: ${line.text.replace(/\r?\n/g, '\n       ')}`;
  });
  return `${head.join('\n')}\n\n${body.join('\n')}\n`;
}
