import { untrack } from 'svelte';

/** on: it can be heard. muted: by choice. blocked: the browser waits for a hand on the page. none: no audio here at all. */
export type SoundState = 'on' | 'muted' | 'blocked' | 'none';

export interface SoundEnvironment {
  /** Makes the audio context; undefined where there is none. */
  readonly open: () => AudioContext | undefined;
  readonly storage: Pick<Storage, 'getItem' | 'setItem'> | undefined;
  readonly setTimeout: (run: () => void, ms: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
  /** Where a first touch or key is waited for. */
  readonly hands: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;
}

/** One tone: pitch in Hz, start and length in seconds from now. */
interface Tone {
  readonly pitch: number;
  readonly start: number;
  readonly length: number;
}

type Melody = readonly Tone[];

/** Rising fourth, twice: heard through a busy room, and like nothing a desk phone does. */
const help: Melody = [
  { pitch: 587, start: 0, length: 0.16 },
  { pitch: 784, start: 0.18, length: 0.26 },
  { pitch: 587, start: 0.56, length: 0.16 },
  { pitch: 784, start: 0.74, length: 0.34 },
];
const chime: Melody = [{ pitch: 880, start: 0, length: 0.14 }];
const ring: Melody = [
  { pitch: 659, start: 0, length: 0.12 },
  { pitch: 523, start: 0.16, length: 0.12 },
  { pitch: 659, start: 0.32, length: 0.2 },
];

/** Rest between two calls of the same alarm, in ms from start to start. */
export const helpEvery = 4_000;
export const ringEvery = 2_500;

/** Silence after which the audio rests, in ms: one that runs takes its share of a core for as long as a screen is open. */
export const restAfter = 1_000;
/** Audio that a browser has not woken by then may not sound, in ms. */
export const wakeWithin = 1_000;

const place = 'halyard.sound';
const gestures = ['pointerdown', 'keydown'] as const;

function browserEnvironment(): SoundEnvironment {
  return {
    open: () => (typeof AudioContext === 'undefined' ? undefined : new AudioContext()),
    storage: localStorage,
    setTimeout: (run, ms) => setTimeout(run, ms),
    clearTimeout: (timer) => clearTimeout(typeof timer === 'number' ? timer : undefined),
    hands: document,
  };
}

function recall(storage: SoundEnvironment['storage']): { muted: boolean; volume: number } {
  try {
    const value: unknown = JSON.parse(storage?.getItem(place) ?? 'null');
    if (typeof value === 'object' && value !== null && 'muted' in value && 'volume' in value) {
      const { muted, volume } = value;
      if (typeof muted === 'boolean' && typeof volume === 'number') return { muted, volume };
    }
  } catch {
    // Closed storage or foreign content: audible is the safe default.
  }
  return { muted: false, volume: 0.7 };
}

/**
 * The sounds of a screen, made by oscillators, so that there is no file to load when the network is the problem.
 * Browsers keep a page silent until a hand touched it; `state` says so, and the first touch or key opens it.
 */
export class Sound {
  #environment: SoundEnvironment;
  #context: AudioContext | undefined;
  #muted = $state.raw(false);
  #volume = $state.raw(0.7);
  #running = $state.raw(false);
  #absent = $state.raw(false);
  /** Put to rest by us, which is not being kept silent by the browser. */
  #asleep: 'no' | 'resting' | 'waking' = 'no';
  #rest: unknown;
  #help: unknown;
  #ring: unknown;
  #helping = $state.raw(false);
  #ringing = false;

  constructor(environment: SoundEnvironment = browserEnvironment()) {
    this.#environment = environment;
    const { muted, volume } = recall(environment.storage);
    this.#muted = muted;
    this.#volume = volume;
  }

  /** Opens the audio and waits for a hand where the browser wants one. @returns ends everything */
  start(): () => void {
    // A new context has not been put to rest, whatever became of one before it.
    this.#asleep = 'no';
    this.#context = this.#environment.open();
    this.#absent = this.#context === undefined;
    this.#watch();
    this.#context?.addEventListener('statechange', this.#watch);
    for (const gesture of gestures) this.#environment.hands.addEventListener(gesture, this.#touch);
    return () => {
      this.quietHelp();
      this.quietRing();
      this.#environment.clearTimeout(this.#rest);
      for (const gesture of gestures) this.#environment.hands.removeEventListener(gesture, this.#touch);
      this.#context?.removeEventListener('statechange', this.#watch);
      void this.#context?.close();
      this.#context = undefined;
    };
  }

