import { expect, test } from 'vitest';
import { Hands } from '../../../../shared/ui/state/hands.ts';

test('hands come to where they are wanted once it is drawn, and once only', () => {
  const came: string[] = [];
  const drawn = new Map<string, { focus(): void }>();
  const hands = new Hands((name: 'reply' | 'side') => drawn.get(name));
  hands.enter();
  hands.want('reply');
  hands.enter();
  drawn.set('side', { focus: () => came.push('side') });
  hands.enter();
  expect(came).toEqual([]);
  drawn.set('reply', { focus: () => came.push('reply') });
  hands.enter();
  hands.enter();
  expect(came).toEqual(['reply']);
});

test('a wish that is taken back, or that another one follows, brings them nowhere', () => {
  const came: string[] = [];
  const hands = new Hands((name: 'reply' | 'side') => ({ focus: () => came.push(name) }));
  hands.want('reply');
  hands.want(null);
  hands.enter();
  expect(came).toEqual([]);
  hands.want('reply');
  hands.want('side');
  hands.enter();
  expect(came).toEqual(['side']);
});
