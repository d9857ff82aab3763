import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startSession } from '../../server/auth/login-session.ts';
import { launchChromium } from '../support/chromium.ts';
import { Floor, type TestOrganisation } from '../support/floor.ts';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { builtWeb, Scene } from '../support/people.ts';
import { proof, within } from './looks.ts';

/** What people see and keep when their hub dies, their page reloads, or they sit before two tabs. */

let browser: Browser;
let web: string;
let scene: Scene;

beforeAll(async () => {
  web = builtWeb();
  browser = await launchChromium();
}, 180_000);

afterAll(() => browser.close());

afterEach(async () => {
  await scene.close();
  expect(scene.problems).toEqual([]);
});

const secret = 'Above my limit, please approve.';
const strip = (page: Page) => page.getByRole('region', { name: 'Your help flag' });
const card = (page: Page) => page.getByRole('article', { name: /^Priya with Rosa/ });
const reply = (page: Page) => page.getByRole('textbox', { name: 'Reply to Rosa' });
const lost = {
  console: (page: Page) => page.getByRole('alert').filter({ hasText: 'Not live since' }),
  wallboard: (page: Page) => page.getByRole('alert').filter({ hasText: 'Connection lost' }),
};

/** Rosa writes, and Priya serves her. */
async function talking(): Promise<{ rosa: { page: Page; chat: FrameLocator }; priya: Page }> {
  const priya = await scene.staff('Priya', '/console');
  await priya.getByRole('button', { name: 'Be available' }).click();
  const rosa = await scene.customer();
  await rosa.page.getByRole('button', { name: /^Open the chat/ }).click();
  await rosa.chat.getByRole('textbox', { name: 'Your name' }).fill('Rosa Iglesias');
  await rosa.chat.getByRole('textbox', { name: 'Your message' }).fill('Please transfer 1,640 dollars to Philip.');
  await rosa.chat.getByRole('button', { name: 'Start the chat' }).click();
  await priya.getByRole('button', { name: /^Accept/ }).click();
  await reply(priya).waitFor();
  return { rosa, priya };
}

async function raise(priya: Page): Promise<void> {
  await priya.getByRole('button', { name: /^Flag/ }).click();
  await priya.getByRole('textbox', { name: /^Message/ }).fill(secret);
  await priya.getByRole('button', { name: /^Raise/ }).click();
  await strip(priya).waitFor();
}

async function say(page: Page, words: string): Promise<void> {
  await reply(page).fill(words);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
}

/** What Rosa reads, in its order. */
async function read(chat: FrameLocator, words: readonly string[]): Promise<string[]> {
  const text = await chat.locator('body').innerText();
  return words
    .flatMap((one) =>
      [...text.matchAll(new RegExp(one.replaceAll('.', '\\.'), 'g'))].map(({ index }) => ({ one, index })),
    )
    .sort((a, b) => a.index - b.index)
    .map(({ one }) => one);
}

