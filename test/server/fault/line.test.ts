import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Committed } from '../../../server/hub/batch.ts';
import { batchSize, Line, lineLimit, patienceMs } from '../../../server/hub/line.ts';
import { hashPayload, Ids, type Order } from '../../../server/hub/plan.ts';
import type { CommandRow } from '../../../server/hub/room.ts';
import type { Answer } from '../../../shared/contract/refusal.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import { recordingLog } from '../../support/log.ts';

const row: CommandRow<never, null> = {
  permission: 'system',
  rate: { points: 1, seconds: 1 },
  needs: () => [],
  decide: () => ({ events: [], value: null }),
};

const order = (): Order => ({
  id: newId(0),
  name: 'test',
  row,
  input: undefined as never,
  actor: { kind: 'system' },
  payloadHash: hashPayload('test', null),
  address: null,
  ids: new Ids(),
});

const committed = (orders: readonly Order[]): Committed => ({
  settled: orders.map((one) => ({ order: one, answer: { ok: true, position: 1, value: null }, fresh: true })),
  happened: [],
  dueAt: null,
});

const codeOf = (answer: Answer): string => (answer.ok ? 'ok' : answer.refusal.code);

/** A line whose database answers only when told to. */
function silentLine(): { line: Line; batches: (readonly Order[])[]; answer(): void } {
  const batches: (readonly Order[])[] = [];
  const waiting: (() => void)[] = [];
  const line = new Line({
    organisationId: newId(0),
    write: (orders) => {
      batches.push(orders);
      return new Promise((resolve) => waiting.push(() => resolve(committed(orders))));
    },
    committed: () => {},
    log: recordingLog(),
  });
  return { line, batches, answer: () => waiting.shift()?.() };
}

describe('a line before a silent database (F4)', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('answers everybody in time: what was sent is not known, what waited did not happen', async () => {
    const { line, batches } = silentLine();
    const sent = Array.from({ length: batchSize }, () => line.put(order()));
    await vi.advanceTimersByTimeAsync(1);
    const waited = [line.put(order()), line.put(order())];
    await vi.advanceTimersByTimeAsync(patienceMs);
    expect(new Set((await Promise.all(sent)).map(codeOf))).toEqual(new Set(['outcome_unknown']));
    expect((await Promise.all(waited)).map(codeOf)).toEqual(['try_again', 'try_again']);
    expect(batches).toHaveLength(1);
  });

  test('holds so many and turns further ones away at once', async () => {
    const { line } = silentLine();
    void line.put(order());
    await vi.advanceTimersByTimeAsync(1);
    const held = Array.from({ length: lineLimit }, () => line.put(order()));
    expect(codeOf(await line.put(order()))).toBe('try_again');
    await vi.advanceTimersByTimeAsync(patienceMs);
    await Promise.all(held);
  });

  test('writes nothing that was turned away, when the database answers after all', async () => {
    const { line, batches, answer } = silentLine();
    void line.put(order());
    await vi.advanceTimersByTimeAsync(1);
    void line.put(order());
    await vi.advanceTimersByTimeAsync(patienceMs);
    answer();
    await line.idle();
    expect(batches.map((batch) => batch.length)).toEqual([1]);
    // And goes on as before.
    const next = line.put(order());
    await vi.advanceTimersByTimeAsync(1);
    answer();
    expect(codeOf(await next)).toBe('ok');
  });
});

test('F10: a hub that hung takes nothing from its line that grew old meanwhile', async () => {
  const { line, batches, answer } = silentLine();
  const first = line.put(order());
  await Promise.resolve();
  await Promise.resolve();
  const stale = line.put(order());
  // No timer of the hub has run while it hung.
  const now = performance.now();
  const clock = vi.spyOn(performance, 'now').mockReturnValue(now + 60_000);
  answer();
  expect(codeOf(await first)).toBe('ok');
  expect(codeOf(await stale)).toBe('try_again');
  await line.idle();
  clock.mockRestore();
  expect(batches).toHaveLength(1);
});
