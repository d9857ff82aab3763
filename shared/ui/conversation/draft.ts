/** Where drafts stay: this browser's storage, under the person, so that two people of one browser never share one. */
export interface DraftStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
  readonly length: number;
  key(at: number): string | null;
}

export type DraftKind = 'reply' | 'side' | 'flag';

const prefix = 'halyard.draft';
const keyOf = (personId: string, kind: DraftKind, id: string): string => `${prefix}.${personId}.${kind}.${id}`;

/** What a person began to write and has not sent, per conversation or side chat. */
export class Drafts {
  readonly #storage: DraftStorage | null;
  readonly #person: () => string;

  /** @param person whose drafts; asked each time, because a screen may stand before it knows */
  constructor(person: string | (() => string), storage: DraftStorage | null = browserStorage()) {
    this.#person = typeof person === 'string' ? () => person : person;
    this.#storage = storage;
  }

  /** @param id conversation id of a reply or of a flag not raised yet, flag id of one, session id of a side chat */
  read(kind: DraftKind, id: string): string {
    return this.#storage?.getItem(keyOf(this.#person(), kind, id)) ?? '';
  }

  /** An empty text forgets the draft. */
  write(kind: DraftKind, id: string, text: string): void {
    const key = keyOf(this.#person(), kind, id);
    try {
      if (text === '') this.#storage?.removeItem(key);
      else this.#storage?.setItem(key, text);
    } catch {
      // A full storage: the draft lives as long as the page.
    }
  }

  /** Forgets all drafts of this person: at sign-out nothing of a customer stays behind. */
  clear(): void {
    const storage = this.#storage;
    if (storage === null) return;
    const own: string[] = [];
    for (let at = 0; at < storage.length; at += 1) {
      const key = storage.key(at);
      if (key?.startsWith(`${prefix}.${this.#person()}.`)) own.push(key);
    }
    for (const key of own) storage.removeItem(key);
  }
}

function browserStorage(): DraftStorage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
