import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Flag } from '../../shared/contract/flag.ts';
import { axeFinds } from '../support/axe.ts';
import { launchChromium } from '../support/chromium.ts';
import { until } from '../support/wait.ts';

// The wallboard over hand-made floors: states that are rare or hard to reach with a hub, and what hands do to the board.

let folder: string;
let server: PreviewServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let problems: string[];

const root = fileURLToPath(new URL('../../wallboard/specimen/', import.meta.url));
const proof = process.env.HALYARD_PROOF === '1';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wallboard-'));
  const plugins = [svelte({ configFile: false })];
  await build({ configFile: false, root, plugins, build: { outDir: folder, minify: false }, logLevel: 'error' });
  server = await preview({
    configFile: false,
    root,
    build: { outDir: folder },
    preview: { host: '127.0.0.1', port: 0 },
    logLevel: 'error',
  });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  context.setDefaultTimeout(5_000);
  page = await context.newPage();
  problems = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'warning' || message.type() === 'error') problems.push(message.text());
  });
});

afterEach(async () => {
  await context.close();
  expect(problems).toEqual([]);
});

interface Look {
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  readonly kiosk?: boolean;
  readonly dir?: 'rtl';
}

async function show(
  state: string,
  { theme = 'light', width = 1440, height = 900, kiosk, dir }: Look = {},
): Promise<void> {
  await page.setViewportSize({ width, height });
  const [address] = server.resolvedUrls?.local ?? [];
  const more = `${kiosk === true ? '&kiosk' : ''}${dir === undefined ? '' : `&dir=${dir}`}`;
  await page.goto(`${address}?state=${state}&theme=${theme}${more}`);
  await page.locator('h1').first().waitFor({ state: 'attached' });
  await page.locator('main').first().waitFor();
}

async function violations(): Promise<string[]> {
  return (await axeFinds(page)).map(({ id, html }) => `${id}: ${html}`);
}

const board = () => page.getByRole('region', { name: 'Raised Flags' });
const card = (name: string) => board().getByRole('article', { name: new RegExp(`^${name} with`) });
const names = (): Promise<string[]> => board().getByRole('article').getByRole('heading').locator('b').allInnerTexts();
const change = (number: number, to: Partial<Flag>): Promise<void> =>
  page.evaluate(([at, flag]) => window.specimen.flag(at, flag), [number, to] as const);
const focused = (): Promise<string> =>
  page.evaluate(
    () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim() ?? '',
  );

const states = ['usual', 'empty', 'loading', 'stale', 'denied', 'no-teams', 'monitor', 'joined', 'chat', 'many'];
const few = ['stale', 'chat'];

describe.each(['light', 'dark'] as const)('axe finds nothing, %s', (theme) => {
  test.each(proof ? states : few)('%s', async (state) => {
    await show(state, { theme });
    expect(await violations()).toEqual([]);
  });

  test('on a phone and on a wall', async () => {
    await show('joined', { theme, width: 390, height: 844 });
    expect(await violations()).toEqual([]);
    await show('stale', { theme, kiosk: true, width: 1920, height: 1080 });
    expect(await violations()).toEqual([]);
  });

  test('while something is asked', async () => {
    await show('usual', { theme });
    await page.keyboard.press('F');
    await page.keyboard.press('L');
    await board().getByRole('button', { name: 'Answered' }).waitFor();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.getByRole('heading', { name: 'Arrange the board' }).waitFor();
    expect(await violations()).toEqual([]);
  });
});

