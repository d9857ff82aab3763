import { expect, test } from 'vitest';
import { keepRaise, readRaise } from '../../console/raise-draft.ts';

function shelf() {
  const kept = new Map<string, string>();
  return {
    kept,
    read: (kind: string, id: string) => kept.get(`${kind} ${id}`) ?? '',
    write: (kind: string, id: string, text: string) =>
      void (text === '' ? kept.delete(`${kind} ${id}`) : kept.set(`${kind} ${id}`, text)),
  };
}

test('S1.6: what stood in the dialog comes back as it was, and is forgotten when it is done with', () => {
  const drafts = shelf();
  expect(readRaise(drafts, 'c1')).toBeNull();
  const draft = { reasonId: 'r1', message: 'May I waive the fee?', askJoin: true };
  keepRaise(drafts, 'c1', draft);
  expect(readRaise(drafts, 'c1')).toEqual(draft);
  expect(readRaise(drafts, 'c2')).toBeNull();
  keepRaise(drafts, 'c1', null);
  expect(drafts.kept.size).toBe(0);
});

test.each(['null', '7', '{"reasonId":1,"message":"x"}', '{"message":"x"}', '[', '"x"'])('%s is no draft', (text) => {
  const drafts = shelf();
  drafts.write('flag', 'c1', text);
  expect(readRaise(drafts, 'c1')).toBeNull();
});
