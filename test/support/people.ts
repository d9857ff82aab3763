import { fileURLToPath } from 'node:url';
import type { Browser, ConsoleMessage, Disposable, FrameLocator, Page, WebSocket } from 'playwright-core';
import { expect } from 'vitest';
import { axeFinds } from './axe.ts';
import type { Floor, TestOrganisation } from './floor.ts';
import { ensureBuilt } from './hub-process.ts';
import { type ColorScheme, freshPage, leavePage, type Viewport } from './pages.ts';
import type { SocketGate } from './socket-gate.ts';

/** The built screens, made anew where they are stale. */
export function builtWeb(): string {
  ensureBuilt();
  return fileURLToPath(new URL('../../dist/web', import.meta.url));
}

export interface SceneOptions {
  readonly colorScheme?: ColorScheme;
  readonly viewport?: Viewport;
  /** Runs in the page before its own scripts. */
  readonly init?: () => void;
  /** What follows `/customer` in the address of a customer's page. */
  readonly query?: string;
  /** Stands between the page's sockets and the hub. */
  readonly gate?: SocketGate;
}

/** Whose floor a page is opened on, and at which address. */
export interface SceneFloor extends Pick<Floor, 'url' | 'token'> {
  /** What the tokens are: a demo tab's own (the default), or a browser's cookie. */
  readonly kind?: 'tab' | 'cookie';
}

/** People at their screens: each in a browser context of their own, with everything the page complained about. */
export class Scene {
  readonly browser: Browser;
  readonly floor: SceneFloor;
  readonly organisation: TestOrganisation;
  readonly problems: string[] = [];
  /** Complaints that the test itself brings about: a cut network is one. */
  readonly #expected: RegExp;
  /** Pages whose contexts are this scene's, and what takes out of a page what the scene has put in. */
  readonly #pages = new Map<Page, { readonly mayStay: boolean; readonly undo: (() => unknown)[] }>();
  readonly #frames = new Map<Page, string[]>();

  constructor(parts: { browser: Browser; floor: SceneFloor; organisation: TestOrganisation; expected?: RegExp }) {
    this.browser = parts.browser;
    this.floor = parts.floor;
    this.organisation = parts.organisation;
    // A 401 before signing in is how a page learns that it must ask.
    this.#expected = parts.expected ?? /401/;
  }

  /** A person's console or wallboard, signed in through the session that the demo door would have given. */
  async staff(name: string, path: string, options: SceneOptions = {}, whose = this.organisation): Promise<Page> {
    const page = await this.#page(name, options);
    await this.signIn(page, name, whose);
    await page.goto(`${this.floor.url}${path}`);
    return page;
  }

  /** Another tab of the browser that a page is in, as the same or another person. */
  async tab(beside: Page, name: string, path: string, whose = this.organisation): Promise<Page> {
    const page = await beside.context().newPage();
    this.#listen(page, name);
    await this.signIn(page, name, whose);
    await page.goto(`${this.floor.url}${path}`);
    return page;
  }

  /** The page with the widget on it; the widget's frame once it was opened. */
  async customer(options: SceneOptions = {}): Promise<{ page: Page; chat: FrameLocator }> {
    const page = await this.#page('customer', options);
    // Where a hub has several organisations, a site names its own in the widget's line.
    await page.route(/\/customer(\?|$)/, async (route) => {
      const answer = await route.fetch();
      const line = 'src="/widget.js"';
      const body = (await answer.text()).replace(line, `data-organisation="${this.organisation.id}" ${line}`);
      await route.fulfill({ response: answer, body });
    });
    await page.goto(`${this.floor.url}/customer${options.query ?? ''}`);
    return { page, chat: page.frameLocator('iframe') };
  }

  /** Everything that came to a page over its sockets, as one text: for searching what must not be there. */
  heard(page: Page): string {
    return (this.#frames.get(page) ?? []).join('\n');
  }

  /** Gives every later document of a tab a person's session; a cookie gives it to every tab of that browser. */
  async signIn(page: Page, name: string, whose = this.organisation): Promise<void> {
    const token = await this.floor.token(whose, name);
    if (this.floor.kind === 'cookie') {
      await page.context().addCookies([{ name: 'halyard', value: token, url: this.floor.url }]);
      return;
    }
    const script = await page.addInitScript((value) => {
      // Whoever signed out in this tab stays signed out over a reload.
      if (sessionStorage.getItem('test.signed-in') !== null) return;
      sessionStorage.setItem('test.signed-in', 'yes');
      sessionStorage.setItem('halyard.tab-token', value);
    }, token);
    this.#undoLater(page, script);
  }

  async #page(who: string, options: SceneOptions): Promise<Page> {
    const { colorScheme = 'light', viewport = { width: 1440, height: 900 } } = options;
    const page = await freshPage(this.browser, colorScheme, viewport);
    // Sockets that go through a gate do so for the life of the context.
    this.#pages.set(page, { mayStay: options.gate === undefined, undo: [] });
    this.#listen(page, who);
    if (options.init !== undefined) this.#undoLater(page, await page.addInitScript(options.init));
    await options.gate?.attach(page);
    return page;
  }

  #listen(page: Page, who: string): void {
    const frames: string[] = [];
    this.#frames.set(page, frames);
    const hear = (socket: WebSocket): void =>
      void socket.on('framereceived', ({ payload }) => frames.push(String(payload)));
    const fail = (error: Error): number => this.problems.push(`${who}: ${error.message}`);
    const complain = (message: ConsoleMessage): void => {
      if (message.type() === 'error' && !this.#expected.test(message.text()))
        this.problems.push(`${who}: ${message.text()}`);
    };
    page.on('websocket', hear).on('pageerror', fail).on('console', complain);
    this.#pages.get(page)?.undo.push(() => page.off('websocket', hear).off('pageerror', fail).off('console', complain));
  }

  #undoLater(page: Page, script: Disposable): void {
    this.#pages.get(page)?.undo.push(() => script.dispose());
  }

  async close(): Promise<void> {
    for (const [page, { mayStay, undo }] of this.#pages) {
      if (mayStay && !page.isClosed()) {
        for (const take of undo) await take();
        await leavePage(this.browser, page, this.floor.url);
      } else await page.context().close();
    }
  }
}

const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Nothing that axe finds, on the page as it stands (WCAG 2.2 AA). @param rules these alone, instead of all */
export async function axeClean(page: Page, where: string, rules: readonly string[] = []): Promise<void> {
  const found = await axeFinds(page, rules.length > 0 ? { rules } : { tags: wcag });
  expect(found.map(({ id, at }) => `${where}: ${id} at ${at}`)).toEqual([]);
}
