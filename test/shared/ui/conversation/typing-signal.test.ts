import { beforeEach, expect, test } from 'vitest';
import { TypingSignal } from '../../../../shared/ui/conversation/typing-signal.ts';

let now: number;
let timer: { at: number; run: () => void } | null;
let said: string[];
let signal: TypingSignal;

beforeEach(() => {
  now = 0;
  timer = null;
  said = [];
  signal = new TypingSignal((on) => said.push(`${now} ${on ? 'on' : 'off'}`), {
    now: () => now,
    setTimeout: (run, ms) => {
      timer = { at: now + ms, run };
      return timer;
    },
    clearTimeout: (one) => {
      if (one === timer) timer = null;
    },
  });
});

function pass(to: number): void {
  if (timer !== null && timer.at <= to) {
    now = timer.at;
    const { run } = timer;
    timer = null;
    run();
  }
  now = to;
}

test('the first key says it, further keys say it again only every 2.5 s', () => {
  for (const at of [0, 500, 2400, 2600, 5000, 5100]) {
    pass(at);
    signal.typed('a');
  }
  expect(said).toEqual(['0 on', '2600 on', '5100 on']);
});

test('silence for 4 s takes it back, and the next key says it anew', () => {
  signal.typed('a');
  pass(3000);
  signal.typed('ab');
  pass(6900);
  expect(said.at(-1)).toBe('3000 on');
  pass(7100);
  expect(said.at(-1)).toBe('7000 off');
  signal.typed('abc');
  expect(said.at(-1)).toBe('7100 on');
});

test('sending or emptying takes it back at once, once', () => {
  signal.typed('a');
  signal.typed('');
  signal.stop();
  expect(said).toEqual(['0 on', '0 off']);
  pass(10_000);
  expect(said).toHaveLength(2);
});
