import { describe, expect, test } from 'vitest';
import { tell } from '../../../../console/specimen/story.ts';
import type { PersonId } from '../../../../shared/contract/id.ts';
import { newId } from '../../../../shared/contract/uuid.ts';
import { noFlags } from '../../../../shared/live/fallback.ts';
import { bannerWords, sinceWords, whyWords } from '../../../../shared/ui/state/fallback.ts';

const now = Date.UTC(2026, 0, 5, 12);
const { live } = tell('calm', now);
if (live === null) throw new Error('this story has a floor');
const marta = [...live.people.values()][0];
const fallback = { by: marta?.id as PersonId, since: now - 60_000, note: 'Fire drill' };
const on = { ...live, organisation: { ...live.organisation, fallback } };

describe('S1.6: why there are no flags', () => {
  test('the switch stands before what the hub finds, and nothing stands for nothing', () => {
    const automatic = { why: 'hub_behind', since: 3 } as const;
    expect(noFlags(live, null)).toBeNull();
    expect(noFlags(null, null)).toBeNull();
    expect(noFlags(live, automatic)).toBe(automatic);
    expect(noFlags(on, automatic)).toEqual({ ...fallback, why: 'switched' });
  });

  test('the note is a sentence, with its point or its own end', () => {
    expect(whyWords({ ...fallback, why: 'switched' })).toBe('Fire drill.');
    expect(whyWords({ ...fallback, note: 'Back at 14:00?', why: 'switched' })).toBe('Back at 14:00?');
    expect(whyWords({ why: 'read_only', since: 0 })).toBe('The database takes no changes.');
  });

  test('a banner says why, what to do, what still works, and who switched it on or that it ends by itself', () => {
    expect(bannerWords({ ...fallback, why: 'switched' }, live, 'agent')).toBe(
      `Fire drill. Ask in person. A flag that is up stays, and can be lowered. Switched on by ${marta?.name}.`,
    );
    expect(bannerWords({ why: 'hub_behind', since: 0 }, live, 'supervisor')).toBe(
      'They would not reach supervisors in time. Flags that are up stay readable: take them, talk about them, lower them. It ends by itself.',
    );
    // Nothing pretends: what is pressed may not be taken.
    expect(bannerWords({ why: 'read_only', since: 0 }, live, 'supervisor')).toContain('may not be taken');
    expect(bannerWords({ ...fallback, by: newId(0), why: 'switched' }, live, 'agent')).toContain('by Someone');
  });

  test('since when: the time, with its day where that was another one', () => {
    expect(sinceWords(now - 60_000, now)).toMatch(/^\d\d:\d\d$/);
    expect(sinceWords(now - 3 * 24 * 3_600_000, now)).toMatch(/2026/);
  });
});
