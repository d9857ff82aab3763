import { createContext } from 'svelte';

export interface ToastAction {
  readonly label: string;
  /** Binding that does the same; shown as a keycap. */
  readonly keys?: string | undefined;
  /** first: the one to press, filled. */
  readonly kind?: 'first' | 'quiet' | undefined;
  run(): void;
}

export interface ToastContent {
  /** The news in a few words, set in bold. */
  readonly strong?: string | undefined;
  readonly text: string;
  /** help: a new help flag, with its hoist. fail: something was not done. notice: something to know, done by nobody here. */
  readonly kind?: 'plain' | 'help' | 'fail' | 'notice' | undefined;
  readonly actions?: readonly ToastAction[] | undefined;
  /** Takes the thing back. Offered while the toast stands. */
  readonly undo?: ToastAction | undefined;
  /** Stands until it is dismissed or its cause is gone. */
  readonly stays?: boolean | undefined;
}

export interface Toast extends ToastContent {
  readonly id: number;
}

export interface ToastClock {
  readonly now: () => number;
  readonly setTimeout: (run: () => void, ms: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
}

const browserClock: ToastClock = {
  now: () => Date.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(typeof timer === 'number' ? timer : undefined),
};

/** How long a toast stands, in ms: what can be undone needs time to be read and reached (WCAG 2.2.1). */
export const standing = { plain: 6_000, actionable: 12_000 } as const;
/** More than these at once hide the screen; the oldest that may go makes room. */
const most = 4;

interface Running {
  timer: unknown;
  since: number;
  left: number;
}

/** What just happened, in one line each, with a way back. */
export class ToastList {
  #clock: ToastClock;
  #toasts = $state.raw<readonly Toast[]>([]);
  #running = new Map<number, Running>();
  #held = false;
  #next = 1;

  constructor(clock: ToastClock = browserClock) {
    this.#clock = clock;
  }

  get all(): readonly Toast[] {
    return this.#toasts;
  }

  /** Whether something can be taken back now. */
  get canUndo(): boolean {
    return this.#toasts.some((toast) => toast.undo !== undefined);
  }

  /** Shows a toast. @returns its id, for `dismiss` */
  show(content: ToastContent): number {
    const toast: Toast = { ...content, id: this.#next };
    this.#next += 1;
    this.#toasts = [...this.#toasts, toast];
    const tooMany = this.#toasts.length - most;
    if (tooMany > 0) {
      const going = this.#toasts.filter((one) => !one.stays && one.id !== toast.id).slice(0, tooMany);
      for (const one of going) this.dismiss(one.id);
    }
    if (!content.stays) {
      const left = content.undo || content.actions?.length ? standing.actionable : standing.plain;
      this.#running.set(toast.id, { timer: undefined, since: this.#clock.now(), left });
      if (!this.#held) this.#run(toast.id);
    }
    return toast.id;
  }

  dismiss(id: number): void {
    this.#clock.clearTimeout(this.#running.get(id)?.timer);
    this.#running.delete(id);
    this.#toasts = this.#toasts.filter((toast) => toast.id !== id);
  }

  /** Takes the newest undoable thing back. @returns whether there was one */
  undoLast(): boolean {
    const toast = this.#toasts.findLast((one) => one.undo !== undefined);
    if (!toast) return false;
    this.dismiss(toast.id);
    toast.undo?.run();
    return true;
  }

  /** Stops all clocks while a hand or the focus is on a toast. */
  hold(): void {
    if (this.#held) return;
    this.#held = true;
    for (const running of this.#running.values()) {
      this.#clock.clearTimeout(running.timer);
      running.left -= this.#clock.now() - running.since;
    }
  }

  release(): void {
    if (!this.#held) return;
    this.#held = false;
    for (const id of this.#running.keys()) this.#run(id);
  }

  /** Ends every timer. Call when the page ends. */
  end(): void {
    for (const running of this.#running.values()) this.#clock.clearTimeout(running.timer);
    this.#running.clear();
    this.#toasts = [];
  }

  #run(id: number): void {
    const running = this.#running.get(id);
    if (!running) return;
    running.since = this.#clock.now();
    // After a hold at least two seconds remain: nothing vanishes under a hand that just left it.
    running.timer = this.#clock.setTimeout(() => this.dismiss(id), Math.max(2_000, running.left));
  }
}

export const [useToasts, provideToasts] = createContext<ToastList>();
