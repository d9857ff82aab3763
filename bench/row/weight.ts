import { gzipSync } from 'node:zlib';
import type { Browser, Locator, Page } from 'playwright-core';
import { launch, openScreen } from '../support/browser.ts';
import { pause } from '../support/measure.ts';
import { type Bench, type Figure, figureOf, type Row, roundsOf } from '../support/row.ts';
import { firstTeam, type Organisation, seedLive, seedOrganisation } from '../support/seed.ts';
import { StaffSocket } from '../support/staff-socket.ts';
import type { Hub } from '../support/stage.ts';

/**
 * P17 and P18, in Chromium: what the widget and the screens weigh (gzip -9 of every script, and for the widget every sheet,
 * that the browser really fetched; 1 KB is 1,000 bytes), and what they do to the page.
 */
export const weightRow: Row = {
  ids: ['P17', 'P18'],
  measure: async (bench) => {
    const organisation = await seedOrganisation(bench.stage.db.system, { teams: 2, agentsPerTeam: 20 });
    const hub = await bench.stage.hub({ web: bench.web });
    const browser = await launch();
    try {
      return [
        ...(await widget(bench, hub, browser, organisation)),
        ...(await screens(bench, hub, browser, organisation)),
      ];
    } finally {
      await browser.close();
      await bench.stage.stopHub(hub);
    }
  },
};

/** Adds up what a page fetches from the hub, by address. */
class Fetched {
  readonly #sizes = new Map<string, number>();
  readonly #under: Promise<void>[] = [];

  constructor(page: Page, origin: string, kinds: RegExp) {
    page.on('response', (response) => {
      const type = response.headers()['content-type'] ?? '';
      if (!response.url().startsWith(origin) || !kinds.test(type)) return;
      const read = response.body().then(
        (body) => void this.#sizes.set(response.url(), gzipSync(body, { level: 9 }).length),
        () => {},
      );
      this.#under.push(read);
    });
  }

  /** The heaviest, for whoever wants to know where it comes from. */
  heaviest(count: number): string {
    return [...this.#sizes]
      .sort((a, b) => b[1] - a[1])
      .slice(0, count)
      .map(([url, size]) => `${url.slice(url.lastIndexOf('/') + 1)} ${(size / 1000).toFixed(1)}`)
      .join(', ');
  }

  /** KB so far. @param which by address; all, where it is left out */
  async total(which: (url: string) => boolean = () => true): Promise<number> {
    await Promise.all(this.#under);
    return [...this.#sizes].reduce((sum, [url, size]) => sum + (which(url) ? size : 0), 0) / 1000;
  }
}

declare global {
  interface Window {
    benchWork: { blocked: number; shifted: number };
    benchFeel: { lcp: number; inp: number };
    /** When the page was first live, by its own clock. */
    benchLiveAt: number;
  }
}

/** Long tasks and shifts since the page began; runs in the page. */
function watchWork(): void {
  const found = { blocked: 0, shifted: 0 };
  window.benchWork = found;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) found.blocked += Math.max(0, entry.duration - 50);
  }).observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if ('value' in entry) found.shifted += Number(entry.value);
  }).observe({ type: 'layout-shift', buffered: true });
}

async function host(
  browser: Browser,
  url: string,
  then: (page: Page) => Promise<void>,
): Promise<{ blocked: number; shifted: number }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.addInitScript(watchWork);
  await page.goto(url);
  await then(page);
  await pause(800);
  const found = await page.evaluate(() => window.benchWork);
  await context.close();
  return found;
}