  get state(): SoundState {
    if (this.#absent) return 'none';
    if (this.#muted) return 'muted';
    return this.#running ? 'on' : 'blocked';
  }

  get muted(): boolean {
    return this.#muted;
  }

  set muted(muted: boolean) {
    this.#muted = muted;
    this.#remember();
  }

  /** 0 to 1. */
  get volume(): number {
    return this.#volume;
  }

  set volume(volume: number) {
    this.#volume = Math.min(1, Math.max(0, volume));
    this.#remember();
  }

  /** Whether the call for help sounds now (or would, were it not muted). */
  get helping(): boolean {
    return this.#helping;
  }

  /** A help flag waits: sounds at once and again every four seconds, until `quietHelp`. */
  raiseHelp(): void {
    if (this.#helping) return;
    this.#helping = true;
    this.#repeatHelp();
  }

  /** Somebody took it. */
  quietHelp(): void {
    this.#helping = false;
    this.#environment.clearTimeout(this.#help);
    this.#restLater();
  }

  /** A conversation is offered: rings until `quietRing`. */
  ring(): void {
    if (this.#ringing) return;
    this.#ringing = true;
    this.#repeatRing();
  }

  quietRing(): void {
    this.#ringing = false;
    this.#environment.clearTimeout(this.#ring);
    this.#restLater();
  }

  /** A line arrived. */
  chime(): void {
    this.#play(chime);
  }

  /** Plays the call for help once, muted or not: the person asked to hear it. @returns whether it could be heard */
  async test(): Promise<boolean> {
    await (this.#asleep === 'no' ? this.#touch() : this.#wake());
    if (this.#running) this.#sound(help);
    return this.#running;
  }

  #repeatHelp = (): void => {
    this.#play(help);
    this.#help = this.#environment.setTimeout(this.#repeatHelp, helpEvery);
  };

  #repeatRing = (): void => {
    this.#play(ring);
    this.#ring = this.#environment.setTimeout(this.#repeatRing, ringEvery);
  };

  #watch = (): void => {
    const heard = this.#context?.state === 'running';
    this.#running = heard || this.#asleep !== 'no';
    if (heard && this.#asleep === 'no') this.#restLater();
  };

  #touch = async (): Promise<void> => {
    if (this.#asleep !== 'no') return;
    if (this.#context?.state === 'suspended') {
      // Refused without a gesture; the state then stays as it is, and says so.
      await this.#context.resume().catch(() => undefined);
    }
    this.#watch();
  };

  /** @param after what still sounds, in ms */
  #restLater(after = 0): void {
    if (this.#asleep !== 'no') return;
    this.#environment.clearTimeout(this.#rest);
    // Not by what a screen watches: whoever ends an alarm would be run again when the audio changes.
    if (this.#context?.state === 'running')
      this.#rest = this.#environment.setTimeout(this.#goToRest, after + restAfter);
  }

  #goToRest = (): void => {
    // Between two calls of an alarm it stays awake.
    if (this.#helping || this.#ringing) return;
    this.#asleep = 'resting';
    void this.#context?.suspend().catch(() => undefined);
  };

  async #wake(): Promise<void> {
    this.#asleep = 'waking';
    const awake = (): void => {
      this.#asleep = 'no';
      this.#watch();
    };
    this.#environment.clearTimeout(this.#rest);
    // A browser that refuses may leave the question open; the state then has to say that nothing is heard.
    this.#rest = this.#environment.setTimeout(awake, wakeWithin);
    await this.#context?.resume().catch(() => undefined);
    this.#environment.clearTimeout(this.#rest);
    awake();
  }

  #play(melody: Melody): void {
    // Whoever makes a sound is not to make it again when the audio changes.
    if (untrack(() => this.#muted || !this.#running)) return;
    if (this.#asleep !== 'resting') this.#sound(melody);
    else
      void this.#wake().then(() => {
        if (this.#running) this.#sound(melody);
      });
  }

  #sound(melody: Melody): void {
    const context = this.#context;
    if (!context) return;
    for (const tone of melody) {
      const begin = context.currentTime + tone.start;
      const end = begin + tone.length;
      const oscillator = context.createOscillator();
      const gain = context.createGain();
      oscillator.type = 'triangle';
      oscillator.frequency.value = tone.pitch;
      // Soft edges: a tone that starts at full height clicks.
      gain.gain.setValueAtTime(0, begin);
      gain.gain.linearRampToValueAtTime(this.#volume * 0.5, begin + 0.012);
      gain.gain.setValueAtTime(this.#volume * 0.5, end - 0.05);
      gain.gain.linearRampToValueAtTime(0, end);
      oscillator.connect(gain).connect(context.destination);
      oscillator.start(begin);
      oscillator.stop(end);
    }
    this.#restLater(Math.max(...melody.map(({ start, length }) => start + length)) * 1_000);
  }

  #remember(): void {
    try {
      this.#environment.storage?.setItem(place, JSON.stringify({ muted: this.#muted, volume: this.#volume }));
    } catch {
      // A full or closed storage: the choice holds for this page.
    }
  }
}
