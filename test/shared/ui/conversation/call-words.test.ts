import { expect, test } from 'vitest';
import type { Flag } from '../../../../shared/contract/flag.ts';
import { organisationDefaults } from '../../../../shared/contract/policy.ts';
import { callWords } from '../../../../shared/ui/conversation/call-words.ts';
import { flag, ines, noon } from '../../../wallboard/floor.ts';

const words = (rest: Partial<Flag>) => callWords(flag(1, rest), [...organisationDefaults.escalation], noon);

test('S1.19 where a flag stands on its chain is said in words, with a clock that is never already past', () => {
  const first = 'Calls every supervisor in 0:42';
  expect(words({ nextAt: noon + 41_200 })).toEqual({ reached: null, next: first, short: first });
  expect(words({ nextAt: noon }).next).toBe('Calls every supervisor now');
  expect(words({ reach: 'supervisors', reachedAt: noon - 70_000, nextAt: noon + 110_000 })).toEqual({
    reached: 'Called further: every supervisor, 1:10 ago',
    next: 'Calls everyone in 1:50',
    short: 'Called every supervisor, everyone in 1:50',
  });
  expect(words({ reach: 'supervisors', nextAt: noon - 1 }).short).toBe('Called every supervisor, everyone now');
  expect(words({ reach: 'everyone', reachedAt: noon - 1000, nextAt: null })).toEqual({
    reached: 'Called further: everyone, 0:01 ago',
    next: null,
    short: 'Called everyone, 0:01 ago',
  });
  // Somebody has it: how far it called is history.
  const claimed = words({ reach: 'everyone', claim: { personId: ines, at: noon } });
  expect(claimed).toEqual({ reached: null, next: null, short: null });
  expect(words({}).short, 'a chain that ends with the own supervisors').toBeNull();
});
