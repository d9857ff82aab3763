import { call, type Result } from '../../shared/client/session.ts';
import { type ChangeKind, isChangeOf } from '../../shared/contract/change.ts';
import type { ChangePage, SettingsChange } from '../../shared/contract/read.ts';
import type { Refusal } from '../../shared/contract/refusal.ts';
import type { SettingsFloor } from './change.ts';

export interface ChangesEnvironment {
  readonly read: (path: string) => Promise<Result<ChangePage>>;
  readonly setTimeout: (run: () => void, ms: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
}

const browserEnvironment: ChangesEnvironment = {
  read: (path) => call<ChangePage>('GET', path),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(typeof timer === 'number' ? timer : undefined),
};

/** Several changes in a row are read once. */
const settleMs = 250;

/** The changes of one kind of settings: read page by page, newest first, and the newest again when something changes. */
export class ChangeList {
  readonly #of: ChangeKind;
  readonly #environment: ChangesEnvironment;
  #changes = $state.raw<readonly SettingsChange[] | null>(null);
  #names = $state.raw<Readonly<Record<string, string>>>({});
  #before = $state.raw<number | null>(null);
  #refusal = $state.raw<Refusal | null>(null);
  #pending = $state.raw(false);
  #asked = 0;

  constructor(of: ChangeKind, environment: ChangesEnvironment = browserEnvironment) {
    this.#of = of;
    this.#environment = environment;
  }

  /** Null until the first answer. */
  get changes(): readonly SettingsChange[] | null {
    return this.#changes;
  }
  get names(): Readonly<Record<string, string>> {
    return this.#names;
  }
  /** Whether there are earlier ones. */
  get more(): boolean {
    return this.#before !== null;
  }
  /** Why the last reading failed; what was read before stays. */
  get refusal(): Refusal | null {
    return this.#refusal;
  }
  get pending(): boolean {
    return this.#pending;
  }

  /** Reads the newest. Earlier pages that were opened stay where they join on, else they are left out. */
  read(): Promise<void> {
    return this.#page(null);
  }

  /** Reads what came before. */
  earlier(): Promise<void> {
    return this.#before === null ? Promise.resolve() : this.#page(this.#before);
  }

  async #page(before: number | null): Promise<void> {
    this.#asked += 1;
    const mine = this.#asked;
    this.#pending = true;
    const answer = await this.#environment.read(
      `/api/change?of=${this.#of}${before === null ? '' : `&before=${before}`}`,
    );
    if (mine !== this.#asked) return;
    this.#pending = false;
    this.#refusal = answer.ok ? null : answer.refusal;
    if (!answer.ok) return;
    const { changes, names, before: next } = answer.value;
    const held = this.#changes ?? [];
    this.#names = { ...this.#names, ...names };
    if (before !== null) {
      this.#changes = [...held, ...changes];
      this.#before = next;
      return;
    }
    const last = changes.at(-1)?.event.position ?? 0;
    const joins = held.some(({ event }) => event.position >= last);
    const older = joins ? held.filter(({ event }) => event.position < last) : [];
    this.#changes = [...changes, ...older];
    if (older.length === 0) this.#before = next;
  }

  /** Reads now, and follows the floor. @returns stops following */
  follow(floor: Pick<SettingsFloor, 'onEvents' | 'onAgain'>): () => void {
    let timer: unknown;
    const soon = (): void => {
      this.#environment.clearTimeout(timer);
      timer = this.#environment.setTimeout(() => void this.read(), settleMs);
    };
    const stops = [
      floor.onEvents((events) => events.some((event) => isChangeOf(event, this.#of)) && soon()),
      floor.onAgain(soon),
    ];
    void this.read();
    return () => {
      this.#asked += 1;
      this.#environment.clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }
}
