import { call, type Result } from '../../shared/client/session.ts';
import type { Event } from '../../shared/contract/event.ts';
import type { ConnectionDetail, ConnectionPage } from '../../shared/contract/read.ts';
import type { Refusal } from '../../shared/contract/refusal.ts';
import type { SettingsFloor } from './change.ts';

/** What moves a connection or its counts. */
const tells = (event: Event): boolean =>
  event.type.startsWith('connection:') ||
  event.type.startsWith('delivery:') ||
  (event.type === 'message:sent' && event.author === 'customer');

/** On a busy floor something happens all the time: the list is read once in so long, not put off. */
const settleMs = 500;

export interface ConnectionsEnvironment {
  readonly read: () => Promise<Result<ConnectionPage>>;
  readonly setTimeout: (run: () => void, ms: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
}

const browserEnvironment: ConnectionsEnvironment = {
  read: () => call<ConnectionPage>('GET', '/api/connection'),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(typeof timer === 'number' ? timer : undefined),
};

/** The list of connections with their counts: read over HTTP, and again when something happens to it. */
export class ConnectionList {
  readonly #environment: ConnectionsEnvironment;
  #connections = $state.raw<readonly ConnectionDetail[] | null>(null);
  #refusal = $state.raw<Refusal | null>(null);
  #timer: unknown = null;
  #asked = 0;
  #closed = false;

  constructor(environment: ConnectionsEnvironment = browserEnvironment) {
    this.#environment = environment;
  }

  /** Null until the first answer. */
  get connections(): readonly ConnectionDetail[] | null {
    return this.#connections;
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
    if (answer.ok) this.#connections = answer.value.connections;
    this.#refusal = answer.ok ? null : answer.refusal;
  }

  /** Reads now, and follows the floor. @returns stops following, for good */
  follow(floor: Pick<SettingsFloor, 'onEvents' | 'onAgain'>): () => void {
    const soon = (): void => {
      this.#timer ??= this.#environment.setTimeout(() => {
        this.#timer = null;
        void this.read();
      }, settleMs);
    };
    const stops = [floor.onEvents((events) => events.some(tells) && soon()), floor.onAgain(soon)];
    void this.read();
    return () => {
      this.#closed = true;
      if (this.#timer !== null) this.#environment.clearTimeout(this.#timer);
      for (const stop of stops) stop();
    };
  }
}
