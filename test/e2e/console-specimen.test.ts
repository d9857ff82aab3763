import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { axeFinds } from '../support/axe.ts';
import { launchChromium } from '../support/chromium.ts';

// The console over hand-made floors, each in a state that is rare or hard to reach with a hub.

let folder: string;
let server: PreviewServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let problems: string[];

const root = fileURLToPath(new URL('../../console/specimen/', import.meta.url));
const proof = process.env.HALYARD_PROOF === '1';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-'));
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
    // Without a hub the history of a customer is not found: the page says so, and so does the browser.
    if (message.type() === 'warning' || (message.type() === 'error' && !message.text().includes('404')))
      problems.push(message.text());
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
  readonly hash?: string;
  readonly dir?: 'rtl';
}

async function show(
  state: string,
  { theme = 'light', width = 1440, height = 900, hash = '', dir }: Look = {},
): Promise<void> {
  await page.setViewportSize({ width, height });
  const [address] = server.resolvedUrls?.local ?? [];
  await page.goto(`${address}?state=${state}&theme=${theme}${dir === undefined ? '' : `&dir=${dir}`}${hash}`);
  await page.locator('main, nav').first().waitFor();
}

/** What axe finds on the page, or only in what is open above it. */
async function violations(within?: string): Promise<string[]> {
  return (await axeFinds(page, { within })).map(({ id, html }) => `${id}: ${html}`);
}

const strip = () => page.getByRole('region', { name: 'Your help flag' });
const focused = (): Promise<string> =>
  page.evaluate(
    () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim() ?? '',
  );

const states = [
  'calm',
  'nobody',
  'raised',
  'seen',
  'claimed',
  'declined',
  'joined',
  'offer',
  'empty',
  'loading',
  'stale',
  'failed',
  'slow',
  'reading',
  'waiting',
  'admin',
  'legacy',
  'legacy on',
  'messaging',
];
const few = ['declined', 'offer', 'empty', 'stale', 'legacy', 'messaging'];

