/** Whether a person can be looking: the tab is visible and has the focus. Ends with its screen. */
export class Attention {
  #here = $state.raw(false);
  readonly #stop: () => void;

  constructor(page: Document = document, view: Window = window) {
    const look = (): void => {
      this.#here = page.visibilityState === 'visible' && page.hasFocus();
    };
    look();
    page.addEventListener('visibilitychange', look);
    view.addEventListener('focus', look);
    view.addEventListener('blur', look);
    this.#stop = () => {
      page.removeEventListener('visibilitychange', look);
      view.removeEventListener('focus', look);
      view.removeEventListener('blur', look);
    };
  }

  get here(): boolean {
    return this.#here;
  }

  close(): void {
    this.#stop();
  }
}