async function widget(bench: Bench, hub: Hub, browser: Browser, organisation: Organisation): Promise<Figure[]> {
  await bench.stage.db.system.query('update clock set position = 1 where organisation_id = $1 and position = 0', [
    organisation.id,
  ]);
  const bare = `${bench.stage.raw.url}/host`;
  const withWidget = `${bare}?script=${encodeURIComponent(`${hub.url}/widget.js`)}&organisation=${organisation.id}`;
  const blocked: number[] = [];
  const shifted: number[] = [];
  for (const _ of roundsOf(bench, 'widget', 40_000)) {
    const floor = await host(browser, bare, () => pause(1500));
    const product = await host(browser, withWidget, async (page) => {
      const loader = page.getByRole('button', { name: /chat/i }).first();
      await loader.waitFor();
      await loader.click();
      await page.frameLocator('iframe').getByRole('textbox').first().waitFor();
    });
    blocked.push(Math.max(0, product.blocked - floor.blocked));
    shifted.push(Math.max(0, product.shifted - floor.shifted));
  }
  const context = await browser.newContext();
  const page = await context.newPage();
  const fetched = new Fetched(page, hub.url, /javascript|css/);
  await page.goto(withWidget);
  const loader = page.getByRole('button', { name: /chat/i }).first();
  await loader.waitFor();
  await pause(1000);
  const before = await fetched.total();
  await loader.click();
  await page.frameLocator('iframe').getByRole('textbox').first().waitFor();
  await pause(1000);
  const opened = await fetched.total();
  const heaviest = fetched.heaviest(5);
  await context.close();
  const one = (what: string, unit: Figure['unit'], atMost: number, rounds: readonly number[], behind: string): Figure =>
    figureOf({ id: 'P17', what, unit, goal: { atMost }, rounds, behind, exactness: null });
  return [
    one('widget before anybody reaches for it, scripts and sheets', 'KB', 4, [before], ''),
    one('widget once opened, scripts and sheets, all that was fetched', 'KB', 45, [opened], heaviest),
    one(
      "blocking time that the widget adds to its host's page, opening it included",
      'ms',
      0,
      blocked,
      'long tasks above 50 ms',
    ),
    one("layout shift that the widget adds to its host's page", '', 0, shifted, ''),
  ];
}

/** Largest paint and slowest interaction of a page under a four times slower processor, ms. */
interface Felt {
  readonly lcp: number;
  readonly inp: number;
}

function watchFeel(): void {
  const found = { lcp: 0, inp: 0 };
  const slow = { type: 'event', durationThreshold: 16, buffered: true };
  window.benchFeel = found;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) found.lcp = entry.startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if ('interactionId' in entry && Number(entry.interactionId) > 0) found.inp = Math.max(found.inp, entry.duration);
  }).observe(slow);
}

async function screens(bench: Bench, hub: Hub, browser: Browser, organisation: Organisation): Promise<Figure[]> {
  const team = firstTeam(organisation);
  const live = await seedLive(bench.stage.db.system, organisation, team, { agents: 20, each: 3 });
  const raising: StaffSocket[] = [];
  for (const session of live.filter((_, at) => at % 6 === 0)) {
    const token = team.agents[session.agent]?.token ?? '';
    const socket = await StaffSocket.connect({
      url: hub.url,
      token,
      organisationId: organisation.id,
      screen: 'console',
    });
    raising.push(socket);
    const input = { sessionId: session.id, reasonId: organisation.reasonId, message: 'May I go on?', askJoin: false };
    await socket.send('flag:raise', input);
  }
  const figures: Figure[] = [];
  const one = (what: string, unit: Figure['unit'], atMost: number, rounds: readonly number[], behind: string): void =>
    void figures.push(figureOf({ id: 'P18', what, unit, goal: { atMost }, rounds, behind, exactness: null }));
  for (const [name, path, most, token] of [
    ['wallboard', '/wallboard', 90, team.supervisor.token],
    ['console', '/console', 120, team.agents[1]?.token ?? ''],
  ] as const) {
    const weights: Weight[] = [];
    const felt: Felt[] = [];
    for (const _ of roundsOf(bench, name, 40_000)) {
      weights.push(await firstLoad(browser, hub, path, token));
      felt.push(await feel(browser, hub, path, token));
    }
    const later = Math.max(...weights.map(({ later }) => later));
    one(
      `${name}: scripts of the first load`,
      'KB',
      most,
      weights.map(({ first }) => first),
      `until live; another ${later.toFixed(1)} KB are fetched afterwards, while nothing happens`,
    );
    one(
      `${name}: slowest scripted interaction, processor 4x slower`,
      'ms',
      100,
      felt.map(({ inp }) => inp),
      'INP as web-vitals counts it',
    );
    one(
      `${name}: largest contentful paint, processor 4x slower`,
      's',
      1.5,
      felt.map(({ lcp }) => lcp / 1000),
      '',
    );
  }
  for (const socket of raising) socket.close();
  return figures;
}

