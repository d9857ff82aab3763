import type { ToFrame, ToPage } from './message.ts';

/** The page around the chat, as the chat sees it: whether it is shown, and a way to tell the launcher what is new. */
export class Frame {
  #shown = $state.raw(false);
  readonly #window: Window;
  readonly #alone: boolean;
  #unread = 0;
  #live = false;
  /** Called whenever the page shows the chat; `focus`: it is to take the keyboard. */
  onshow: ((focus: boolean) => void) | null = null;

  constructor(window: Window) {
    this.#window = window;
    this.#alone = window.parent === window;
    this.#shown = this.#alone;
    window.addEventListener('message', (event: MessageEvent<ToFrame>) => {
      if (event.source === window.parent && !this.#alone) this.#hear(event.data);
    });
  }

  /** A page of its own, without a launcher. */
  get alone(): boolean {
    return this.#alone;
  }
  get shown(): boolean {
    return this.#shown;
  }

  /** The chat is drawn, so the page may show it. */
  ready(): void {
    this.#tell({ halyard: 'ready' });
    if (this.#alone) this.onshow?.(false);
  }

  hide(): void {
    this.#tell({ halyard: 'hide' });
  }

  /** @param unread lines that nobody has seen @param live a chat is open */
  news(unread: number, live: boolean): void {
    if (unread === this.#unread && live === this.#live) return;
    this.#unread = unread;
    this.#live = live;
    this.#tell({ halyard: 'news', unread, live });
  }

  /** @param theme light, dark, or anything else for the system's */
  paint(theme: string): void {
    const { dataset } = this.#window.document.documentElement;
    if (theme === 'light' || theme === 'dark') dataset.theme = theme;
    else delete dataset.theme;
  }

  #hear(message: ToFrame): void {
    if (message.halyard === 'show') {
      this.#shown = true;
      this.onshow?.(message.focus);
    } else if (message.halyard === 'hide') {
      this.#shown = false;
    } else if (message.halyard === 'theme') {
      this.paint(message.theme);
    }
  }

  #tell(message: ToPage): void {
    // To any page: it holds nothing of the chat, and which pages may frame the chat is the hub's to say.
    if (!this.#alone) this.#window.parent.postMessage(message, '*');
  }
}
