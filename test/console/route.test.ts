import { expect, test } from 'vitest';
import { formatRoute, parseRoute } from '../../console/route.ts';
import { newId } from '../../shared/contract/uuid.ts';

test('an address leads back to where it was written', () => {
  const conversationId = newId<'conversation'>(1_800_000_000_000);
  for (const view of ['inbox', 'unassigned', 'all', 'closed'] as const)
    for (const id of [conversationId, null]) {
      const route = { page: 'desk', view, conversationId: id } as const;
      expect(parseRoute(formatRoute(route), 'all')).toEqual(route);
    }
  for (const page of ['settings', 'ledger'] as const)
    expect(parseRoute(formatRoute({ page }), 'inbox')).toEqual({ page });
});

test('what it does not know is the home view, and no id that is none', () => {
  for (const hash of ['', '#', '#/', '#/spam', '#join=secret'])
    expect(parseRoute(hash, 'all')).toEqual({ page: 'desk', view: 'all', conversationId: null });
  expect(parseRoute('#/inbox/<script>', 'all')).toEqual({ page: 'desk', view: 'inbox', conversationId: null });
});
