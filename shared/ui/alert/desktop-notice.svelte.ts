export type NoticePermission = 'default' | 'granted' | 'denied' | 'unsupported';

export interface Notice {
  readonly title: string;
  readonly body: string;
  /** Notices of one tag replace each other: a flag has one, however often it changes. */
  readonly tag: string;
  readonly onclick?: (() => void) | undefined;
}

interface Shown {
  onclick: ((this: Notification, event: Event) => unknown) | null;
  close(): void;
}

export interface NoticeEnvironment {
  /** What the browser says; undefined where it has no notifications. */
  readonly permission: () => NotificationPermission | undefined;
  readonly request: () => Promise<NotificationPermission>;
  readonly make: (title: string, options: NotificationOptions) => Shown;
  /** Whether somebody looks at the page: then a notice would only cover it. */
  readonly watched: () => boolean;
  readonly focus: () => void;
}

function browserEnvironment(): NoticeEnvironment {
  const supported = typeof Notification !== 'undefined';
  return {
    permission: () => (supported ? Notification.permission : undefined),
    request: () => Notification.requestPermission(),
    make: (title, options) => new Notification(title, options),
    watched: () => document.visibilityState === 'visible' && document.hasFocus(),
    focus: () => window.focus(),
  };
}

/** Notices of the desktop, for a page that is not looked at. */
export class DesktopNotice {
  #environment: NoticeEnvironment;
  #permission = $state.raw<NoticePermission>('unsupported');
  #shown = new Map<string, Shown>();

  constructor(environment: NoticeEnvironment = browserEnvironment()) {
    this.#environment = environment;
    this.#permission = environment.permission() ?? 'unsupported';
  }

  /** `default` means: nobody has been asked yet. */
  get permission(): NoticePermission {
    return this.#permission;
  }

  /** Asks the person. Browsers want this to come from a press of a button. */
  async ask(): Promise<NoticePermission> {
    if (this.#permission === 'default') this.#permission = await this.#environment.request();
    return this.#permission;
  }

  /** Shows a notice where it is allowed and nobody looks at the page. @returns whether it was shown */
  show(notice: Notice): boolean {
    if (this.#permission !== 'granted' || this.#environment.watched()) return false;
    try {
      const shown = this.#environment.make(notice.title, { body: notice.body, tag: notice.tag });
      shown.onclick = () => {
        this.#environment.focus();
        this.withdraw(notice.tag);
        notice.onclick?.();
      };
      this.#shown.set(notice.tag, shown);
      return true;
    } catch {
      // Some phones have the name but throw: they want a service worker for it.
      this.#permission = 'unsupported';
      return false;
    }
  }

  /** Takes a notice away: its cause is gone. */
  withdraw(tag: string): void {
    this.#shown.get(tag)?.close();
    this.#shown.delete(tag);
  }
}
