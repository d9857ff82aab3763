import { describe, expect, test } from 'vitest';
import { Director, type QueueLoad, type Stage } from '../../../server/demo/director.ts';
import { flagMessages } from '../../../server/demo/words.ts';
import type { Reason } from '../../../shared/contract/organisation.ts';
import { newId } from '../../../shared/contract/uuid.ts';

/** A fixed row of numbers instead of chance. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const pace = { live: 8, speed: 1 };
const queue = newId<'queue'>(1);
const load = (more: Partial<QueueLoad>): QueueLoad => ({ id: queue, live: 2, waiting: 0, staffed: true, ...more });

describe('customers', () => {
  const count = (given: QueueLoad): number => {
    const director = new Director(pace, numbers(1), 0);
    let came = 0;
    for (let now = 0; now < 120_000; now += 200) came += director.arrivals(now, [given]).length;
    return came;
  };
  test('come one by one, at a calm pace', () => {
    expect(count(load({}))).toBeGreaterThan(6);
    expect(count(load({}))).toBeLessThan(25);
  });
  test.each([
    ['enough are there', { live: 8 }],
    ['too many wait', { waiting: 3 }],
    ['nobody serves the queue', { staffed: false }],
  ])('stay away while %s', (_why, more) => {
    expect(count(load(more))).toBe(0);
  });
});

test('one agent of a team is away at a time, for a while, and a team of two stays whole', () => {
  const banking = newId<'team'>(1);
  const travel = newId<'team'>(2);
  const big = [1, 2, 3, 4].map((at) => ({ id: newId<'person'>(at), teamIds: [banking] }));
  const small = [5, 6].map((at) => ({ id: newId<'person'>(at), teamIds: [travel] }));
  const director = new Director(pace, numbers(3), 0);
  const seen = new Set<string>();
  const away: number[] = [];
  for (let now = 0; now < 30 * 60_000; now += 1000) {
    const duties = director.duties(now, [...big, ...small]);
    expect(duties.size).toBe(6);
    for (const { id } of small) expect(duties.get(id)).toBe('available');
    const gone = big.filter(({ id }) => duties.get(id) !== 'available');
    expect(gone.length).toBeLessThanOrEqual(1);
    away.push(gone.length);
    for (const { id } of gone) seen.add(`${id} ${duties.get(id)}`);
  }
  expect(seen.size).toBeGreaterThan(3);
  expect(away).toContain(0);
});

describe('flags', () => {
  const reasons: Reason[] = ['Approval needed', 'Escalation', 'I feel unsafe'].map((name, at) => ({
    id: newId<'reason'>(at),
    name,
    order: at + 1,
    targetMs: 60_000,
    active: true,
  }));
  const stage = (theme: string, hasty = false): Stage => ({ conversationId: newId<'conversation'>(9), theme, hasty });

  test('go up twice with the opening, then now and then, and never beyond three', () => {
    const director = new Director(pace, numbers(5), 0);
    const times: number[] = [];
    let up = 0;
    for (let now = 0; now < 20 * 60_000; now += 200) {
      if (director.cue(now, up, [stage('Banking'), stage('Travel')], reasons) === null) {
        if (now % 45_000 === 0) up = Math.max(0, up - 1);
        continue;
      }
      up += 1;
      times.push(now);
      expect(up).toBeLessThanOrEqual(3);
    }
    expect(times[1]).toBeLessThan(2500);
    expect(times.length).toBeGreaterThan(10);
    for (const [at, time] of times.entries())
      if (at > 1) expect(time - (times[at - 1] ?? 0)).toBeGreaterThanOrEqual(12_000);
  });

  test('are about what the customer talks about, and do not repeat at once', () => {
    const director = new Director(pace, numbers(8), 0);
    const said: string[] = [];
    for (let now = 0; now < 10 * 60_000; now += 1000) {
      const next = director.cue(now, 0, [stage('Banking')], reasons);
      if (next === null) continue;
      const name = reasons.find((one) => one.id === next.cue.reasonId)?.name ?? '';
      expect(flagMessages.Banking?.[name]).toContain(next.cue.message);
      if (name === 'Escalation') expect(next.cue.askJoin).toBe(true);
      expect(said.slice(-3)).not.toContain(next.cue.message);
      said.push(next.cue.message);
    }
    expect(said.length).toBeGreaterThan(4);
  });

  test('need a conversation and a reason', () => {
    const director = new Director(pace, numbers(5), 0);
    expect(director.cue(60_000, 0, [], reasons)).toBeNull();
    expect(director.cue(60_000, 0, [stage('Gardening')], reasons)).toBeNull();
    expect(director.cue(60_000, 0, [stage('Banking')], [])).toBeNull();
    expect(director.cue(60_000, 0, [stage('Banking')], reasons)).not.toBeNull();
  });
});

test('S1.2: one customer in five comes by Legacy chat, from the opening on', () => {
  const director = new Director(pace, numbers(1), 0);
  const came = Array.from({ length: 10 }, () => director.channel());
  expect(came.filter((one) => one === 'legacy')).toHaveLength(2);
  expect(came.slice(0, 4)).toContain('legacy');
});
