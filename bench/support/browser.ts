import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { WebSocket } from 'ws';
import { chromiumLaunch } from '../../scripts/chromium.mjs';
import { pause, type Times } from './measure.ts';
import type { Hub, Stage } from './stage.ts';

/** Starts a headless Chromium, as a person's: without sound before a click. @throws where none is installed */
export const launch = (): Promise<Browser> => chromium.launch(chromiumLaunch({ sound: false }));

/** What a measured page holds for the bench. Instants are ms since 1970 by the page's monotonic clock. */
interface InPage {
  /** When a text that is not there yet has been painted, inside an element that the selector names. */
  painted(text: string, within: string): Promise<number>;
  /** When the last click reached the page. */
  clickedAt: number;
}
declare global {
  interface Window {
    bench: InPage;
  }
}

/** Runs in the page, before its own scripts. Painted: a frame was asked for, and the task after it has begun (rule 3). */
function watchPage(): void {
  const wanted = new Map<string, { within: string; tell: (at: number) => void }>();
  const now = (): number => performance.timeOrigin + performance.now();
  new MutationObserver((records) => {
    for (const [text, { within, tell }] of wanted) {
      const holds = (node: Node): boolean => {
        if (node.textContent?.includes(text) !== true) return false;
        const element = node instanceof Element ? node : node.parentElement;
        return element?.closest(within) != null || element?.querySelector(within)?.textContent?.includes(text) === true;
      };
      const shown = records.some(({ type, target, addedNodes }) =>
        type === 'characterData' ? holds(target) : [...addedNodes].some(holds),
      );
      if (!shown) continue;
      wanted.delete(text);
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => tell(now());
        port2.postMessage(null);
      });
    }
  }).observe(document, { childList: true, characterData: true, subtree: true });
  window.bench = {
    painted: (text, within) => new Promise((tell) => wanted.set(text, { within, tell })),
    clickedAt: 0,
  };
  addEventListener(
    'click',
    (event) => {
      window.bench.clickedAt = performance.timeOrigin + event.timeStamp;
    },
    true,
  );
}

/** A person's screen in a browser context of their own, signed in with the tab's token that the demo door would give. */
export async function openScreen(
  browser: Browser,
  hub: Hub,
  path: '/console' | '/wallboard',
  token: string,
  prepare: (page: Page) => Promise<void> = async () => {},
): Promise<{ readonly page: Page; readonly context: BrowserContext }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  await page.addInitScript(watchPage);
  await prepare(page);
  await page.addInitScript((value) => sessionStorage.setItem('halyard.tab-token', value), token);
  await page.goto(`${hub.url}${path}`);
  return { page, context };
}

/** From a click on one page until a text is painted on another, ms. Both clocks are this machine's monotonic one. */
export async function fromClickToPaint(
  from: Page,
  click: () => Promise<void>,
  to: Page,
  text: string,
  within = 'body',
): Promise<number> {
  const painted = to.evaluate((wanted) => window.bench.painted(wanted.text, wanted.within), { text, within });
  painted.catch(() => {});
  await click();
  const limit = pause(10_000).then(() => Promise.reject(new Error(`"${text}" was not painted within 10 s`)));
  limit.catch(() => {});
  const at = await Promise.race([painted, limit]);
  return at - (await from.evaluate(() => window.bench.clickedAt));
}

/** The floor of everything painted: a bare page in the same Chromium that shows what a bare `ws` server sends. */
export class PaintFloor {
  readonly #source: WebSocket;
  readonly #context: BrowserContext;
  #tell: (at: number) => void = () => {};

  private constructor(source: WebSocket, context: BrowserContext) {
    this.#source = source;
    this.#context = context;
    source.on('message', (data) => this.#tell(Number(data.toString().split(' ')[1])));
  }

  static async open(browser: Browser, stage: Stage): Promise<PaintFloor> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.goto(stage.raw.url);
    const source = new WebSocket(`${stage.raw.url.replace('http', 'ws')}/source`, { perMessageDeflate: false });
    await new Promise((open, failed) => source.once('open', open).once('error', failed));
    await pause(200);
    return new PaintFloor(source, context);
  }

  /** From sending to painted, at instants that have nothing to do with the frames. */
  async times(count: number): Promise<Times> {
    const times: number[] = [];
    for (let at = 0; at < count; at += 1) {
      await pause(4 + Math.random() * 25);
      const painted = new Promise<number>((tell) => {
        this.#tell = tell;
      });
      const sent = performance.timeOrigin + performance.now();
      this.#source.send(`floor-${at}`);
      times.push((await painted) - sent);
    }
    return times;
  }

  async close(): Promise<void> {
    this.#source.terminate();
    await this.#context.close();
  }
}
