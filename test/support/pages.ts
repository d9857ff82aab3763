import type { Browser, BrowserContext, Page } from 'playwright-core';

/**
 * Browser contexts that an earlier test has left, empty: a process, a heap and the scripts of the screens for each person of
 * each test cost more than what the tests do there.
 */
const left = new WeakMap<Browser, Page[]>();

export type ColorScheme = 'light' | 'dark';

export interface Viewport {
  readonly width: number;
  readonly height: number;
}

/** A page in a browser context of its own that knows nobody. */
export async function freshPage(browser: Browser, colorScheme: ColorScheme, viewport: Viewport): Promise<Page> {
  const page = left.get(browser)?.pop();
  if (page !== undefined) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ ...viewport });
    return page;
  }
  const context = await browser.newContext({ colorScheme, viewport, reducedMotion: 'reduce' });
  context.setDefaultTimeout(30_000);
  return context.newPage();
}

/** Takes away all that a site may have kept. @throws where the site does not answer any more */
async function forget(context: BrowserContext, page: Page, site: string): Promise<void> {
  for (const tab of context.pages()) if (tab !== page) await tab.close();
  await context.unrouteAll({ behavior: 'ignoreErrors' });
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await context.setOffline(false);
  await context.clearPermissions();
  // A document without scripts: what the last one still wrote while it was left goes too.
  await page.goto(`${site}/livez`);
  await page.evaluate(async () => {
    localStorage.clear();
    sessionStorage.clear();
    window.name = '';
    for (const { name } of await indexedDB.databases()) if (name !== undefined) indexedDB.deleteDatabase(name);
  });
  await context.clearCookies();
  await page.goto('about:blank');
}

/**
 * Leaves a page to the next test, or closes its context where it cannot be made as new.
 * @param site where its documents came from, as `http://127.0.0.1:20123`
 */
export async function leavePage(browser: Browser, page: Page, site: string): Promise<void> {
  const context = page.context();
  try {
    await forget(context, page, site);
    left.set(browser, [...(left.get(browser) ?? []), page]);
  } catch {
    // A test has closed it, or its hub is gone.
    await context.close();
  }
}