describe('in the browser, when the hub', () => {
  /** Makes the organisation and its sessions; the hub that serves them is a process of its own. */
  let house: Floor;
  let hub: HubProcess;
  const run = (port?: number): Promise<HubProcess> =>
    startHub({ env: { DATABASE_URL: house.database.url }, readyMs: 60_000, ...(port === undefined ? {} : { port }) });

  beforeEach(async () => {
    house = await Floor.start();
    const organisation = await house.organisation();
    await house.app.close();
    hub = await run();
    const token = (whose: TestOrganisation, name: string): Promise<string> =>
      startSession(house.db.system, { personId: whose.person(name), organisationId: whose.id }, 'cookie', Date.now());
    // A browser complains of every connection that a dead hub refuses.
    scene = new Scene({
      browser,
      floor: { url: hub.url, token, kind: 'cookie' },
      organisation,
      expected: /401|WebSocket|ERR_/,
    });
  }, 120_000);

  afterEach(async () => {
    await hub.stop();
    await house.db.close();
    await house.database.drop();
  });

  // To a screen the end is the same; that a hub which is asked to end says good-bye is tried without pictures.
  test.each(proof ? (['is killed', 'is stopped'] as const) : (['is killed'] as const))(
    '%s and comes back: so does everything, by itself, and what was typed is sent once (I8, I10)',
    async (how) => {
      const { rosa, priya } = await talking();
      const tomasz = await scene.staff('Tomasz', '/wallboard');
      await raise(priya);
      await card(tomasz).getByText(secret).waitFor();
      for (const page of [priya, tomasz])
        await page.evaluate(() => {
          document.body.dataset.first = 'yes';
        });

      await (how === 'is killed' ? hub.kill() : hub.stop());
      await Promise.all([
        lost.console(priya).waitFor({ timeout: within(3000) }),
        lost.wallboard(tomasz).waitFor({ timeout: within(3000) }),
        rosa.chat.getByText('Reconnecting').waitFor(),
      ]);
      // Clocks go on, states are kept, and people go on writing.
      await strip(priya).waitFor();
      await card(tomasz).getByText(secret).waitFor();
      await say(priya, 'One moment please.');
      await say(priya, 'I am asking a colleague.');
      await priya.getByRole('log').getByText('Waiting to be sent').nth(1).waitFor();
      await priya.getByText('Kept until live again').waitFor();
      await reply(priya).fill('And then we');
      await rosa.chat.getByRole('textbox', { name: 'Message' }).fill('Take your time.');
      await rosa.chat.getByRole('button', { name: 'Send' }).click();
      await rosa.chat.getByText('Will be sent when the connection is back').waitFor();

      hub = await run(hub.port);
      await Promise.all([
        lost.console(priya).waitFor({ state: 'detached' }),
        lost.wallboard(tomasz).waitFor({ state: 'detached' }),
        rosa.chat.getByText('I am asking a colleague.').waitFor(),
        priya.getByRole('log').getByText('Take your time.').waitFor(),
      ]);
      for (const page of [priya, tomasz]) expect(await page.evaluate(() => document.body.dataset.first)).toBe('yes');
      expect(await reply(priya).inputValue()).toBe('And then we');
      await strip(priya).getByText(secret).waitFor();
      await card(tomasz).getByRole('button', { name: /^Take/ }).click();
      await strip(priya).getByText('Tomasz is on it.').waitFor();

      // Once each and in order, also for whoever reads it anew.
      const sent = ['One moment please.', 'I am asking a colleague.'];
      expect(await read(rosa.chat, sent)).toEqual(sent);
      await Promise.all([rosa.page.reload(), priya.reload()]);
      await rosa.chat.getByText('I am asking a colleague.').waitFor();
      await priya.getByRole('log').getByText('Take your time.').waitFor();
      expect(await read(rosa.chat, sent)).toEqual(sent);
      expect(await priya.getByRole('log').getByText('Take your time.').count()).toBe(1);
      expect(await priya.getByRole('log').getByText('One moment please.').count()).toBe(1);
    },
    240_000,
  );
});

describe('in the browser:', () => {
  let floor: Floor;

  beforeAll(async () => {
    floor = await Floor.start({ web });
  });

  afterAll(() => floor.close());

  beforeEach(async () => {
    scene = new Scene({ browser, floor, organisation: await floor.organisation() });
  });

  test('what was begun to write survives a reload, to the customer and in private, each in its own place', async () => {
    const { priya } = await talking();
    await raise(priya);
    const side = priya.getByRole('textbox', { name: /^Private to/ });
    await side.fill('Would you look at');
    await reply(priya).fill('I will find out and');
    await priya.reload();
    await reply(priya).waitFor();
    expect(await reply(priya).inputValue()).toBe('I will find out and');
    await side.waitFor();
    expect(await side.inputValue()).toBe('Would you look at');
    // Sent is no draft any more.
    await priya.getByRole('button', { name: 'Send', exact: true }).click();
    await priya.getByRole('log').getByText('I will find out and').first().waitFor();
    await priya.reload();
    await reply(priya).waitFor();
    expect(await reply(priya).inputValue()).toBe('');
  }, 120_000);

  test('two tabs of one person show the same, and one may go; a third tab is somebody else', async () => {
    const { rosa, priya } = await talking();
    const again = await scene.tab(priya, 'Priya', new URL(priya.url()).pathname + new URL(priya.url()).hash);
    await reply(again).waitFor();
    await say(again, 'From which account?');
    await rosa.chat.getByText('From which account?').waitFor();
    await priya.getByRole('log').getByText('From which account?').waitFor();
    expect(await priya.getByRole('log').getByText('From which account?').count()).toBe(1);
    await raise(priya);
    await strip(again).getByText(secret).waitFor();

    const tomasz = await scene.tab(priya, 'Tomasz', '/wallboard');
    await card(tomasz).getByText(secret).waitFor();
    await card(tomasz).getByRole('button', { name: /^Take/ }).click();
    await strip(again).getByText('Tomasz is on it.').waitFor();
    await priya.close();
    await say(again, 'My other tab is gone.');
    await rosa.chat.getByText('My other tab is gone.').waitFor();
    // Whoever signs out in one tab is still somebody in the other.
    await tomasz.getByRole('button', { name: 'Your menu' }).click();
    await tomasz.getByRole('menuitem', { name: 'Sign out' }).click();
    await tomasz.getByRole('heading', { name: 'Choose who to be' }).waitFor();
    await say(again, 'And I am still here.');
    await rosa.chat.getByText('And I am still here.').waitFor();
  }, 120_000);
});
