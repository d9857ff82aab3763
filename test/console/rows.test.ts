import { describe, expect, test } from 'vitest';
import type { RowFilter } from '../../console/rows.ts';
import { rowsOf, viewCounts } from '../../console/rows.ts';
import { tell } from '../../console/specimen/story.ts';
import type { Live } from '../../shared/live/apply.ts';

const now = 1_800_000_000_000;

function floor(state = 'seen'): Live {
  const { live } = tell(state, now);
  if (live === null) throw new Error('this state has no floor');
  return live;
}

const all: RowFilter = { view: 'all', teamId: null, search: '', onlyHelp: false, onlyUnread: false, sort: 'waiting' };
const names = (filter: Partial<RowFilter>, live = floor()): string[] =>
  rowsOf(live, { ...all, ...filter }).map((one) => one.customerName);

describe('views', () => {
  test('the inbox is mine, Unassigned is nobody’s, All is both', () => {
    expect(names({ view: 'inbox' }).sort()).toEqual([
      'Amara Okoye',
      'Chen Wei',
      'Dianny Cole',
      'Fatima Zahra',
      'James Williams',
      'Liam O’Sullivan',
      'Rosa Iglesias',
    ]);
    expect(names({ view: 'unassigned' })).toEqual(['Jonas Weber', 'Elif Kaya']);
    expect(names({}).length).toBe(9);
    expect(names({ view: 'inbox' }, floor('reading'))).not.toContain('Rosa Iglesias');
  });

  test('counts agree with the lists, and say since when the oldest unassigned waits', () => {
    const live = floor();
    const counts = viewCounts(live, null);
    for (const view of ['inbox', 'unassigned', 'all'] as const) expect(counts[view]).toBe(names({ view }).length);
    expect(counts.oldestUnassigned?.since).toBe(now - 700_000);
    expect(counts.unread).toBe(4);
    const [banking] = live.teams.keys();
    expect(viewCounts(live, banking ?? null).all).toBe(names({ teamId: banking ?? null }).length);
  });
});

describe('filters', () => {
  test('help flag and unread narrow', () => {
    expect(names({ onlyHelp: true })).toEqual(['Rosa Iglesias']);
    expect(names({ onlyUnread: true }).sort()).toEqual(['Fatima Zahra', 'James Williams', 'Liam O’Sullivan']);
    expect(names({ onlyHelp: true, onlyUnread: true })).toEqual([]);
  });

  test('search finds name and last line, without regard to case and accents', () => {
    expect(names({ search: 'ROSA' })).toEqual(['Rosa Iglesias']);
    expect(names({ search: 'checked bags' })).toEqual(['Liam O’Sullivan']);
    expect(names({ search: 'ámára' })).toEqual(['Amara Okoye']);
    expect(names({ search: 'nobody at all' })).toEqual([]);
  });
});

describe('sorts', () => {
  test('longest waiting first, then those who have their answer, liveliest first', () => {
    expect(names({ view: 'inbox', sort: 'waiting' })).toEqual([
      'Liam O’Sullivan',
      'James Williams',
      'Dianny Cole',
      'Fatima Zahra',
      'Rosa Iglesias',
      'Chen Wei',
      'Amara Okoye',
    ]);
  });

  test('newest by their last line, oldest by their start', () => {
    expect(names({ view: 'unassigned', sort: 'oldest' })).toEqual(['Jonas Weber', 'Elif Kaya']);
    expect(names({ view: 'inbox', sort: 'newest' })[0]).toBe('Rosa Iglesias');
  });

  test('equal ones always stand in the same order', () => {
    const live = floor();
    const turned: Live = { ...live, conversations: new Map([...live.conversations].reverse()) };
    for (const sort of ['waiting', 'newest', 'oldest'] as const)
      expect(names({ sort }, turned)).toEqual(names({ sort }));
  });
});
