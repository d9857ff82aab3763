import { expect, test } from 'vitest';
import { tell } from '../../../../console/specimen/story.ts';
import type { Flag } from '../../../../shared/contract/flag.ts';
import { flagSteps } from '../../../../shared/ui/conversation/flag-steps.ts';

const now = new Date(2026, 10, 20, 14, 6, 12).getTime();

function flag(state: string): Flag {
  const [found] = tell(state, now).live?.flags.values() ?? [];
  if (found === undefined) throw new Error(state);
  return found;
}

const steps = (one: Flag): string[] => flagSteps(one).map((step) => `${step.word} ${step.note} ${step.state}`);

test('raised: the first step is now, nothing else has happened', () => {
  expect(steps(flag('raised'))).toEqual([
    'Raised 14:02:46 now',
    'Seen not yet open',
    'Claimed not yet open',
    'Joined not asked open',
  ]);
});

test('seen, with the join asked for', () => {
  expect(steps(flag('seen'))).toEqual([
    'Raised 14:02:46 done',
    'Seen 14:02:51 now',
    'Claimed not yet open',
    'Joined asked asked',
  ]);
});

test('claimed and declined; claimed without ever being marked seen leaves that step open', () => {
  expect(steps(flag('declined')).slice(2)).toEqual(['Claimed 14:03:32 now', 'Joined declined open']);
  expect(steps({ ...flag('claimed'), seenBy: [] })[1]).toBe('Seen not yet open');
});

test('joined, and left again', () => {
  expect(steps(flag('joined')).at(-1)).toBe('Joined 14:05:42 now');
  expect(steps({ ...flag('joined'), joinedBy: [] }).slice(2)).toEqual(['Claimed 14:03:32 now', 'Joined left done']);
});
