/** What hands can be brought to: a composer, a field. */
interface Place {
  focus(): void;
}

/**
 * Where the hands shall go as soon as it is drawn, which may be some frames after it was asked for. Not state: a deed, not a value.
 * `place` gives what is drawn under a name just now.
 */
export class Hands<Name extends string> {
  readonly #place: (name: Name) => Place | undefined;
  #wanted: Name | null = null;

  constructor(place: (name: Name) => Place | undefined) {
    this.#place = place;
  }

  /** They shall go there; null takes the wish back. */
  want(name: Name | null): void {
    this.#wanted = name;
  }

  /** Brings them there if it is drawn; called again whenever something was. */
  enter(): void {
    const place = this.#wanted === null ? undefined : this.#place(this.#wanted);
    if (place === undefined) return;
    this.#wanted = null;
    place.focus();
  }
}
