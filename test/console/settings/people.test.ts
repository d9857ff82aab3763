import { describe, expect, test } from 'vitest';
import { PeopleList } from '../../../console/settings/people.svelte.ts';
import type { Result } from '../../../shared/client/session.ts';
import type { Event } from '../../../shared/contract/event.ts';
import type { PersonPage } from '../../../shared/contract/read.ts';
import { refusal } from '../../../shared/contract/refusal.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import type { Live } from '../../../shared/live/apply.ts';

const page = (position: number): Result<PersonPage> => ({ ok: true, value: { position, people: [] } });
const lost: Result<PersonPage> = { ok: false, refusal: refusal('try_again', 'Gone.', 'Wait.') };

/** A list whose answers and timer are in the test's hands. */
function make() {
  const asked: ((answer: Result<PersonPage>) => void)[] = [];
  let timer: (() => void) | null = null;
  const list = new PeopleList({
    read: () => new Promise((resolve) => asked.push(resolve)),
    setTimeout: (run) => {
      timer = run;
      return run;
    },
    clearTimeout: () => {
      timer = null;
    },
  });
  const heard = new Set<(events: readonly Event[], live: Live) => void>();
  const stop = list.follow({
    onEvents: (tell) => {
      heard.add(tell);
      return () => heard.delete(tell);
    },
    onAgain: () => () => {},
  });
  const happen = (type: 'person:renamed' | 'person:status-set' | 'person:reachable'): void => {
    // Only the type of an event is looked at.
    const event = { type, personId: newId(1) } as unknown as Event;
    for (const tell of heard) tell([event], {} as Live);
  };
  const answer = async (which: number, given: Result<PersonPage>): Promise<void> => {
    asked[which]?.(given);
    await Promise.resolve();
    await Promise.resolve();
  };
  return { list, asked, happen, answer, stop, heard, fire: () => timer?.(), waiting: () => timer !== null };
}

describe('the list of people', () => {
  test('is read at once, and again once after several changes', async () => {
    const { list, asked, happen, answer, fire } = make();
    expect(list.people).toBeNull();
    await answer(0, page(1));
    expect(list.people).toEqual([]);
    happen('person:renamed');
    happen('person:renamed');
    expect(asked).toHaveLength(1);
    fire();
    expect(asked).toHaveLength(2);
  });

  test('is not read for what the floor knows by itself', () => {
    const { happen, waiting } = make();
    happen('person:status-set');
    happen('person:reachable');
    expect(waiting()).toBe(false);
    happen('person:renamed');
    expect(waiting()).toBe(true);
  });

  test('leaves out an answer that a later question has overtaken', async () => {
    const { list, answer } = make();
    void list.read();
    await answer(1, lost);
    await answer(0, page(1));
    expect(list.people).toBeNull();
    expect(list.refusal?.code).toBe('try_again');
  });

  test('keeps what was read when a later reading fails, and forgets the failure when it mends', async () => {
    const { list, answer } = make();
    await answer(0, page(1));
    void list.read();
    await answer(1, lost);
    expect(list.people).toEqual([]);
    expect(list.refusal).not.toBeNull();
    void list.read();
    await answer(2, page(2));
    expect(list.refusal).toBeNull();
  });

  test('ends with its page', async () => {
    const { list, heard, stop, happen, answer, waiting } = make();
    happen('person:renamed');
    stop();
    expect(heard.size).toBe(0);
    expect(waiting()).toBe(false);
    await answer(0, page(1));
    expect(list.people).toBeNull();
  });
});
