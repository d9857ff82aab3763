import { expect, test } from 'vitest';
import type { Event } from '../../../../shared/contract/event.ts';
import type { Flag } from '../../../../shared/contract/flag.ts';
import { newId } from '../../../../shared/contract/uuid.ts';
import { eventWords, standsInTranscript } from '../../../../shared/ui/conversation/event-words.ts';
import { heardWords } from '../../../../shared/ui/conversation/rule-text.ts';

const source: Flag['source'] = {
  kind: 'rule',
  ruleId: newId(1),
  ruleName: 'Money **back**',
  side: 'customer',
  heard: ['refund*', 'money back'],
  lineId: newId(2),
};
const naming = { live: { people: new Map(), queues: new Map(), reasons: new Map() }, customerName: 'Rosa' };
const raised = (of: Flag['source']): Event =>
  ({
    type: 'flag:raised',
    conversationId: newId(3),
    flag: { source: of, agentId: newId(4), reasonId: newId(5) },
    entryId: newId(6),
    text: 'I want my money back',
    by: { kind: 'system' },
  }) as unknown as Event;

test('S1.17 a transcript says which rule raised the flag, and marks what it heard in the line', () => {
  const event = raised(source);
  expect(standsInTranscript(event)).toBe(true);
  const words = eventWords(event, naming);
  expect(words).toMatchObject({ sign: 'heard', help: true, quote: 'I want my money back', heard: source.heard });
  // A name cannot set anything strong by itself.
  expect(words?.message).toContain('**Help flag raised by the rule Money back**');
  expect(words?.message).toContain('“refund*” and “money back”');
});

test('S1.17 a flag of an agent says nothing of rules', () => {
  expect(eventWords(raised({ kind: 'agent' }), naming)).toMatchObject({ sign: 'help', heard: [] });
  expect(heardWords({ source: { kind: 'agent' } })).toBeNull();
  expect(heardWords({ source })).toBe('Rule Money **back** heard “refund*” and “money back”');
});
