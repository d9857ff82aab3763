/** Two soft notes for a new line, made on the spot. Off until the customer switches them on. */
export class Chime {
  #context: AudioContext | null = null;

  /** A browser lets a page sound only after a hand has touched it: call this from a click. */
  allow(): void {
    this.#context ??= new AudioContext();
    void this.#context.resume();
  }

  play(): void {
    const context = this.#context;
    if (context === null || context.state !== 'running') return;
    [660, 880].forEach((pitch, at) => {
      const start = context.currentTime + at * 0.12;
      const tone = context.createOscillator();
      const volume = context.createGain();
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(0.08, start + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.3);
      tone.connect(volume).connect(context.destination);
      tone.start(start);
      tone.stop(start + 0.32);
    });
  }
}
