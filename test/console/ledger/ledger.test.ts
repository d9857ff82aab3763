import { describe, expect, test } from 'vitest';
import { LedgerList, wholeLedger } from '../../../console/ledger/ledger.svelte.ts';
import type { Result } from '../../../shared/client/session.ts';
import type { Event } from '../../../shared/contract/event.ts';
import type { ConversationId, PersonId, SessionId } from '../../../shared/contract/id.ts';
import type { LedgerEntry, LedgerPage } from '../../../shared/contract/read.ts';
import { refusal } from '../../../shared/contract/refusal.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import type { Live } from '../../../shared/live/apply.ts';

const ids = {
  session: newId<'session'>(1) as SessionId,
  conversation: newId<'conversation'>(1) as ConversationId,
  person: newId<'person'>(1) as PersonId,
};
const entry = (since: number, until: number | null = since): LedgerEntry => ({
  sessionId: ids.session,
  conversationId: ids.conversation,
  customerName: 'Rosa',
  agentId: ids.person,
  personId: ids.person,
  kind: 'watched',
  since,
  until,
  lines: 0,
  policy: 'announced',
});
const page = (entries: readonly LedgerEntry[], before: number | null = null): Result<LedgerPage> => ({
  ok: true,
  value: { position: 1, entries, before },
});
const lost: Result<LedgerPage> = { ok: false, refusal: refusal('try_again', 'Gone.', 'Wait.') };

/** A ledger whose answers and timer are in the test's hands. */
function make(filter = wholeLedger) {
  const asked: { path: string; answer: (given: Result<LedgerPage>) => void }[] = [];
  let timer: (() => void) | null = null;
  const list = new LedgerList(filter, {
    ask: (path) => new Promise((answer) => asked.push({ path, answer })),
    setTimeout: (run) => {
      timer = run;
      return run;
    },
    clearTimeout: () => {
      timer = null;
    },
  });
  const heard = new Set<(events: readonly Event[], live: Live) => void>();
  const stop = list.follow({
    onEvents: (tell) => {
      heard.add(tell);
      return () => heard.delete(tell);
    },
    onAgain: () => () => {},
  });
  const answer = async (which: number, given: Result<LedgerPage>): Promise<void> => {
    asked[which]?.answer(given);
    for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
  };
  const happen = (type: string, conversationId: string = ids.conversation): void => {
    // Only its type and its conversation are looked at.
    for (const tell of heard) tell([{ type, conversationId } as unknown as Event], {} as Live);
  };
  return { list, asked, answer, happen, stop, fire: () => timer?.(), waiting: () => timer !== null };
}

describe('the ledger', () => {
  test('is read at once, and again once after several deeds of supervisors', async () => {
    const { list, asked, answer, happen, fire, waiting } = make();
    expect(list.state).toBe('loading');
    await answer(0, page([entry(5, null)]));
    expect([list.state, list.entries.length]).toEqual(['ready', 1]);
    happen('message:sent');
    happen('conversation:read');
    expect(waiting()).toBe(false);
    happen('supervision:joined');
    happen('side-chat:said');
    fire();
    expect(asked).toHaveLength(2);
    await answer(1, page([entry(9), entry(5, 8)]));
    expect(list.entries.map(({ since, until }) => [since, until])).toEqual([
      [9, 9],
      [5, 8],
    ]);
  });

  test('goes on to older pages, and reads as far again when something happens', async () => {
    const { list, asked, answer, happen, fire } = make();
    await answer(0, page([entry(9), entry(8)], 8));
    expect(list.hasMore).toBe(true);
    const more = list.more();
    void list.more();
    expect(asked.map(({ path }) => path)).toEqual(['/api/ledger?', '/api/ledger?before=8']);
    await answer(1, page([entry(7, null)], null));
    await more;
    expect([list.entries.length, list.hasMore]).toEqual([3, false]);
    happen('supervision:left');
    fire();
    await answer(2, page([entry(9), entry(8)], 8));
    expect(list.entries, 'nothing goes before all of it has come').toHaveLength(3);
    await answer(3, page([entry(7, 10)], null));
    expect(list.entries.map(({ until }) => until)).toEqual([9, 8, 10]);
  });

  test('says that it failed; what was read before stays and is called old', async () => {
    const { list, answer, happen, fire } = make();
    await answer(0, lost);
    expect([list.state, list.refusal?.message]).toEqual(['failed', 'Gone.']);
    const again = list.read();
    await answer(1, page([entry(5)]));
    await again;
    expect([list.state, list.refusal]).toEqual(['ready', null]);
    happen('supervision:left');
    fire();
    await answer(2, lost);
    expect([list.state, list.entries.length, list.refusal?.message]).toEqual(['ready', 1, 'Gone.']);
  });

  test('another filter is another list, and a late answer to the earlier one is left out', async () => {
    const { list, asked, answer } = make();
    list.filter = { ...wholeLedger, kind: 'joined', agentId: ids.person };
    expect([list.state, list.entries.length]).toEqual(['loading', 0]);
    expect(asked[1]?.path).toBe(`/api/ledger?agentId=${ids.person}&kind=joined`);
    await answer(1, page([entry(3)]));
    await answer(0, page([entry(1), entry(2)]));
    expect(list.entries.map(({ since }) => since)).toEqual([3]);
  });

  test('of one conversation hears of no other, and nothing after it was let go', async () => {
    const { list, asked, answer, happen, waiting, stop } = make({ ...wholeLedger, conversationId: ids.conversation });
    expect(asked[0]?.path).toBe(`/api/ledger?conversationId=${ids.conversation}`);
    happen('supervision:joined', newId<'conversation'>(2));
    expect(waiting()).toBe(false);
    happen('supervision:joined');
    expect(waiting()).toBe(true);
    stop();
    await answer(0, page([entry(1)]));
    expect([list.entries.length, waiting()]).toEqual([0, false]);
  });
});
