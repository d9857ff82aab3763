import { describe, expect, test } from 'vitest';
import { RuleList } from '../../../console/settings/rules.svelte.ts';
import { Trial } from '../../../console/settings/trial.svelte.ts';
import type { Event } from '../../../shared/contract/event.ts';
import type { RuleInUse, RulePage, RuleTrial, RuleTried } from '../../../shared/contract/rule.ts';
import { newId } from '../../../shared/contract/uuid.ts';

/** Timers by hand. */
class Hands {
  #next = 1;
  readonly waiting = new Map<number, { run: () => void; ms: number }>();
  readonly setTimeout = (run: () => void, ms: number): number => {
    this.waiting.set(this.#next, { run, ms });
    this.#next += 1;
    return this.#next - 1;
  };
  readonly clearTimeout = (timer: unknown): void => {
    this.waiting.delete(Number(timer));
  };
  get delays(): number[] {
    return [...this.waiting.values()].map(({ ms }) => ms);
  }
  fire(): void {
    const all = [...this.waiting.values()];
    this.waiting.clear();
    for (const { run } of all) run();
  }
}
const settled = (): Promise<void> => new Promise((resume) => setTimeout(resume, 0));

const refusal = { code: 'try_again', message: 'Not now.', next: 'Later.' } as const;
const inUse = (name: string): RuleInUse => ({
  id: newId(name.length),
  name,
  active: true,
  side: 'either',
  channels: [],
  queueIds: [],
  reasonId: newId(1),
  words: { any: [name], all: [], near: null, not: [] },
  raised: 0,
  notNeeded: 0,
});

describe('S1.17 the list of rules', () => {
  function follow() {
    const hands = new Hands();
    let rules: readonly RuleInUse[] | null = [inUse('one')];
    let reads = 0;
    let tell: (events: readonly Event[]) => void = () => {};
    const list = new RuleList({
      ...hands,
      setTimeout: hands.setTimeout,
      clearTimeout: hands.clearTimeout,
      read: async () => {
        reads += 1;
        return rules === null ? { ok: false, refusal } : { ok: true, value: { position: 1, rules } satisfies RulePage };
      },
    });
    const stop = list.follow({
      onEvents: (hear) => {
        tell = (events) => hear(events, null as never);
        return () => {};
      },
      onAgain: () => () => {},
    });
    const event = (part: object): Event => part as Event;
    return {
      hands,
      list,
      stop,
      reads: () => reads,
      happens: (...parts: object[]) => tell(parts.map(event)),
      become: (next: readonly RuleInUse[] | null) => {
        rules = next;
      },
    };
  }

  test('is read at once, and again when another admin changes a rule, several changes together', async () => {
    const it = follow();
    await settled();
    expect(it.list.rules?.map(({ name }) => name)).toEqual(['one']);
    it.become([inUse('one'), inUse('three')]);
    it.happens({ type: 'rule:created' });
    it.happens({ type: 'rule:redefined' });
    expect(it.hands.delays).toEqual([250]);
    it.hands.fire();
    await settled();
    expect(it.reads()).toBe(2);
    expect(it.list.rules).toHaveLength(2);
  });

  test('reads counts later, and a change sooner; other news does not concern it', async () => {
    const it = follow();
    await settled();
    it.happens({ type: 'message:sent' }, { type: 'flag:raised', flag: { source: { kind: 'agent' } } });
    it.happens({ type: 'flag:lowered', outcome: 'answered' });
    expect(it.hands.delays).toEqual([]);
    it.happens({ type: 'flag:raised', flag: { source: { kind: 'rule' } } });
    expect(it.hands.delays).toEqual([2000]);
    it.happens({ type: 'flag:lowered', outcome: 'not_needed' });
    expect(it.hands.delays).toEqual([2000]);
    it.happens({ type: 'rule:removed' });
    expect(it.hands.delays).toEqual([250]);
  });

  test('keeps what it had when a reading fails, and ends with its page', async () => {
    const it = follow();
    await settled();
    it.become(null);
    await it.list.read();
    expect(it.list.refusal).toEqual(refusal);
    expect(it.list.rules).toHaveLength(1);
    it.happens({ type: 'rule:created' });
    it.stop();
    expect(it.hands.delays).toEqual([]);
  });
});

describe('S1.17 a trial', () => {
  const trial = (word: string): RuleTrial => ({
    side: 'either',
    channels: [],
    queueIds: [],
    words: { any: [word], all: [], near: null, not: [] },
  });
  const answer = (matched: number): RuleTried => ({
    position: 1,
    lines: 10,
    matched,
    conversations: matched,
    share: matched / 10,
    broad: false,
    since: 0,
    more: false,
    samples: [],
  });

  function start() {
    const hands = new Hands();
    const asked: { word: string; give: (value: RuleTried | null) => void }[] = [];
    const it = new Trial({
      setTimeout: hands.setTimeout,
      clearTimeout: hands.clearTimeout,
      ask: ({ words }) =>
        new Promise((resolve) => {
          asked.push({
            word: words.any[0] ?? '',
            give: (value) => resolve(value === null ? { ok: false, refusal } : { ok: true, value }),
          });
        }),
    });
    return { hands, asked, it };
  }

  test('waits until the hand rests, and asks once', async () => {
    const { hands, asked, it } = start();
    for (const word of ['r', 're', 'ref']) it.follow(trial(word));
    it.follow(trial('ref'));
    hands.fire();
    expect(asked.map(({ word }) => word)).toEqual(['ref']);
    expect(it.reading).toBe(true);
    asked[0]?.give(answer(3));
    await settled();
    expect(it.tried?.matched).toBe(3);
    expect(it.reading).toBe(false);
  });

  test('an answer that later words have overtaken is left out; the last one stands until the next', async () => {
    const { hands, asked, it } = start();
    it.follow(trial('one'));
    hands.fire();
    it.follow(trial('two'));
    hands.fire();
    asked[1]?.give(answer(2));
    asked[0]?.give(answer(1));
    await settled();
    expect(it.tried?.matched).toBe(2);
    it.follow(trial('three'));
    expect(it.tried?.matched).toBe(2);
    expect(it.reading).toBe(true);
    it.follow(null);
    expect(it.tried).toBeNull();
    expect(it.reading).toBe(false);
  });

  test('a failure is shown, and tried again', async () => {
    const { hands, asked, it } = start();
    it.follow(trial('one'));
    hands.fire();
    asked[0]?.give(null);
    await settled();
    expect(it.refusal).toEqual(refusal);
    it.again(trial('one'));
    asked[1]?.give(answer(1));
    await settled();
    expect(it.refusal).toBeNull();
    expect(it.tried?.matched).toBe(1);
  });
});
