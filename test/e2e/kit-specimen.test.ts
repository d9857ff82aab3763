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
import { themes } from './looks.ts';

let folder: string;
let server: PreviewServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let problems: string[];

const root = fileURLToPath(new URL('../../shared/ui/specimen/', import.meta.url));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kit-'));
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
    if (message.type() === 'warning' || (message.type() === 'error' && !message.text().includes('404')))
      problems.push(message.text());
  });
});

afterEach(async () => {
  await context.close();
  expect(problems).toEqual([]);
});

async function show(theme: 'light' | 'dark' = 'light'): Promise<void> {
  const [address] = server.resolvedUrls?.local ?? [];
  await page.goto(`${address}?theme=${theme}`);
  await page.getByRole('heading', { name: 'Specimen' }).waitFor();
}

/** What axe finds, on the page or only in what is open (the page itself is looked at once in each theme). */
async function violations(within?: string): Promise<string[]> {
  return (await axeFinds(page, { within })).map(({ id, html }) => `${id}: ${html}`);
}

const button = (name: string) => page.getByRole('button', { name, exact: true });
const focused = (): Promise<string | undefined> =>
  page.evaluate(
    () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim(),
  );

test.each(themes)('axe finds nothing in %s, with anything open', async (theme) => {
  await show(theme);
  await page.locator('.uplot').waitFor();
  const found: Record<string, string[]> = { page: await violations() };
  for (const [name, role] of [
    ['Open dialog', 'dialog'],
    ['Open drawer', 'dialog'],
    ['Open palette', 'dialog'],
    ['Open sheet', 'dialog'],
    ['More actions', 'menu'],
    ['Open popover', 'dialog'],
    ['Status Available', 'listbox'],
  ] as const) {
    await page
      .getByRole(role === 'listbox' ? 'combobox' : 'button', { name, exact: true })
      .last()
      .click();
    const opened = page.getByRole(role);
    await opened.waitFor();
    found[name] = await violations(`[role="${role}"]`);
    await page.keyboard.press('Escape');
    await opened.waitFor({ state: 'detached' });
  }
  await button('Show toast').click();
  await button('Show help toast').click();
  found.toasts = await violations('[aria-label="Notifications"]');
  await page.getByRole('combobox', { name: 'Assignee' }).fill('nobody');
  await page.getByRole('option', { name: 'Nobody with these letters' }).waitFor();
  found.combobox = await violations('[role="listbox"]');
  expect(Object.entries(found).filter(([, one]) => one.length > 0)).toEqual([]);
});

