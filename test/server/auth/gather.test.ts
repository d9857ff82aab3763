import { describe, expect, test } from 'vitest';
import { gather } from '../../../server/auth/gather.ts';

/** A look-up that answers when told to, and what it was asked for each time. */
function slow(): { asked: string[][]; answer(): void; find(keys: readonly string[]): Promise<Map<string, string>> } {
  const asked: string[][] = [];
  const waiting: (() => void)[] = [];
  return {
    asked,
    answer: () => waiting.shift()?.(),
    find: (keys) => {
      asked.push([...keys]);
      return new Promise((resolve) =>
        waiting.push(() =>
          resolve(new Map(keys.filter((key) => key !== 'nobody').map((key) => [key, `${key} at ${asked.length}`]))),
        ),
      );
    },
  };
}

const turn = (): Promise<void> => new Promise((resume) => setImmediate(resume));

describe('look-ups that are gathered', () => {
  test('asks once for all that come in one turn, and gives each its own', async () => {
    const { asked, answer, find } = slow();
    const get = gather(find);
    const answers = Promise.all([get('a'), get('b'), get('a'), get('nobody')]);
    await turn();
    answer();
    expect(await answers).toEqual(['a at 1', 'b at 1', 'a at 1', null]);
    expect(asked).toEqual([['a', 'b', 'nobody']]);
  });

  test('whoever asks while a query is under way gets the answer of the next: nothing of before', async () => {
    const { asked, answer, find } = slow();
    const get = gather(find);
    const first = get('a');
    await turn();
    const second = get('a');
    answer();
    expect(await first).toBe('a at 1');
    await turn();
    answer();
    expect(await second).toBe('a at 2');
    expect(asked).toEqual([['a'], ['a']]);
  });

  test('a failure is told to those who asked, and the next ask again', async () => {
    let fail = true;
    const get = gather(async (keys: readonly string[]) => {
      if (fail) throw new Error('away');
      return new Map(keys.map((key) => [key, key]));
    });
    await expect(Promise.all([get('a'), get('b')])).rejects.toThrow('away');
    fail = false;
    expect(await get('a')).toBe('a');
  });

  test('of many at once each is answered', async () => {
    const get = gather(async (keys: readonly number[]) => new Map(keys.map((key) => [key, key])));
    for (let round = 0; round < 3; round += 1) {
      const keys = Array.from({ length: 100 }, (_, at) => at);
      expect(await Promise.all(keys.map(get))).toEqual(keys);
    }
  });
});