describe.each(['light', 'dark'] as const)('axe finds nothing, %s', (theme) => {
  test.each(proof ? states : few)('%s', async (state) => {
    await show(state, { theme });
    expect(await violations()).toEqual([]);
  });

  test('folded to icons, and on a phone with every part of the conversation', async () => {
    await show('seen', { theme, width: 1024, height: 768 });
    expect(await violations()).toEqual([]);
    await show('seen', { theme, width: 390, height: 844 });
    for (const part of ['Side chat', 'Customer', 'Activity', 'Conversation']) {
      await page.getByRole('tab', { name: part }).click();
      expect([part, await violations()]).toEqual([part, []]);
    }
    await page.getByRole('button', { name: 'Back to the list' }).click();
    await page.getByRole('listbox', { name: 'Your inbox' }).waitFor();
    expect(await violations()).toEqual([]);
  });

  test('with each dialog and menu open', async () => {
    await show('calm', { theme });
    for (const [keys, name] of [
      ['Shift+F', 'Raise a flag'],
      ['Shift+T', 'Transfer'],
      ['?', 'Keyboard shortcuts'],
    ] as const) {
      await page.keyboard.press(keys);
      await page.getByRole('dialog', { name }).waitFor();
      expect([name, await violations('[role="dialog"]')]).toEqual([name, []]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog', { name }).waitFor({ state: 'detached' });
    }
    for (const name of [/^Status/, 'More actions', /^Sort/]) {
      await page.getByRole('button', { name }).click();
      await page.getByRole('menu').waitFor();
      expect([String(name), await violations('[role="menu"]')]).toEqual([String(name), []]);
      await page.keyboard.press('Escape');
      await page.getByRole('menu').waitFor({ state: 'detached' });
    }
    await show('claimed', { theme });
    for (const [keys, name] of [
      ['l', 'Lower flag'],
      ['e', 'Edit message'],
      ['Shift+C', 'Close with a help flag up?'],
    ] as const) {
      await page.keyboard.press(keys);
      await page.getByRole('dialog', { name }).waitFor();
      expect([name, await violations('[role="dialog"]')]).toEqual([name, []]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog', { name }).waitFor({ state: 'detached' });
    }
  });
});

describe('S1.4: the Flag button', () => {
  const flag = () => page.getByRole('button', { name: 'Flag', exact: true });
  const inPane = () => page.locator('main header').getByRole('button', { name: 'Flag', exact: true });
  const inConversation = () =>
    page.getByRole('region', { name: 'Write to the customer' }).getByRole('button', { name: 'Flag', exact: true });

  test.each([
    ['calm', 1, 0],
    ['legacy on', 1, 0],
    ['messaging', 0, 1],
    ['legacy', 0, 0],
  ])('sits where the channel has it: %s', async (state, pane, conversation) => {
    for (const width of [1440, 390]) {
      await show(state, { width });
      await page.getByRole('textbox', { name: 'Reply to Rosa' }).waitFor();
      expect([width, await inPane().count(), await inConversation().count()]).toEqual([width, pane, conversation]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    }
    if (pane + conversation === 0) return;
    expect(await flag().getAttribute('aria-keyshortcuts')).toBe('Shift+F');
    await flag().click();
    await page.getByRole('dialog', { name: 'Raise a flag' }).waitFor();
  });

  test('is not offered by the palette either where Legacy Chat has none', async () => {
    await show('legacy');
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog');
    await palette.getByRole('option', { name: /^Transfer/ }).waitFor();
    expect(await palette.getByRole('option', { name: /^Raise a flag/ }).count()).toBe(0);
    await show('legacy on');
    await page.keyboard.press('Control+k');
    await palette.getByRole('option', { name: /^Raise a flag/ }).waitFor();
  });
});

describe('raising', () => {
  test('takes a digit for the reason and any letter for the message, and says who watches', async () => {
    await show('calm');
    await page.keyboard.press('Shift+F');
    const dialog = page.getByRole('dialog', { name: 'Raise a flag' });
    await dialog.getByText('3 supervisors are watching:').waitFor();
    await page.keyboard.press('2');
    await page.keyboard.type('May I waive 5 dollars?');
    expect(await dialog.getByRole('radio', { name: /Policy question/ }).isChecked()).toBe(true);
    expect(await dialog.getByLabel('Message').inputValue()).toBe('May I waive 5 dollars?');
    await dialog.getByText('22 of 280').waitFor();
  });

  test('keeps the words and says why when the hub refuses', async () => {
    await show('calm');
    await page.keyboard.press('Shift+F');
    await page.getByRole('dialog', { name: 'Raise a flag' }).waitFor();
    await page.keyboard.type('Help');
    await page.keyboard.press('Control+Enter');
    await page.getByText('No hub stands behind this page.').waitFor();
    expect(await page.getByRole('dialog').getByLabel('Message').inputValue()).toBe('Help');
  });

  test('refuses more than 280 characters in place', async () => {
    await show('calm');
    await page.getByRole('button', { name: 'Flag', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Raise a flag' });
    await dialog.getByLabel('Message').fill('a'.repeat(281));
    await dialog.getByRole('button', { name: 'Raise' }).click();
    await dialog.getByText('The message is longer than 280 characters.').waitFor();
    expect(await focused()).not.toBe('Raise');
  });

  test('its first letters never become commands, however late it stands', async () => {
    await show('calm');
    await page.keyboard.press('Shift+F');
    // R would lead into the reply to the customer.
    await page.keyboard.type('rrr');
    await page.getByRole('dialog', { name: 'Raise a flag' }).waitFor();
    expect(await page.getByLabel('Reply to Rosa').inputValue()).toBe('');
    expect(await focused()).not.toBe('Reply to Rosa');
  });

  test('works from within the composer, and the focus returns there', async () => {
    await show('calm');
    await page.getByLabel('Reply to Rosa').fill('One moment');
    await page.keyboard.press('Shift+F');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.keyboard.press('Control+Shift+F');
    await page.getByRole('dialog', { name: 'Raise a flag' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await focused()).toBe('Reply to Rosa');
    expect(await page.getByLabel('Reply to Rosa').inputValue()).toBe('One momentF');
  });

  test('nobody watching is said in the strip', async () => {
    await show('nobody');
    await strip().getByText('Nobody is watching.').waitFor();
  });
});

describe('words to the customer and words to the supervisor', () => {
  test('each composer names its reader, and Alt+S leads from one to the other', async () => {
    await show('claimed');
    await page.getByText('Rosa sees this').waitFor();
    await page.getByLabel('Reply to Rosa').focus();
    await page.keyboard.press('Alt+s');
    await expect.poll(() => page.evaluate(() => document.activeElement?.closest('[data-side]') !== null)).toBe(true);
    await page.keyboard.type('Savings');
    await page.keyboard.press('Enter');
    await page.getByRole('log', { name: 'Side chat lines' }).getByText('Savings', { exact: true }).waitFor();
    expect(await page.getByRole('log', { name: 'Transcript' }).getByText('Savings', { exact: true }).count()).toBe(0);
    await page.keyboard.press('Alt+s');
    await expect.poll(focused).toBe('Reply to Rosa');
  });

  test('a draft survives a reload; a refused line says why and can be edited again', async () => {
    await show('calm');
    await page.getByLabel('Reply to Rosa').fill('It will take');
    await page.reload();
    await expect.poll(() => page.getByLabel('Reply to Rosa').inputValue()).toBe('It will take');
    await page.getByLabel('Reply to Rosa').fill('! 3 days');
    await page.keyboard.press('Enter');
    const log = page.getByRole('log', { name: 'Transcript' });
    await log.getByText('No hub stands behind this page.').waitFor();
    await log.getByRole('button', { name: 'Edit' }).click();
    expect(await page.getByLabel('Reply to Rosa').inputValue()).toBe('! 3 days');
    expect(await log.getByText('! 3 days').count()).toBe(0);
  });

  test('with Enter set to break, only Ctrl+Enter sends, and the choice is kept', async () => {
    await show('calm');
    await page.getByRole('switch', { name: 'Enter sends' }).click();
    await page.reload();
    const reply = page.getByLabel('Reply to Rosa');
    await reply.fill('One');
    await reply.press('Enter');
    await reply.pressSequentially('two');
    expect(await reply.inputValue()).toBe('One\ntwo');
    await reply.press('Control+Enter');
    await expect.poll(() => reply.inputValue()).toBe('');
    await page.getByRole('log', { name: 'Transcript' }).getByText('One two').waitFor();
  });
});

describe('a long transcript', () => {
  const log = () => page.getByRole('log', { name: 'Transcript' });
  const top = (words: string): Promise<number> =>
    log()
      .getByText(words, { exact: true })
      .evaluate((line) => line.getBoundingClientRect().top);
  const rain = (): Promise<boolean> => page.evaluate(() => dispatchEvent(new CustomEvent('specimen:rain')));

  test('opens at its end, and an earlier page moves nothing that is being read', async () => {
    await show('long');
    await log().getByText('Please tell me how long the transfer will take.').waitFor();
    const distance = (): Promise<number> =>
      log().evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight);
    await expect.poll(distance).toBeLessThan(2);
    await log().evaluate((box) => box.scrollTo(0, 300));
    const line = await log().locator('li').nth(8).locator('.text').textContent();
    const words = line?.trim() ?? '';
    const before = await top(words);
    const count = await log().locator('li').count();
    await log().evaluate((box) => box.scrollTo(0, 200));
    await expect.poll(() => log().locator('li').count()).toBeGreaterThan(count + 30);
    expect(Math.abs((await top(words)) - before - 100)).toBeLessThan(3);
  });

  test('a new line neither moves the reader nor goes unnoticed; at the end it is simply there', async () => {
    await show('long');
    await rain();
    await log().getByText('Rain 1', { exact: true }).waitFor();
    await expect
      .poll(() => log().evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight))
      .toBeLessThan(2);
    await log().evaluate((box) => box.scrollTo(0, box.scrollTop - 900));
    const at = await log().evaluate((box) => box.scrollTop);
    await rain();
    await rain();
    const pill = page.getByRole('button', { name: '2 new lines' });
    await pill.waitFor();
    expect(await log().evaluate((box) => box.scrollTop)).toBe(at);
    await pill.click();
    await pill.waitFor({ state: 'detached' });
    await expect
      .poll(() => log().evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight))
      .toBeLessThan(2);
  });

  test('one’s own line brings the end into view', async () => {
    await show('long');
    await log().evaluate((box) => box.scrollTo(0, box.scrollTop - 900));
    await page.getByLabel('Reply to Rosa').fill('Here');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => log().evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight))
      .toBeLessThan(2);
  });
});

describe('the list', () => {
  test('is walked by keys: the cursor moves, Enter opens and goes on to the reply, Esc comes back', async () => {
    await show('calm', { hash: '#/inbox' });
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    const list = page.getByRole('listbox', { name: 'Your inbox' });
    const active = await list.getAttribute('aria-activedescendant');
    expect(await page.locator(`[id="${active}"]`).textContent()).toContain('Liam O’Sullivan');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 2, name: 'Liam O’Sullivan' }).waitFor();
    await expect.poll(focused).toBe('Reply to Liam');
    await page.keyboard.press('Escape');
    await expect.poll(focused).toBe('Your inbox');
  });

  test('is searched and filtered, and says what the filter hides', async () => {
    await show('seen', { hash: '#/inbox' });
    await page.keyboard.press('/');
    await page.keyboard.type('bags');
    await expect.poll(() => page.getByRole('option').count()).toBe(1);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('option').count()).toBe(7);
    await page.getByRole('button', { name: /^Help flag/ }).click();
    await expect.poll(() => page.getByRole('option').count()).toBe(1);
    await page.getByRole('button', { name: /^Unread/ }).click();
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(() => page.getByRole('option').count()).toBe(7);
  });
});