describe('hands', () => {
  test('a dialog takes the focus to its first field, keeps it, and gives it back', async () => {
    await show();
    await button('Open dialog').focus();
    await page.keyboard.press('Enter');
    const message = page.getByRole('dialog').getByRole('textbox', { name: 'Message' });
    await expect.poll(() => message.evaluate((field) => field === document.activeElement)).toBe(true);
    for (let press = 0; press < 12; press += 1) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.closest('[role="dialog"]') !== null)).toBe(true);
    }
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(focused).toBe('Open dialog');
  });

  test('Enter in a field submits a dialog, Enter in its text area does not', async () => {
    await show();
    await button('Open dialog').click();
    const dialog = page.getByRole('dialog', { name: 'Raise a flag' });
    await dialog.getByRole('textbox', { name: 'Message' }).press('Enter');
    expect(await dialog.isVisible()).toBe(true);
    await dialog.getByRole('radio', { name: 'Approval needed' }).press('Enter');
    await dialog.waitFor({ state: 'detached' });
  });

  test('choices answer to their digit', async () => {
    await show();
    await button('Open dialog').click();
    const dialog = page.getByRole('dialog', { name: 'Raise a flag' });
    await dialog.getByRole('radio', { name: 'Approval needed' }).press('2');
    expect(await dialog.getByRole('radio', { name: 'Policy question' }).isChecked()).toBe(true);
  });

  test('a drawer is not modal: the page beside it stays in use; Esc closes it and gives the focus back', async () => {
    await show();
    await button('Open drawer').focus();
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('dialog', { name: 'Rosa Iglesias' });
    await expect.poll(() => drawer.evaluate((one) => one.contains(document.activeElement))).toBe(true);
    expect(await drawer.getAttribute('aria-modal')).toBe('false');
    await page.getByRole('button', { name: /^Unread/ }).click();
    expect(await drawer.isVisible()).toBe(true);
    await drawer.getByRole('button', { name: 'Close' }).focus();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    await expect.poll(focused).toContain('Open drawer');
  });

  test('a menu walks by arrows, shows a check, and refuses what is refused', async () => {
    await show();
    const trigger = page.getByRole('button', { name: 'More actions' }).last();
    await trigger.focus();
    await page.keyboard.press('Enter');
    const follow = page.getByRole('menuitemcheckbox', { name: 'Follow' });
    await follow.waitFor();
    expect(await follow.getAttribute('aria-checked')).toBe('true');
    expect(await page.getByRole('menuitem', { name: /Block/ }).getAttribute('aria-disabled')).toBe('true');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByText('moved', { exact: true }).waitFor();
    await expect.poll(() => trigger.evaluate((one) => one === document.activeElement)).toBe(true);
  });

  test('a combobox finds by letters and keeps the old choice on Esc', async () => {
    await show();
    const field = page.getByRole('combobox', { name: 'Assignee' });
    expect(await field.inputValue()).toBe('Priya Raman');
    await field.fill('leo');
    await page.getByRole('option', { name: 'Leo Fontaine' }).click();
    await expect.poll(() => field.inputValue()).toBe('Leo Fontaine');
    await field.fill('xyz');
    await page.keyboard.press('Escape');
    await field.blur();
    await expect.poll(() => field.inputValue()).toBe('Leo Fontaine');
  });

  test('a composer sends by Enter, breaks by Shift+Enter, and sends nothing of spaces', async () => {
    await show();
    const note = page.getByRole('textbox', { name: 'Note on Rosa Iglesias' });
    await note.fill('  ');
    await note.press('Enter');
    await note.fill('one');
    await note.press('Shift+Enter');
    await note.pressSequentially('two');
    await note.press('Enter');
    await expect.poll(() => page.getByRole('status').filter({ hasText: 'one' }).textContent()).toBe('one\ntwo');
    await page.getByRole('textbox', { name: 'Private to Ines' }).waitFor();
  });

  test('a refused button stays reachable, says why and does nothing', async () => {
    await show();
    const refused = button('Not now').first();
    await refused.focus();
    expect(await refused.getAttribute('aria-disabled')).toBe('true');
    const why = await refused.getAttribute('aria-describedby');
    expect(await page.locator(`[id="${why}"]`).textContent()).toContain('Nobody is watching');
  });
});

describe('commands', () => {
  test('Ctrl+K opens the palette inside a text as well; it finds by letters and by other words, and runs', async () => {
    await show();
    await page.getByRole('textbox', { name: 'Name' }).focus();
    await page.keyboard.press('Control+k');
    const search = page.getByRole('dialog', { name: 'Find or do' }).getByRole('combobox');
    await search.fill('gybx');
    await page.getByRole('option', { name: 'Go to your inbox' }).waitFor();
    await search.fill('help');
    await page.getByRole('option', { name: 'Raise a flag' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Raise a flag' }).waitFor();
  });

  test('letters type in a text, a chord works there, and sequences work outside', async () => {
    await show();
    const name = page.getByRole('textbox', { name: 'Name' });
    await name.fill('');
    await name.pressSequentially('giM');
    expect(await name.inputValue()).toBe('giM');
    await name.press('Control+Shift+F');
    await page.getByRole('dialog', { name: 'Raise a flag' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await name.blur();
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await page.getByText('inbox', { exact: true }).waitFor();
  });

  test('the sheet gives a command other keys, refuses taken and reserved ones, and remembers over a reload', async () => {
    await show();
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    const change = sheet.getByRole('button', { name: 'Change Monitor' });
    await change.click();
    await page.keyboard.press('Control+w');
    await sheet.getByText('The browser or a screen reader uses').waitFor();
    await page.keyboard.press('z');
    await sheet.getByText('already belongs to Undo').waitFor();
    await page.keyboard.press('Escape');
    expect(await sheet.isVisible()).toBe(true);
    await change.click();
    await page.keyboard.press('w');
    await sheet.getByText('W', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    await page.reload();
    await page.getByRole('heading', { name: 'Specimen' }).waitFor();
    await page.keyboard.press('m');
    await page.keyboard.press('w');
    await page.getByRole('dialog', { name: 'Rosa Iglesias' }).waitFor();
  });

  test('single letters can be switched off', async () => {
    await show();
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await sheet.getByRole('switch', { name: 'Single letter keys' }).click();
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    await page.keyboard.press('m');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Find or do' }).waitFor();
    expect(await page.getByRole('dialog', { name: 'Rosa Iglesias' }).count()).toBe(0);
  });

  test('an undo in a toast is a key away', async () => {
    await show();
    await button('Show toast').click();
    await button('Show toast').blur();
    await page.keyboard.press('z');
    await page.getByText('undone', { exact: true }).waitFor();
  });
});