type Path = '/console' | '/wallboard';

/** What shows that a screen is live: a flag's card, a customer in the list. */
const liveOf: Readonly<Record<Path, { readonly selector: string; readonly words: string }>> = {
  '/wallboard': { selector: 'article', words: '' },
  '/console': { selector: '[role="option"]', words: 'Customer ' },
};

/** Notes when that was first painted: scripts that are asked for later are not part of the first load. */
function watchLive({ selector, words }: { readonly selector: string; readonly words: string }): void {
  window.benchLiveAt = Number.POSITIVE_INFINITY;
  const watch = new MutationObserver(() => {
    if (![...document.querySelectorAll(selector)].some((one) => one.textContent?.includes(words) === true)) return;
    watch.disconnect();
    requestAnimationFrame(() => {
      window.benchLiveAt = performance.now();
    });
  });
  watch.observe(document, { childList: true, subtree: true });
}

/** KB of scripts until the screen is live, and in the second after it, while nothing is touched. */
interface Weight {
  readonly first: number;
  readonly later: number;
}

async function firstLoad(browser: Browser, hub: Hub, path: Path, token: string): Promise<Weight> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const fetched = new Fetched(page, hub.url, /javascript/);
  await page.addInitScript((value) => sessionStorage.setItem('halyard.tab-token', value), token);
  await page.addInitScript(watchLive, liveOf[path]);
  await page.goto(`${hub.url}${path}`);
  await isLive(page, path);
  await pause(1000);
  const before = await page.evaluate(() => {
    const scripts = performance.getEntriesByType('resource').filter(({ startTime }) => startTime <= window.benchLiveAt);
    return scripts.map(({ name }) => name);
  });
  const first = await fetched.total((url) => before.includes(url));
  const later = (await fetched.total()) - first;
  await context.close();
  return { first, later };
}

async function isLive(page: Page, path: Path): Promise<void> {
  const { selector, words } = liveOf[path];
  await page.locator(selector).filter({ hasText: words }).first().waitFor();
}

async function feel(browser: Browser, hub: Hub, path: Path, token: string): Promise<Felt> {
  const { page, context } = await openScreen(browser, hub, path, token, async (fresh) => {
    await fresh.addInitScript(watchFeel);
    const devtools = await fresh.context().newCDPSession(fresh);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  });
  await isLive(page, path);
  await pause(1000);
  if (path === '/wallboard') await useWallboard(page);
  else await useConsole(page);
  await pause(500);
  const felt = await page.evaluate(() => window.benchFeel);
  await context.close();
  return felt;
}

/**
 * Presses as a hand does: the pointer is there before. The library's own click looks for what it hits from within the page, in the
 * same tasks, and that would count as the page's.
 */
async function press(page: Page, what: Locator): Promise<void> {
  await what.scrollIntoViewIfNeeded();
  const box = await what.boundingBox();
  if (box === null) throw new Error('what is to be pressed is not shown');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await pause(200);
  await page.mouse.down();
  await page.mouse.up();
}

/** What a supervisor does in a minute: takes, opens the private line, types, closes, lowers. */
async function useWallboard(page: Page): Promise<void> {
  const card = page.getByRole('article').first();
  await press(page, card.getByRole('button', { name: /^Chat/ }));
  await page.getByRole('textbox', { name: /^Private to/ }).pressSequentially('Read it back.');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').first().waitFor({ state: 'hidden' });
  await press(page, card.getByRole('button', { name: /^Monitor/ }));
  await page.getByRole('dialog').first().waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.keyboard.press('Escape');
}

/** What an agent does in a minute: opens conversations, types, opens the flag dialog and thinks better of it. */
async function useConsole(page: Page): Promise<void> {
  const rows = page.getByText(/^Customer \d+/);
  await press(page, rows.nth(0));
  await press(page, rows.nth(1));
  await page
    .getByRole('textbox', { name: /^Reply to/ })
    .first()
    .pressSequentially('One moment.');
  await press(page, page.getByRole('button', { name: /^Flag/ }).first());
  await page.getByRole('dialog').getByRole('textbox').pressSequentially('May I?');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').first().waitFor({ state: 'hidden' });
}