test('a sign without words says its name to a resting pointer and to the keyboard, and Esc takes it away', async () => {
  await show('calm');
  const tip = page.locator('.tooltip');
  await page.getByRole('button', { name: 'Search this view' }).hover();
  await tip.getByText('Search this view').waitFor();
  await page.keyboard.press('Escape');
  await page.mouse.move(0, 0);
  await tip.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'More actions' }).focus();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
  await tip.getByText('More actions').waitFor();
  const [box, button] = [
    await tip.boundingBox(),
    await page.getByRole('button', { name: 'More actions' }).boundingBox(),
  ];
  expect((box?.x ?? 9999) + (box?.width ?? 9999)).toBeLessThan(1440);
  expect(box?.y ?? 0).toBeGreaterThan((button?.y ?? 9999) + (button?.height ?? 0));
});

test('parts beside the conversation are tabs: arrows walk them', async () => {
  await show('claimed');
  const beside = page.getByRole('tablist', { name: 'Beside the conversation' });
  await beside.getByRole('tab', { name: /Side chat/ }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('tabpanel', { name: 'Customer' }).getByRole('heading', { name: 'Rosa Iglesias' }).waitFor();
  await page.keyboard.press('End');
  await page.getByRole('region', { name: 'Activity' }).waitFor();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => beside.getByRole('tab', { name: /Side chat/ }).getAttribute('aria-selected')).toBe('true');
});

