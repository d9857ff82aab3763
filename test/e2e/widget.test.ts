import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Browser, BrowserContext, FrameLocator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pages } from '../../server/http/pages.ts';
import { axeFinds } from '../support/axe.ts';
import { launchChromium } from '../support/chromium.ts';
import { builtWeb } from '../support/people.ts';
import { until } from '../support/wait.ts';
import { CustomerHub } from '../widget/support/customer-hub.ts';
import { themes } from './looks.ts';

/** The widget in a browser, built and served with the hub's own headers; the hub behind it is played by the test. */

const priya = { id: 'priya', name: 'Priya Raman', role: 'agent' } as const;
const ines = { id: 'ines', name: 'Ines Okafor', role: 'supervisor' } as const;

let folder: string;
let browser: Browser;
/** A customer's own site, which is not the hub. */
let site: Server;
let siteUrl: string;
let siteHtml: (hub: string) => string;
let hub: CustomerHub;
let url: string;
let context: BrowserContext;
let page: Page;
let chat: FrameLocator;
let problems: string[];

beforeAll(async () => {
  folder = builtWeb();
  site = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(siteHtml(url));
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  browser = await launchChromium();
}, 120_000);

afterAll(async () => {
  await browser.close();
  site.close();
});

beforeEach(async () => {
  const app = express();
  app.get('/auth/door', (_request, response) => {
    response.json({ ok: true, value: { demo: [{ personId: '1', name: 'Priya', role: 'agent', teams: [] }] } });
  });
  pages(app, folder, [siteUrl]);
  hub = new CustomerHub(app);
  url = await hub.listen();
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  context.setDefaultTimeout(8000);
  page = await context.newPage();
  chat = page.frameLocator('iframe');
  problems = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    const ours = !message.text().includes('favicon') && !message.location().url.includes('favicon');
    if (['warning', 'error'].includes(message.type()) && ours) problems.push(message.text());
  });
});

afterEach(async () => {
  await context.close();
  await hub.close();
  expect(problems).toEqual([]);
});

const launcher = () => page.getByRole('button', { name: /^Open the chat/ });
const field = (name: string) => chat.getByRole('textbox', { name });
const button = (name: string) => chat.getByRole('button', { name });

async function open(): Promise<void> {
  await page.goto(`${url}/customer`);
  await launcher().click();
  await field('Your name').waitFor();
}

async function begin(): Promise<void> {
  await open();
  await field('Your name').fill('Rosa Diaz');
  await field('Your message').fill('Please transfer 1,640 dollars to their checking account.');
  await button('Start the chat').click();
  await chat.getByText('You are in the queue').waitFor();
}

async function talk(): Promise<void> {
  await begin();
  const id = hub.conversation?.id ?? '';
  hub.turn({ id, state: 'active', helpers: [priya], endsWithCustomer: false });
  hub.say({ id: 'serving', from: 'notice', notice: 'serving', name: priya.name, helps: '' });
  hub.say({ id: 'line-1', from: 'agent', name: priya.name, text: 'Who would you like the money sent to?' });
  hub.turn({ id, state: 'active', helpers: [priya, ines], endsWithCustomer: false });
  hub.say({ id: 'joined', from: 'notice', notice: 'joined', name: ines.name, helps: priya.name });
  hub.say({ id: 'line-2', from: 'supervisor', name: ines.name, text: 'I have initiated your transfer.' });
  await chat.getByText('I have initiated').waitFor();
}

/** Rules of WCAG 2.2 AA and of good practice, over the page and the frame in it. */
async function faults(rules: readonly string[] = []): Promise<string[]> {
  const found = await axeFinds(page, rules.length > 0 ? { rules } : {});
  return found.map(({ id, at }) => `${id}: ${at}`);
}

async function clean(inThemes: readonly string[] = themes): Promise<void> {
  for (const theme of inThemes) {
    await page.evaluate((value) => {
      document.documentElement.dataset.theme = value;
    }, theme);
    await until(`the chat in ${theme}`, () =>
      page.frames().length === 1
        ? true
        : page.frames()[1]?.evaluate((value) => document.documentElement.dataset.theme === value, theme),
    );
    // The theme changes colours alone.
    expect(await faults(theme === 'dark' ? ['color-contrast'] : []), theme).toEqual([]);
  }
}

