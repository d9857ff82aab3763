import { expect, test, vi } from 'vitest';
import { refusal } from '../../../shared/contract/refusal.ts';
import type { ToastContent } from '../../../shared/ui/toast/toast.svelte.ts';
import { Acts, lostWords, shownOf } from '../../../wallboard/flag/act.ts';
import { boardOn, flag, ines, live, noon, session } from '../floor.ts';

function setUp(start = live({ flags: [flag(1)], sessions: [session(1)] })) {
  const { board, floor } = boardOn(start);
  const show = vi.fn((_: ToastContent) => 1);
  return { board, floor, show, acts: new Acts(board, { show }) };
}

const lost = refusal('flag_claimed', 'Tomasz Wolny has already taken this flag.', 'You can still chat.', {
  personId: flag(1).agentId,
  name: 'Tomasz Wolny',
  at: noon - 1000,
});

test('a lost race names the winner and by how much', () => {
  expect(lostWords(lost, noon).strong).toBe('Tomasz took it 1 s before you.');
  expect(lostWords({ ...lost, detail: { name: 'Ines Okafor', at: noon - 20 } }, noon).strong).toBe(
    'Ines took it a moment before you.',
  );
  expect(lostWords({ code: lost.code, message: lost.message, next: lost.next }, noon).strong).toBe(lost.message);
});

test('taking shows itself as under way at once, and a lost race as a toast', async () => {
  const { board, floor, show, acts } = setUp();
  floor.answer = { ok: false, refusal: lost };
  const done = acts.take(flag(1));
  expect(board.pending(flag(1).id)).toBe('take');
  await done;
  expect(board.pending(flag(1).id)).toBeUndefined();
  expect(show.mock.calls[0]?.[0]).toMatchObject({ kind: 'fail', strong: 'Tomasz took it 1 s before you.' });
});

test('a second press while the first is under way asks nothing', async () => {
  const { floor, acts } = setUp();
  await Promise.all([acts.take(flag(1)), acts.take(flag(1))]);
  expect(floor.sent.map((one) => one.name)).toEqual(['flag:claim']);
});

test('nothing is asked of a hub that is not there', async () => {
  const { floor, acts } = setUp();
  floor.link = 'stale';
  await acts.take(flag(1));
  expect(floor.sent).toEqual([]);
});

test('Chat opens the drawer and does not watch', () => {
  const { board, floor, acts } = setUp();
  acts.chat(flag(1));
  expect(board.shown).toMatchObject({ sessionId: flag(1).sessionId, first: 'side' });
  expect(floor.sent).toEqual([]);
});

test('Monitor watches; closing the drawer ends it', async () => {
  const { board, floor, acts } = setUp();
  await acts.monitor(shownOf(flag(1), 'transcript'));
  expect(floor.sent.map((one) => one.name)).toEqual(['supervision:monitor']);
  floor.live = live({
    flags: [flag(1)],
    sessions: [session(1, { supervisors: [{ personId: ines, mode: 'monitoring', since: noon, policy: 'announced' }] })],
  });
  acts.close();
  expect(board.shown).toBeNull();
  expect(floor.sent.at(-1)).toEqual({ name: 'supervision:leave', input: { sessionId: flag(1).sessionId } });
});

test('closing the drawer leaves nobody’s conversation', async () => {
  const { floor, acts } = setUp(
    live({
      flags: [flag(1)],
      sessions: [session(1, { supervisors: [{ personId: ines, mode: 'joined', since: noon, policy: 'announced' }] })],
    }),
  );
  await acts.join(shownOf(flag(1), 'transcript'));
  acts.close();
  expect(floor.sent).toEqual([]);
});

test('looking at another session ends watching the first', () => {
  const watched = session(1, {
    supervisors: [{ personId: ines, mode: 'monitoring', since: noon, policy: 'announced' }],
  });
  const { floor, acts } = setUp(live({ flags: [flag(1), flag(2)], sessions: [watched, session(2)] }));
  acts.open(shownOf(flag(1), 'transcript'));
  acts.chat(flag(2));
  expect(floor.sent).toEqual([{ name: 'supervision:leave', input: { sessionId: flag(1).sessionId } }]);
});

test('a release can be taken back', async () => {
  const { floor, show, acts } = setUp();
  await acts.release(flag(1));
  show.mock.calls[0]?.[0].undo?.run();
  await vi.waitFor(() => expect(floor.sent.map((one) => one.name)).toEqual(['flag:release', 'flag:claim']));
});

test('lowering carries its outcome, declining its word', async () => {
  const { floor, acts } = setUp();
  await acts.lower(flag(1), 'not_needed');
  await acts.decline(flag(1), 'Later.');
  expect(floor.sent).toEqual([
    { name: 'flag:lower', input: { flagId: flag(1).id, outcome: 'not_needed' } },
    { name: 'flag:decline-join', input: { flagId: flag(1).id, word: 'Later.' } },
  ]);
});

test('my status is set once, and not to what it is', async () => {
  const { floor, acts } = setUp();
  await acts.setStatus('available');
  await acts.setStatus('break');
  expect(floor.sent).toEqual([{ name: 'person:set-status', input: { personId: ines, status: 'break' } }]);
});
