import { expect, test } from 'vitest';
import { tell } from '../../console/specimen/story.ts';
import { stripWords } from '../../console/strip-words.ts';
import { watching } from '../../shared/ui/conversation/people.ts';

const words = (state: string): string => {
  const { live } = tell(state, 1_800_000_000_000);
  const [flag] = live?.flags.values() ?? [];
  if (live == null || flag === undefined) throw new Error(state);
  const { strong, rest, alone } = stripWords(flag, live, watching(live, flag.agentId));
  return `${alone ? '! ' : ''}${strong} | ${rest}`;
};

test('how a flag stands is said in one line', () => {
  expect(words('nobody')).toBe('! Nobody is watching. | The flag stays up and the first supervisor who comes sees it');
  expect(words('raised')).toBe('Raised. | It is on a supervisor’s screen, nobody has looked yet');
  expect(words('seen')).toBe('Seen by Ines | and 2 more');
  expect(words('claimed')).toBe('Ines Okafor is on it. | Write in the side chat');
  expect(words('joined')).toBe('Ines Okafor joined. | Rosa sees it');
});