test.each([
  [1920, 1080],
  [1440, 900],
  [1024, 768],
  [390, 844],
])('nothing sticks out at %i by %i, either way round', async (width, height) => {
  for (const look of [{}, { dir: 'rtl' }] as const)
    for (const state of ['usual', 'monitor', 'empty']) {
      await show(state, { width, height, ...look });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
});

describe('a hand on the list', () => {
  test('keeps the card under the pointer where it is, and lets go when it leaves', async () => {
    await show('usual');
    const before = await names();
    await card('Leo Fontaine').hover();
    const at = await card('Leo Fontaine').boundingBox();
    // The first is claimed, a new one is more urgent than all, and the second goes down.
    await change(1, { claim: { personId: '00000001-0000-7000-8000-000000900001', at: 1 } as Flag['claim'] });
    await change(77, { targetAt: 1, seenBy: [], join: null, claim: null, joinedBy: [] });
    await page.evaluate(() => window.specimen.lower(2));
    await board().getByText('Lowered.').waitFor();
    expect(await card('Leo Fontaine').boundingBox()).toEqual(at);
    expect((await names()).slice(0, 3)).toEqual(before.slice(0, 3));
    await page.mouse.move(2, 2);
    await board().getByText('Lowered.').waitFor({ state: 'detached' });
    expect((await names())[0]).toBe('Marcus Bell');
    expect((await names()).slice(1, 2)).toEqual(['Leo Fontaine']);
  });

  test('one key is the outcome, and Esc thinks again', async () => {
    await show('usual');
    await page.keyboard.press('F');
    await page.keyboard.press('L');
    await until('the outcomes have the focus', async () => (await focused()).startsWith('Answered'));
    await page.keyboard.press('Escape');
    await until('the card has the focus', async () => (await focused()).includes('Marcus Bell'));
    await page.keyboard.press('L');
    await board().getByRole('button', { name: 'Not needed' }).waitFor();
    await page.keyboard.press('4');
    await until('it is asked', () => page.evaluate(() => window.specimen.asked.includes('flag:lower')));
    // Refused by the floor that is only a picture: it says so, and what to do.
    await page.getByText('This is a picture, there is no hub behind it.').waitFor();
  });

  test('Take that was pressed twice does not release', async () => {
    await show('quiet');
    await change(1, { claim: { personId: '00000001-0000-7000-8000-000000900000', at: Date.now() } as Flag['claim'] });
    await card('Marcus Bell').getByRole('button', { name: 'Taken' }).click();
    await card('Marcus Bell').getByRole('button', { name: 'Release' }).waitFor();
    expect(await page.evaluate(() => window.specimen.asked)).not.toContain('flag:release');
  });
});

describe('arranging', () => {
  const tiles = () => page.getByRole('group', { name: 'Figures' }).getByRole('heading').allInnerTexts();

  test('by keyboard, hidden and shown, undone and kept over a reload', async () => {
    await show('usual');
    const first = await tiles();
    await page.getByRole('button', { name: 'Arrange the board' }).click();
    await page.getByRole('button', { name: 'Move Waiting' }).press('ArrowRight');
    expect((await tiles()).slice(0, 2)).toEqual(['Longest wait', 'Waiting']);
    expect(await focused()).toBe('Move Waiting');
    await page.getByRole('button', { name: 'Hide Unassigned' }).click();
    expect(await tiles()).not.toContain('Unassigned');
    await page.reload();
    await page.getByText('Time to help').waitFor();
    expect(await tiles()).not.toContain('Unassigned');
    await page.getByRole('button', { name: 'Arrange the board' }).click();
    await page.getByRole('button', { name: 'Show Unassigned' }).click();
    expect((await tiles()).at(-1)).toBe('Unassigned');
    await page.getByRole('button', { name: 'Reset' }).click();
    expect(await tiles()).toEqual(first);
    await page.getByRole('button', { name: 'Undo' }).click();
    expect((await tiles()).at(-1)).toBe('Unassigned');
  });

  test('by dragging', async () => {
    await show('usual');
    await page.getByRole('button', { name: 'Arrange the board' }).click();
    const from = await page.getByRole('button', { name: 'Move Waiting' }).boundingBox();
    const to = await page.getByRole('button', { name: 'Move Unassigned' }).boundingBox();
    if (from === null || to === null) throw new Error('the handles are not there');
    await page.mouse.move(from.x + 5, from.y + 5);
    await page.mouse.down();
    await page.mouse.move(to.x + 5, to.y + 5, { steps: 8 });
    await page.mouse.up();
    expect((await tiles())[3]).toBe('Waiting');
  });
});

describe('agents', () => {
  const table = () => page.getByRole('table', { name: 'Agents' });

  test('5,000 of them are a few rows of the page, wherever it is scrolled', async () => {
    await show('big');
    await table()
      .getByRole('row', { name: /Marcus Bell/ })
      .first()
      .waitFor();
    const nodes = (): Promise<number> => page.evaluate(() => document.querySelectorAll('*').length);
    expect(await nodes()).toBeLessThan(3000);
    expect(await table().getAttribute('aria-rowcount')).toBe('5001');
    const region = page.getByRole('region', { name: 'Agents table' });
    await region.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await table().locator('tr[aria-rowindex="5001"]').waitFor();
    expect(await nodes()).toBeLessThan(3000);
  });

  test('are found, filtered and sorted', async () => {
    await show('usual');
    const rows = () => table().locator('tbody th').allInnerTexts();
    expect((await rows()).slice(0, 3)).toEqual(['Marcus Bell', 'Priya Raman', 'Leo Fontaine']);
    await page.getByRole('button', { name: 'With a flag' }).click();
    expect(await rows()).toHaveLength(5);
    await page.getByRole('button', { name: 'With a flag' }).click();
    await page.keyboard.press('/');
    await page.getByRole('searchbox', { name: 'Search agents' }).fill('kwame mensah');
    expect(await rows()).toEqual(['Kwame Mensah', 'Kwame Mensah 2', 'Kwame Mensah 3']);
    await page.getByRole('searchbox', { name: 'Search agents' }).fill('nobody of that name');
    await page.getByRole('button', { name: 'Show all agents' }).click();
    await page.getByRole('button', { name: 'Agent', exact: true }).click();
    expect((await rows())[0]).toBe('Aisha Diallo');
    await page.getByRole('button', { name: 'Agent', exact: true }).click();
    expect((await rows())[0]).toBe('Yara Haddad 3');
  });

  test('a click lists an agent’s conversations, and leads to watching one', async () => {
    await show('usual');
    await table().getByRole('button', { name: 'Priya Raman', exact: true }).click();
    const list = page.getByRole('dialog', { name: 'Priya Raman’s conversations' });
    await list.getByRole('listitem').first().waitFor();
    expect(await list.getByRole('listitem').count()).toBe(3);
    await list.getByRole('button', { name: /^Monitor Priya Raman with Rosa Iglesias/ }).click();
    await page.getByRole('dialog', { name: 'Priya Raman with Rosa Iglesias' }).waitFor();
    expect(await page.evaluate(() => window.specimen.asked)).toContain('supervision:monitor');
  });
});

describe('a wall', () => {
  test.each([
    [1280, 720],
    [1920, 1080],
    [3840, 2160],
  ])('at %i by %i cuts no flag in half and counts what has no room', async (width, height) => {
    await show('many', { kiosk: true, width, height });
    await page.getByText(/more flags/).waitFor();
    const below = await page.evaluate(
      () =>
        Math.max(...[...document.querySelectorAll('li')].map((row) => row.getBoundingClientRect().bottom)) -
        innerHeight,
    );
    expect(below).toBeLessThan(0);
    const cut = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
    expect(cut).toBeLessThanOrEqual(0);
  });

  test('says nothing of having seen a flag', async () => {
    await show('usual', { kiosk: true, width: 1920, height: 1080 });
    await page.getByText('Nobody has seen it').waitFor();
    expect(await page.getByRole('button').count()).toBe(0);
    expect(await page.evaluate(() => window.specimen.asked)).toEqual([]);
  });

  test('a desk tells the hub what its person sees', async () => {
    await show('usual');
    await until('the marks', () => page.evaluate(() => window.specimen.asked.includes('flag:mark-seen')));
  });
});
