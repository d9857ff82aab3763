export interface Counts {
  /** Help flags that nobody has taken. */
  readonly help: number;
  /** Unread lines. */
  readonly unread: number;
}

/** The title of a tab: help first, because it is what one looks for in a row of tabs. */
export function titleWith(title: string, { help, unread }: Counts): string {
  if (help > 0) return `(${help}) ✋ ${title}`;
  return unread > 0 ? `(${unread}) ${title}` : title;
}

/** The icon of a tab: our mark, with an orange block and the number while help is wanted, a blue dot while lines wait. */
export function iconWith({ help, unread }: Counts): string {
  const number = help > 9 ? '9+' : String(help);
  const badge =
    help > 0
      ? `<path d="M8 12h24l-4 10 4 10H8z" fill="#ff7d1f"/><text x="18" y="28" font-family="system-ui,sans-serif" font-size="16" font-weight="700" text-anchor="middle" fill="#1d0f02">${number}</text>`
      : unread > 0
        ? '<circle cx="24" cy="24" r="8" fill="#1d6fd1"/>'
        : '';
  const mark =
    '<rect width="32" height="32" rx="7" fill="#1b222b"/><path d="M9 25V7h2v2h12l-4 4.5 4 4.5H11v7z" fill="#fff"/>';
  return `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${mark}${badge}</svg>`)}`;
}

/** Marks the tab of a page, for people who look elsewhere. */
export class TabBadge {
  #page: Document;
  #title: string;

  /** @param title name of the screen: "Wallboard" */
  constructor(page: Document, title: string) {
    this.#page = page;
    this.#title = title;
    this.show({ help: 0, unread: 0 });
  }

  show(counts: Counts): void {
    const title = titleWith(this.#title, counts);
    if (this.#page.title !== title) this.#page.title = title;
    let link = this.#page.head.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (!link) {
      link = this.#page.createElement('link');
      link.rel = 'icon';
      this.#page.head.append(link);
    }
    const icon = iconWith(counts);
    if (link.href !== icon) link.href = icon;
  }
}
