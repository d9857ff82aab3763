import { expect, test } from 'vitest';
import { helpEvery, restAfter, Sound, wakeWithin } from '../../../../shared/ui/alert/sound.svelte.ts';
import { HandClock } from '../../../support/hand-clock.ts';

/** An audio context that counts tones. It stands in because Node has no audio; Chromium plays the real one end to end. */
class Context extends EventTarget {
  state: AudioContextState = 'suspended';
  currentTime = 0;
  tones = 0;
  volumes: number[] = [];
  gesture = false;
  destination = {};
  async resume(): Promise<void> {
    if (this.refuses) return new Promise(() => {});
    if (!this.gesture) throw new DOMException('no gesture', 'NotAllowedError');
    this.state = 'running';
    this.dispatchEvent(new Event('statechange'));
  }
  /** What a browser does that has changed its mind: it answers nothing. */
  refuses = false;
  async suspend(): Promise<void> {
    this.state = 'suspended';
    this.dispatchEvent(new Event('statechange'));
  }
  async close(): Promise<void> {
    this.state = 'closed';
  }
  createOscillator() {
    this.tones += 1;
    return { type: '', frequency: { value: 0 }, connect: (next: unknown) => next, start() {}, stop() {} };
  }
  createGain() {
    const ramp = (value: number): void => void this.volumes.push(value);
    return { gain: { setValueAtTime() {}, linearRampToValueAtTime: ramp }, connect: (next: unknown) => next };
  }
}

function setUp({ audio = true, store = new Map<string, string>() } = {}) {
  const clock = new HandClock();
  const context = new Context();
  const hands = new EventTarget();
  const sound = new Sound({
    open: () => (audio ? (context as unknown as AudioContext) : undefined),
    storage: { getItem: (key) => store.get(key) ?? null, setItem: (key, value) => void store.set(key, value) },
    setTimeout: clock.setTimeout,
    clearTimeout: clock.clearTimeout,
    hands,
  });
  const touch = async (): Promise<void> => {
    context.gesture = true;
    hands.dispatchEvent(new Event('pointerdown'));
    await Promise.resolve();
    await Promise.resolve();
  };
  return { clock, context, hands, sound, store, touch };
}

test('is blocked until a hand touches the page, and says so', async () => {
  const { context, sound, touch } = setUp();
  sound.start();
  expect(sound.state).toBe('blocked');
  expect(await sound.test()).toBe(false);
  sound.chime();
  expect(context.tones).toBe(0);
  await touch();
  expect(sound.state).toBe('on');
  sound.chime();
  expect(context.tones).toBe(1);
});

test('calls for help again and again until it is taken, even when it began while blocked', async () => {
  const { clock, context, sound, touch } = setUp();
  sound.start();
  sound.raiseHelp();
  sound.raiseHelp();
  expect(context.tones).toBe(0);
  await touch();
  clock.pass(helpEvery);
  const once = context.tones;
  expect(once).toBeGreaterThan(0);
  clock.pass(3 * helpEvery);
  expect(context.tones).toBe(4 * once);
  sound.quietHelp();
  clock.pass(10 * helpEvery);
  expect(context.tones).toBe(4 * once);
  expect(clock.pending).toBe(0);
});

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
};

test('rests while nothing sounds, says that it can be heard, and wakes for the next sound', async () => {
  const { clock, context, sound, touch } = setUp();
  sound.start();
  await touch();
  expect(context.state).toBe('running');
  clock.pass(restAfter);
  expect([context.state, sound.state]).toEqual(['suspended', 'on']);
  // A hand on the page is no reason to wake.
  await touch();
  expect(context.state).toBe('suspended');
  sound.chime();
  await turns();
  expect([context.state, context.tones]).toEqual(['running', 1]);
  clock.pass(restAfter);
  expect(context.state, 'the tone is not cut off').toBe('running');
  clock.pass(restAfter);
  expect(context.state).toBe('suspended');
  expect(await sound.test()).toBe(true);
});

test('stays awake through an alarm, and rests after it', async () => {
  const { clock, context, sound, touch } = setUp();
  sound.start();
  await touch();
  clock.pass(restAfter);
  sound.raiseHelp();
  await turns();
  const once = context.tones;
  expect(once).toBeGreaterThan(0);
  clock.pass(helpEvery - 1);
  expect(context.state).toBe('running');
  clock.pass(1);
  expect(context.tones).toBe(2 * once);
  sound.quietHelp();
  clock.pass(restAfter);
  expect([context.state, clock.pending]).toEqual(['suspended', 0]);
});

test('says that it is blocked where the browser does not let it wake, and the next hand opens it', async () => {
  const { clock, context, sound, touch } = setUp();
  sound.start();
  await touch();
  clock.pass(restAfter);
  context.refuses = true;
  sound.chime();
  await turns();
  clock.pass(wakeWithin);
  expect([sound.state, context.tones]).toEqual(['blocked', 0]);
  context.refuses = false;
  await touch();
  expect(sound.state).toBe('on');
});

test('started anew after a rest, it is as blocked as a new page is', async () => {
  const { clock, context, sound, touch } = setUp();
  const stop = sound.start();
  await touch();
  clock.pass(restAfter);
  stop();
  context.state = 'suspended';
  sound.start();
  expect(sound.state).toBe('blocked');
  await touch();
  expect([sound.state, context.state]).toEqual(['on', 'running']);
});

test('muted is silent, remembered, and can still be tested', async () => {
  const { clock, context, sound, store, touch } = setUp();
  sound.start();
  await touch();
  sound.muted = true;
  sound.raiseHelp();
  clock.pass(helpEvery);
  expect([sound.state, context.tones]).toEqual(['muted', 0]);
  expect(await sound.test()).toBe(true);
  expect(context.tones).toBeGreaterThan(0);
  expect(setUp({ store }).sound.muted).toBe(true);
});

test('the volume is held between nothing and all, and used', async () => {
  const { context, sound, touch } = setUp();
  sound.start();
  await touch();
  sound.volume = 7;
  expect(sound.volume).toBe(1);
  sound.volume = 0.2;
  sound.chime();
  expect(Math.max(...context.volumes)).toBeCloseTo(0.1);
});

test('a machine without audio says that there is none', () => {
  const { sound } = setUp({ audio: false });
  sound.start();
  sound.raiseHelp();
  expect(sound.state).toBe('none');
});

test('ends with its screen', async () => {
  const { clock, context, sound, touch } = setUp();
  const stop = sound.start();
  await touch();
  sound.raiseHelp();
  sound.ring();
  stop();
  expect([clock.pending, context.state]).toEqual([0, 'closed']);
});
