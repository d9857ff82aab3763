import { flushSync } from 'svelte';
import { describe, expect, test, vi } from 'vitest';
import type { Result } from '../../../shared/client/session.ts';
import type { Event } from '../../../shared/contract/event.ts';
import type { HelpReportPage } from '../../../shared/contract/read.ts';
import { refusal } from '../../../shared/contract/refusal.ts';
import { recentFlag } from '../../../shared/live/apply.ts';
import { helpReport } from '../../../shared/live/help-report.ts';
import { ReportView } from '../../../wallboard/report/report.svelte.ts';
import { windowOf } from '../../../wallboard/report/window.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { banking, boardOn, flag, live, noon, queue } from '../floor.ts';

const hour = 3_600_000;
const zone = 'Europe/Lisbon';

const page = (flags = 0): Result<HelpReportPage> => ({
  ok: true,
  value: {
    position: 1,
    report: helpReport(
      Array.from({ length: flags }, (_, at) => recentFlag(flag(at))),
      { from: 0, to: noon + hour, zone, now: noon },
    ),
  },
});

function open(answer: () => Promise<Result<HelpReportPage>> = async () => page(3)) {
  const { floor, board } = boardOn(
    live({ recentFlags: [recentFlag(flag(1)), recentFlag(flag(2, { queueId: queue.travel }))] }),
  );
  const stopBoard = board.start();
  const asked: string[] = [];
  const clock = new HandClock();
  const view = new ReportView(board, {
    read: async (path) => {
      asked.push(path);
      return answer();
    },
    file: vi.fn(async () => ({ ok: true as const, value: { name: 'x.csv', content: new Blob([]) } })),
    setTimeout: clock.setTimeout,
    clearTimeout: clock.clearTimeout,
    zone,
  });
  flushSync();
  return { floor, board, view, asked, clock, stopBoard };
}

describe('S1.8 the report on the wall', () => {
  test('of the last day is the screen’s own, and asks the hub nothing', async () => {
    const { view, asked } = open();
    await view.load();
    expect(view.report?.all.flags).toBe(2);
    expect(view.at).toBeNull();
    expect(asked).toEqual([]);
    view.narrow({ queueId: queue.travel });
    expect(view.report?.all.flags).toBe(1);
    expect(view.narrowed).toBe(true);
    view.clear();
    expect(view.report?.all.flags).toBe(2);
  });

  test('of a week is the hub’s, with what was chosen', async () => {
    const { view, asked, board } = open();
    board.chooseTeam(banking);
    flushSync();
    view.choose({ range: 'week' });
    view.narrow({ channel: 'chat', by: 'rule' });
    expect(view.report).toBeNull();
    await view.load();
    expect(view.report?.all.flags).toBe(3);
    expect(view.at).toBe(noon);
    const query = new URL(asked[0] ?? '', 'http://hub').searchParams;
    expect(Object.fromEntries(query)).toEqual({
      from: String(Date.UTC(2026, 10, 14)),
      to: String(Date.UTC(2026, 10, 20, 13)),
      zone,
      team: banking,
      channel: 'chat',
      by: 'rule',
    });
  });

  test('an answer that a later choice has overtaken is left out; a refusal belongs to its question', async () => {
    let settle: (answer: Result<HelpReportPage>) => void = () => {};
    const { view } = open(
      () =>
        new Promise((resolve) => {
          settle = resolve;
        }),
    );
    view.choose({ range: 'week' });
    const first = view.load();
    const answerFirst = settle;
    view.narrow({ by: 'rule' });
    const second = view.load();
    settle({ ok: false, refusal: refusal('try_again', 'Away.', 'Wait.') });
    await second;
    answerFirst(page(1));
    await first;
    expect(view.report).toBeNull();
    expect(view.refusal?.code).toBe('try_again');
    view.choose({ range: 'day' });
    expect(view.refusal).toBeNull();
  });

  test('a window that runs is read again a while after flags moved, once for many', async () => {
    const { view, asked, clock, floor } = open();
    let tell: (events: readonly Event[]) => void = () => {};
    vi.spyOn(floor, 'onEvents').mockImplementation(((heard: typeof tell) => {
      tell = heard;
      return () => {};
    }) as never);
    const stop = view.follow();
    view.choose({ range: 'week' });
    await view.load();
    const event = { type: 'flag:claimed' } as Event;
    tell([event]);
    tell([event]);
    expect(asked).toHaveLength(1);
    clock.pass(5000);
    expect(asked).toHaveLength(2);
    tell([{ type: 'person:status-set' } as Event]);
    clock.pass(60_000);
    expect(asked).toHaveLength(2);
    stop();
    expect(clock.pending).toBe(0);
  });

  test('while the link is down it says of when it is', () => {
    const { view, floor } = open();
    floor.link = 'stale';
    floor.heardAt = noon - 30_000;
    expect(view.at).toBe(noon - 30_000);
  });

  test('days are checked before anybody asks', async () => {
    const { view, asked } = open();
    view.choose({ range: 'days', first: '2026-11-02', last: '2026-11-01' });
    expect(view.fault).toBe('days.order');
    view.choose({ first: '2026-01-01', last: '2026-11-01' });
    expect(view.fault).toBe('days.most');
    view.choose({ first: '', last: '2026-11-01' });
    expect(view.fault).toBe('days.missing');
    await view.load();
    expect(asked).toEqual([]);
    expect(await view.export()).toBeNull();
    view.choose({ first: '2026-10-25', last: '2026-10-25' });
    expect(view.fault).toBeNull();
    // The day on which Lisbon's clocks go back.
    expect((view.window?.to ?? 0) - (view.window?.from ?? 0)).toBe(25 * hour);
  });
});

test('a week is seven days, and a day that a calendar does not have is none', () => {
  const week = windowOf({ range: 'week', first: '', last: '' }, noon, zone);
  expect(week).toEqual({ from: Date.UTC(2026, 10, 14), to: Date.UTC(2026, 10, 20, 13) });
  for (const day of ['2026-02-30', '2026-13-01', 'yesterday', '20261120', ''])
    expect(windowOf({ range: 'days', first: day, last: '2026-11-20' }, noon, 'UTC')).toBe('days.missing');
  for (const where of ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Asia/Kolkata', 'UTC']) {
    const one = windowOf({ range: 'days', first: '2026-11-20', last: '2026-11-20' }, noon, where);
    expect(one, where).toMatchObject({ from: expect.any(Number) });
    if (typeof one !== 'string') expect(one.to - one.from, where).toBe(24 * hour);
  }
});
