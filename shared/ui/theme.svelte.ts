export type ThemeChoice = 'system' | 'light' | 'dark';

export interface ThemeEnvironment {
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | undefined;
  /** The element that carries `data-theme`. */
  readonly root: { readonly dataset: DOMStringMap };
  /** The system's wish, followed while it changes. */
  readonly system: Pick<MediaQueryList, 'matches' | 'addEventListener' | 'removeEventListener'> | undefined;
}

const place = 'halyard.theme';

function browserEnvironment(): ThemeEnvironment {
  return {
    storage: localStorage,
    root: document.documentElement,
    system: matchMedia('(prefers-color-scheme: dark)'),
  };
}

function recall(storage: ThemeEnvironment['storage']): ThemeChoice {
  try {
    const kept = storage?.getItem(place);
    return kept === 'light' || kept === 'dark' ? kept : 'system';
  } catch {
    return 'system';
  }
}

/** Light, dark, or as the system says; remembered in this browser. */
export class Theme {
  #environment: ThemeEnvironment;
  #choice = $state.raw<ThemeChoice>('system');
  #system = $state.raw(false);

  constructor(environment: ThemeEnvironment = browserEnvironment()) {
    this.#environment = environment;
    this.#choice = recall(environment.storage);
    this.#system = environment.system?.matches ?? false;
    this.#draw();
  }

  get choice(): ThemeChoice {
    return this.#choice;
  }

  /** What is drawn now. */
  get dark(): boolean {
    return this.#choice === 'system' ? this.#system : this.#choice === 'dark';
  }

  choose(choice: ThemeChoice): void {
    this.#choice = choice;
    this.#draw();
    try {
      if (choice === 'system') this.#environment.storage?.removeItem(place);
      else this.#environment.storage?.setItem(place, choice);
    } catch {
      // Storage may be full or closed: the choice holds for this page.
    }
  }

  /** Follows the system while the page lives. @returns stops following */
  start(): () => void {
    const { system } = this.#environment;
    const follow = (): void => {
      this.#system = system?.matches ?? false;
    };
    system?.addEventListener('change', follow);
    return () => system?.removeEventListener('change', follow);
  }

  #draw(): void {
    const { dataset } = this.#environment.root;
    if (this.#choice === 'system') delete dataset.theme;
    else dataset.theme = this.#choice;
  }
}