describe('every state is without fault in light and dark:', () => {
  test('closed', async () => {
    await page.goto(`${url}/customer`);
    await launcher().waitFor();
    await clean();
  });

  test('first words, and what is missing of them', async () => {
    await open();
    await clean();
    await button('Start the chat').click();
    await chat.getByText('Write a name').waitFor();
    await clean();
  });

  test('waiting', async () => {
    await begin();
    await clean();
  });

  test('talking, with two helpers, somebody writing, and the options open', async () => {
    await talk();
    hub.mark(priya.name, true);
    await chat.getByText('Priya is writing').waitFor();
    await clean(['light', 'dark']);
    await button('Chat options').click();
    await chat.getByRole('menuitem', { name: 'End chat' }).waitFor();
    await clean();
  });

  test('a line that is too long, and one that was refused', async () => {
    await talk();
    await field('Message').fill('x'.repeat(4001));
    await chat.getByText('1 character too long').waitFor();
    await clean();
    hub.meddle = () => ({ ok: false, refusal: { code: 'bad_input', message: 'Not like this.', next: 'Change it.' } });
    await field('Message').fill('refused');
    await field('Message').press('Enter');
    await button('Try again').waitFor();
    await clean();
  });

  test('reconnecting', async () => {
    await talk();
    hub.beats = false;
    await chat.getByText('Reconnecting').waitFor();
    await clean();
  });

  test('asked whether to end, and ended', async () => {
    await talk();
    await button('Chat options').click();
    await chat.getByRole('menuitem', { name: 'End chat' }).click();
    await chat.getByRole('alertdialog', { name: 'End this chat?' }).waitFor();
    await clean();
    await button('End chat').click();
    await button('Start a new chat').waitFor();
    await clean();
  });

  test('refused by the hub', async () => {
    hub.refusal = { code: 'not_found', message: 'There is nobody to talk to at this address.', next: '' };
    await page.goto(`${url}/customer`);
    await launcher().click();
    await chat.getByText('There is nobody to talk to').waitFor();
    await clean();
  });

  test('a page of its own', async () => {
    await page.goto(`${url}/widget/`);
    await page.getByRole('textbox', { name: 'Your name' }).waitFor();
    await until('the name of the organisation', () =>
      page.getByRole('region', { name: 'Chat with Northlight' }).count(),
    );
    expect(await faults()).toEqual([]);
  });
});

describe('the page around it', () => {
  test('is not held up, moved, or made to fetch the chat before somebody reaches for it (P17)', {
    retry: 2,
  }, async () => {
    const fetched: string[] = [];
    page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
    await page.addInitScript(() => {
      const seen = { shift: 0, long: 0 };
      Object.assign(window, { seen });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) seen.shift += (entry as PerformanceEntry & { value: number }).value;
      }).observe({ type: 'layout-shift', buffered: true });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) seen.long += Math.max(0, entry.duration - 50);
      }).observe({ type: 'longtask', buffered: true });
    });
    siteHtml = (at) =>
      `<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1><script src="${at}/widget.js" async></script>`;
    await page.goto(siteUrl);
    await launcher().waitFor();
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100))));
    const seen = await page.evaluate(() => (window as unknown as { seen: { shift: number; long: number } }).seen);
    expect(seen).toEqual({ shift: 0, long: 0 });
    expect(fetched.filter((path) => path !== '/favicon.ico')).toEqual(['/', '/widget.js']);
    await launcher().click();
    await field('Your name').waitFor();
    expect((await page.evaluate(() => (window as unknown as { seen: { shift: number } }).seen)).shift).toBe(0);
  });

  test('may be another site, under a strict policy of its own', async () => {
    siteHtml = (at) =>
      `<!doctype html><html lang="en"><meta http-equiv="content-security-policy" content="default-src 'none'; script-src ${at}; frame-src ${at}">
      <title>Shop</title><h1>Shop</h1><script src="${at}/widget.js" async></script>`;
    await page.goto(siteUrl);
    await launcher().click();
    await field('Your name').fill('Rosa Diaz');
    await field('Your message').fill('Hello from another site.');
    await button('Start the chat').click();
    await chat.getByText('You are in the queue').waitFor();
    expect(hub.frames.map((frame) => frame.text)).toEqual(['Hello from another site.']);
  });

  test('opens and closes it by script', async () => {
    await page.goto(`${url}/customer`);
    await launcher().waitFor();
    await page.evaluate(() => window.Halyard?.open());
    await field('Your name').waitFor();
    await page.evaluate(() => window.Halyard?.toggle());
    await launcher().waitFor();
  });

  test('finds it open again after a reload, and the chat in it', async () => {
    await talk();
    await page.reload();
    await chat.getByText('I have initiated').waitFor();
    await field('Message').waitFor();
  });

  test('is told of new lines while it is shut', async () => {
    await talk();
    await button('Minimise').click();
    await until('the focus on the launcher', () =>
      page.evaluate(
        () => document.activeElement?.shadowRoot?.activeElement?.getAttribute('aria-label') === 'Open the chat',
      ),
    );
    hub.say({ id: 'line-3', from: 'agent', name: priya.name, text: 'Anything else?' });
    await page.getByRole('button', { name: 'Open the chat, 1 new message' }).waitFor();
    await page.reload();
    hub.say({ id: 'line-4', from: 'agent', name: priya.name, text: 'Are you there?' });
    await launcher().click();
    await chat.getByText('Are you there?').waitFor();
    await page.getByRole('button', { name: 'Close the chat', exact: true }).waitFor();
  });

  test('right to left, has it at the other side', async () => {
    siteHtml = (at) =>
      `<!doctype html><html lang="ar" dir="rtl"><title>Shop</title><h1>Shop</h1><script src="${at}/widget.js" async></script>`;
    await page.goto(siteUrl);
    await launcher().click();
    await field('Your name').waitFor();
    const box = await page.locator('iframe').boundingBox();
    expect(box?.x).toBe(24);
    await field('Your name').fill('Rosa');
    await field('Your message').fill('mine');
    await button('Start the chat').click();
    const own = await chat.getByText('mine', { exact: true }).boundingBox();
    expect(own && box ? own.x - box.x : null).toBeLessThan(40);
  });
});

