/** How often a wall asks whether its hub has a newer page, ms. */
const askEveryMs = 5 * 60_000;

/** The address of the page's own script, which names its content: another address is another version. */
export function versionOf(html: string): string | null {
  return /<script[^>]+type="module"[^>]+src="([^"]+)"/.exec(html)?.[1] ?? null;
}

export interface KeeperEnvironment {
  /** Reads the page anew from the hub; null when it cannot be read. */
  readonly page: () => Promise<string | null>;
  /** The version that runs here. */
  readonly running: string | null;
  readonly reload: () => void;
  /** Keeps the screen awake until the answer is called; throws where that is refused. */
  readonly awake: () => Promise<() => void>;
  readonly visibility: Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>;
  readonly setInterval: (run: () => void, ms: number) => unknown;
  readonly clearInterval: (timer: unknown) => void;
}

function browserEnvironment(): KeeperEnvironment {
  return {
    page: async () => {
      try {
        const answer = await fetch(location.pathname, { cache: 'no-store', headers: { accept: 'text/html' } });
        return answer.ok ? await answer.text() : null;
      } catch {
        return null;
      }
    },
    running: document.querySelector('script[type="module"][src]')?.getAttribute('src') ?? null,
    reload: () => location.reload(),
    awake: async () => {
      const lock = await navigator.wakeLock.request('screen');
      return () => void lock.release();
    },
    visibility: document,
    setInterval: (run, ms) => setInterval(run, ms),
    clearInterval: (timer) => clearInterval(typeof timer === 'number' ? timer : undefined),
  };
}

/**
 * Looks after a screen that nobody touches for months: keeps it awake, and loads the page anew once the hub has a newer one
 * and no flag waits for somebody.
 */
export class Keeper {
  readonly #environment: KeeperEnvironment;
  readonly #idle: () => boolean;
  #timer: unknown;
  #sleep: (() => void) | undefined;
  #newer = false;
  #stopped = false;

  /** @param idle whether a reload would hide nothing from anybody now */
  constructor(idle: () => boolean, environment: KeeperEnvironment = browserEnvironment()) {
    this.#idle = idle;
    this.#environment = environment;
  }

  /** @returns stops, and lets the screen sleep again */
  start(): () => void {
    this.#timer = this.#environment.setInterval(() => void this.look(), askEveryMs);
    this.#environment.visibility.addEventListener('visibilitychange', this.#wake);
    this.#wake();
    return () => {
      this.#stopped = true;
      this.#environment.clearInterval(this.#timer);
      this.#environment.visibility.removeEventListener('visibilitychange', this.#wake);
      this.#sleep?.();
    };
  }

  /** Asks for the hub's version; call it when the connection is back as well. */
  async look(): Promise<void> {
    const { running } = this.#environment;
    if (!this.#newer && running !== null) {
      const html = await this.#environment.page();
      const now = html === null ? null : versionOf(html);
      this.#newer = now !== null && now !== running;
    }
    this.settle();
  }

  /** Reloads if there is a newer version and nobody waits. */
  settle(): void {
    if (this.#newer && !this.#stopped && this.#idle()) this.#environment.reload();
  }

  // The browser takes the lock away whenever the page is hidden.
  #wake = (): void => {
    if (this.#environment.visibility.visibilityState !== 'visible') return;
    void this.#environment
      .awake()
      .then((sleep) => {
        if (this.#stopped) sleep();
        else this.#sleep = sleep;
      })
      .catch(() => undefined);
  };
}
