import { describe, expect, test } from 'vitest';
import { tell } from '../../../../console/specimen/story.ts';
import type { PendingLine } from '../../../../shared/client/transcript.svelte.ts';
import type { Event, EventOf } from '../../../../shared/contract/event.ts';
import { isId } from '../../../../shared/contract/id.ts';
import { newId } from '../../../../shared/contract/uuid.ts';
import type { Live } from '../../../../shared/live/apply.ts';
import { eventWords, standsInTranscript } from '../../../../shared/ui/conversation/event-words.ts';
import type { LineOptions, TranscriptItem } from '../../../../shared/ui/conversation/lines.ts';
import { sideItems, transcriptItems } from '../../../../shared/ui/conversation/lines.ts';
import { parts, plain } from '../../../../shared/ui/conversation/text.ts';

const now = new Date(2026, 10, 20, 14, 5, 45).getTime();

function told(state: string): { events: readonly Event[]; live: Live; options: LineOptions } {
  const { events, live } = tell(state, now);
  if (live === null) throw new Error('this state has no floor');
  const options = { live, customerName: 'Rosa Iglesias', meId: live.me.personId, as: 'agent', side: 'fold' } as const;
  return { events, live, options };
}

const waiting = (text: string, at: number, more: Partial<PendingLine> = {}): PendingLine => ({
  id: newId(at),
  kind: 'message',
  text,
  at,
  sessionId: null,
  refusal: null,
  ...more,
});

const shown = (items: readonly TranscriptItem[]): string[] =>
  items.map((item) => {
    if (item.kind === 'line') return `${item.continued ? '+ ' : ''}${item.by}: ${item.text.slice(0, 24)}`;
    if (item.kind === 'event') return `* ${plain(item.words.message)}`;
    if (item.kind === 'side-fold') return `side ${item.lines} ${item.who.join()}`;
    return item.kind;
  });

describe('rows of a transcript', () => {
  test('lines, events and the folded side chat stand in log order under their day', () => {
    const { events, options } = told('claimed');
    expect(shown(transcriptItems(events, [], options))).toEqual([
      'day',
      '* Rosa Iglesias started a conversation in Banking',
      '* Assigned to Priya Raman',
      'Rosa Iglesias: Okay, thanks.',
      'Priya Raman: Would you like to transf',
      'Rosa Iglesias: Yes, I am interested in ',
      'Priya Raman: What amount would you li',
      'Rosa Iglesias: Please transfer 1,640 do',
      '* Help flag raised by Priya Raman, approval needed',
      'Priya Raman: I’m sorry, I didn’t quit',
      'Rosa Iglesias: Sorry about that. Please',
      '* Help flag taken by Ines Okafor',
      '* Ines Okafor monitors, Rosa Iglesias does not see it',
      'side 4 Ines Okafor',
      'Priya Raman: Okay, no problem. Let me',
      'Rosa Iglesias: That is correct.',
      '+ Rosa Iglesias: Please tell me how long ',
    ]);
  });

  test('with the private lines in place nothing is folded', () => {
    const { events, options } = told('claimed');
    const items = transcriptItems(events, [], { ...options, side: 'lines' });
    expect(items.filter((item) => item.kind === 'side-fold')).toEqual([]);
    expect(items.flatMap((item) => (item.kind === 'side' ? [`${item.own} ${item.by}`] : []))).toEqual([
      'false Ines Okafor',
      'true Priya Raman',
      'false Ines Okafor',
      'true Priya Raman',
    ]);
  });

  test('a waiting line stands last and goes when its event is there, under the same key', () => {
    const { events, options, live } = told('calm');
    const line = waiting('It will take 3 business days', now);
    const before = transcriptItems(events, [line], options).at(-1);
    expect(before).toMatchObject({ kind: 'line', key: line.id, pending: line, by: 'Priya Raman' });
    const template = events.find((event): event is EventOf<'message:sent'> => event.type === 'message:sent');
    if (template === undefined) throw new Error('no line in the story');
    const sent: Event = {
      ...template,
      entryId: newId(0),
      personId: live.me.personId,
      author: 'agent',
      text: line.text,
      at: now,
      position: 900,
    };
    const entryId: string = line.id;
    if (!isId<'entry'>(entryId)) throw new Error(entryId);
    const arrived: Event = { ...sent, entryId };
    const after = transcriptItems([...events, arrived], [line], options);
    expect(after.filter((item) => item.kind === 'line' && item.text === line.text)).toHaveLength(1);
    expect(after.at(-1)).toMatchObject({ key: line.id, pending: null });
    // Another line of the same words is not taken for it.
    expect(
      transcriptItems([...events, sent], [line], options).filter(
        (item) => item.kind === 'line' && item.text === line.text,
      ),
    ).toHaveLength(2);
  });

  test('private lines that wait stand in the side chat of their session alone', () => {
    const { events, options, live } = told('claimed');
    const [session] = live.sessions.values();
    if (session === undefined) throw new Error('no session in the story');
    const line = waiting('On it', now, { kind: 'side-chat', sessionId: session.id });
    expect(transcriptItems(events, [line], options)).toEqual(transcriptItems(events, [], options));
    expect(sideItems(events, [line], session.id, options).map((item) => item.own)).toEqual([
      false,
      true,
      false,
      true,
      true,
    ]);
    expect(sideItems(events, [line], newId(1), options)).toEqual([]);
  });

  test('a new local day has its divider, and nobody continues over it', () => {
    const { events, options } = told('calm');
    const [first, second] = events.filter((event) => event.type === 'message:sent');
    if (first === undefined || second === undefined) throw new Error('no lines in the story');
    const midnight = new Date(2026, 10, 20).getTime();
    const items = transcriptItems(
      [
        { ...first, at: midnight - 1000 },
        { ...first, at: midnight + 1000, position: 50 },
      ],
      [],
      options,
    );
    expect(items.map((item) => item.kind)).toEqual(['day', 'line', 'day', 'line']);
    expect(items.at(-1)).toMatchObject({ continued: false });
  });
});

describe('words of events', () => {
  test('every event of the story that stands in the transcript has words, and lines have none', () => {
    for (const state of ['claimed', 'declined', 'joined'])
      for (const event of told(state).events) {
        const words = eventWords(event, told(state).options);
        if (event.type === 'message:sent' || event.type === 'side-chat:said') expect(words).toBeNull();
        else if (standsInTranscript(event)) expect(words?.message).toMatch(/\w/);
      }
  });

  test('a decline keeps the supervisor’s own word beside the sentence', () => {
    const { events, options } = told('declined');
    const declined = events.find((event) => event.type === 'flag:join-declined');
    if (declined === undefined) throw new Error('nobody declined');
    expect(eventWords(declined, options)).toMatchObject({ quote: 'Read the payee back first' });
  });

  test('parts cut at the marks, and a name with marks of its own changes no words', () => {
    expect(parts('**Help flag raised** by Priya')).toEqual([
      { strong: true, text: 'Help flag raised' },
      { strong: false, text: ' by Priya' },
    ]);
    expect(plain('**Help flag raised** by Priya')).toBe('Help flag raised by Priya');
  });
});