describe('a hand', () => {
  test('needs no mouse', async () => {
    await page.goto(`${url}/customer`);
    await launcher().waitFor();
    await until('the launcher to have the focus', async () => {
      await page.keyboard.press('Tab');
      return page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.className === 'launch');
    });
    await page.keyboard.press('Enter');
    await until('the first field to have the focus', () => chat.locator(':focus').count());
    await page.keyboard.type('Rosa Diaz');
    await page.keyboard.press('Tab');
    await page.keyboard.type('By keyboard.');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await chat.getByText('You are in the queue').waitFor();
    await page.keyboard.type('And a second line.');
    await page.keyboard.press('Enter');
    await until('both lines', () => hub.lines.length === 2);
    await page.keyboard.press('Escape');
    await launcher().waitFor();
    await page.keyboard.press('Enter');
    await until('the message field', () => chat.locator('textarea:focus').count());
    await until('the options to have the focus', async () => {
      if ((await chat.locator('[aria-haspopup="menu"]:focus').count()) > 0) return true;
      await page.keyboard.press('Shift+Tab');
      return false;
    });
    await page.keyboard.press('Enter');
    await until('the menu', () => chat.locator('[role^="menuitem"]:focus').count());
    await page.keyboard.press('End');
    await until('its last entry', () => chat.locator('[role^="menuitem"]:focus:last-child').count());
    await page.keyboard.press('Enter');
    await chat.getByRole('alertdialog').waitFor();
    await page.keyboard.press('Escape');
    await chat.getByRole('alertdialog').waitFor({ state: 'hidden' });
    expect(hub.conversation?.state).toBe('waiting');
  });

  test('on a phone has it in the whole window, and the page back when it is put away', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await begin();
    expect(await page.locator('iframe').boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 });
    expect(await page.getByRole('button', { name: 'Close the chat' }).count()).toBe(0);
    await button('Minimise').click();
    await launcher().waitFor();
    await page.reload();
    await launcher().waitFor();
    expect(await page.locator('iframe').isVisible()).toBe(false);
  });

  test('goes by long polling where no WebSocket gets through, and fetches only then what that needs', async () => {
    const fetched: string[] = [];
    page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
    const polled = (): boolean => fetched.some((path) => /\/polling-[^/]+\.js$/.test(path));
    await talk();
    expect(polled()).toBe(false);
    // The page goes on to another network: it was live, and is to be again without a reload.
    hub.refuseWebSockets();
    hub.cut();
    await until('long polling', () => fetched.includes('/socket.io/') && polled());
    await field('Message').fill('By the long way');
    await field('Message').press('Enter');
    await until('the line', () =>
      hub.lines.some((line) => line.from === 'customer' && line.text === 'By the long way'),
    );
    hub.say({ id: 'long-way', from: 'agent', name: 'Priya Raman', text: 'And back' });
    await chat.getByText('And back').waitFor();
    problems = problems.filter((problem) => !problem.includes('WebSocket'));
  });

  test('takes the transcript home', async () => {
    await talk();
    const download = page.waitForEvent('download');
    await button('Download transcript').click();
    const text = readFileSync(await (await download).path(), 'utf8');
    expect(text).toContain('Rosa Diaz: Please transfer 1,640 dollars');
    expect(text).toContain('Ines Okafor (Supervisor): I have initiated your transfer.');
  });
});

describe('words', () => {
  test('are words, whatever they look like', async () => {
    await talk();
    const nasty = '<img src=x onerror="document.title=1"><b>bold</b> javascript:alert(1)';
    hub.say({ id: 'nasty', from: 'agent', name: '<i>Priya</i>', text: nasty });
    await chat.getByText(nasty).waitFor();
    expect(await chat.locator('img, .text b').count()).toBe(0);
  });

  test('written offline go out once, in order, after a reload too', async () => {
    await talk();
    hub.meddle = () => 'lost';
    for (const text of ['one', 'two']) {
      await field('Message').fill(text);
      await field('Message').press('Enter');
    }
    await field('Message').fill('a draft');
    await until('the first try', () => hub.frames.some((frame) => frame.text === 'one'));
    await page.reload();
    hub.meddle = null;
    await until('both lines', () => hub.lines.some((line) => line.from === 'customer' && line.text === 'two'));
    const mine = hub.lines.flatMap((line) => (line.from === 'customer' ? [line.text] : []));
    expect(mine.slice(1)).toEqual(['one', 'two']);
    await expect.poll(() => field('Message').inputValue()).toBe('a draft');
  });
});
