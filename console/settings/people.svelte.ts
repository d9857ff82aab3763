import { call, type Result } from '../../shared/client/session.ts';
import type { Event } from '../../shared/contract/event.ts';
import type { PersonDetail, PersonPage } from '../../shared/contract/read.ts';
import type { Refusal } from '../../shared/contract/refusal.ts';
import type { SettingsFloor } from './change.ts';

/** Facts of a person that the live floor does not carry: reading again finds what else is new. */
const tells = (event: Event): boolean =>
  event.type.startsWith('person:') &&
  event.type !== 'person:status-set' &&
  event.type !== 'person:reachable' &&
  event.type !== 'person:unreachable';

/** Several changes in a row are read once. */
const settleMs = 250;

export interface PeopleEnvironment {
  readonly read: () => Promise<Result<PersonPage>>;
  readonly setTimeout: (run: () => void, ms: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
}

const browserEnvironment: PeopleEnvironment = {
  read: () => call<PersonPage>('GET', '/api/person'),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(typeof timer === 'number' ? timer : undefined),
};

/** The list of people with their addresses and links: read over HTTP, and again when somebody changes it. */
export class PeopleList {
  #environment: PeopleEnvironment;
  #people = $state.raw<readonly PersonDetail[] | null>(null);
  #refusal = $state.raw<Refusal | null>(null);
  #timer: unknown;
  #asked = 0;
  #closed = false;

  constructor(environment: PeopleEnvironment = browserEnvironment) {
    this.#environment = environment;
  }

  /** Null until the first answer. */
  get people(): readonly PersonDetail[] | null {
    return this.#people;
  }
  /** Why the last reading failed; what was read before stays. */
  get refusal(): Refusal | null {
    return this.#refusal;
  }

  /** Reads the list. An answer that a later question has overtaken is left out. */
  async read(): Promise<void> {
    this.#asked += 1;
    const mine = this.#asked;
    const answer = await this.#environment.read();
    if (this.#closed || mine !== this.#asked) return;
    if (answer.ok) this.#people = answer.value.people;
    this.#refusal = answer.ok ? null : answer.refusal;
  }

  /** Reads now, and follows the floor. @returns stops following, for good */
  follow(floor: Pick<SettingsFloor, 'onEvents' | 'onAgain'>): () => void {
    const soon = (): void => {
      this.#environment.clearTimeout(this.#timer);
      this.#timer = this.#environment.setTimeout(() => void this.read(), settleMs);
    };
    const stops = [floor.onEvents((events) => events.some(tells) && soon()), floor.onAgain(soon)];
    void this.read();
    return () => {
      this.#closed = true;
      this.#environment.clearTimeout(this.#timer);
      for (const stop of stops) stop();
    };
  }
}