test('a lost connection is said with its age and a way to try, and lines are kept', async () => {
  await show('stale');
  await page.getByRole('alert').getByText('Not live since').waitFor();
  await page.getByRole('button', { name: 'Try now' }).waitFor();
  await page.getByText('Kept until live again').waitFor();
  await page.getByLabel('Reply to Rosa').fill('Later');
  await page.keyboard.press('Enter');
  const log = page.getByRole('log', { name: 'Transcript' });
  await log.getByText('Waiting to be sent').waitFor();
});

test('whoever serves nobody starts in All, without a status', async () => {
  await show('admin', { hash: '#/' });
  await page.getByRole('heading', { level: 1, name: 'All' }).waitFor();
  expect(await page.getByRole('button', { name: /^Status/ }).count()).toBe(0);
  expect(await page.getByRole('link', { name: /Your inbox/ }).count()).toBe(0);
});

test('nothing stands outside of the window at any width, in either direction of writing', async () => {
  for (const dir of ['rtl', undefined] as const)
    for (const [width, height] of [
      [390, 844],
      [1024, 768],
      [1440, 900],
      [1920, 1080],
    ] as const) {
      await show('declined', { width, height, ...(dir === undefined ? {} : { dir }) });
      const wide = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.scrollHeight,
      ]);
      expect([dir, width, wide]).toEqual([dir, width, [width, height]]);
    }
});
