import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SessionId } from '../../shared/contract/id.ts';
import { launchChromium } from '../support/chromium.ts';
import { Floor, type TestOrganisation } from '../support/floor.ts';
import { builtWeb, Scene } from '../support/people.ts';
import type { StaffClient } from '../support/staff-client.ts';
import { axeOnTheWay, clean } from './looks.ts';

/** Legacy chat: a session chat that ends when its customer leaves, and whose help flag an admin switches on for each team. */

let browser: Browser;
let floor: Floor;
let home: TestOrganisation;
let scene: Scene;

beforeAll(async () => {
  const web = builtWeb();
  browser = await launchChromium();
  floor = await Floor.start({ web, customerGraceMs: 4000, rates: false });
}, 180_000);

afterAll(async () => {
  await browser.close();
  await floor.close();
});

beforeEach(async () => {
  home = await floor.organisation();
  scene = new Scene({ browser, floor, organisation: home });
});

afterEach(async () => {
  await scene.close();
  expect(scene.problems).toEqual([]);
});

const flagButton = (page: Page) => page.getByRole('button', { name: /^Flag/ });
const dialog = (page: Page) => page.getByRole('dialog', { name: 'Raise a flag' });
const bankingSwitch = (page: Page) => page.getByRole('switch', { name: 'Help flag on Legacy Chat, Banking' });
const card = (page: Page) => page.getByRole('article', { name: /^Priya with Rosa/ });

/** Rosa writes on a page with Legacy chat, and Priya has taken it and has it open. */
async function talking() {
  const hands: StaffClient = await floor.staff(home, 'Priya');
  const rosa = await scene.customer({ query: '?channel=legacy' });
  await rosa.page.getByRole('button', { name: /^Open the chat/ }).click();
  await rosa.chat.getByText('This chat ends when you close the page.').waitFor();
  await rosa.chat.getByRole('textbox', { name: 'Your name' }).fill('Rosa Iglesias');
  await rosa.chat.getByRole('textbox', { name: 'Your message' }).fill('Please transfer 1,640 dollars.');
  await axeOnTheWay(rosa.page, 'customer, Legacy chat, start');
  await rosa.chat.getByRole('button', { name: 'Start the chat' }).click();
  await rosa.chat.getByText('This chat ends when you close the page.').waitFor();
  const conversation = await hands.sees('the chat', (live) =>
    [...live.conversations.values()].find((one) => one.customerName === 'Rosa Iglesias'),
  );
  expect(conversation.channel).toBe('legacy');
  const { sessionId } = await hands.does('conversation:take', { conversationId: conversation.id });
  const priya = await scene.staff('Priya', `/console#/inbox/${conversation.id}`);
  await priya.getByRole('textbox', { name: 'Reply to Rosa' }).waitFor();
  return { hands, rosa, priya, conversationId: conversation.id, sessionId: sessionId as SessionId };
}

async function raise(page: Page, message: string): Promise<void> {
  await dialog(page)
    .getByRole('textbox', { name: /^Message/ })
    .fill(message);
  await dialog(page)
    .getByRole('button', { name: /^Raise/ })
    .click();
  await page.getByRole('region', { name: 'Your help flag' }).waitFor();
}

describe('Legacy chat in Chromium:', () => {
  test('S1.3, S1.4, S1.16: no Flag until an admin switches it on, a side chat both ways, and gone when it is off', async () => {
    const { hands, rosa, priya, sessionId } = await talking();
    const ines = await scene.staff('Ines', '/wallboard');
    const marta = await scene.staff('Marta', '/console#/settings/channels');
    const grace = await scene.staff('Grace', '/console#/settings/channels');
    const input = { sessionId, reasonId: hands.now.reasons.keys().next().value ?? ('' as never), message: 'Help.' };

    await priya.evaluate(() => Object.assign(window, { unreloaded: true }));
    await priya.getByText('No help flag: not switched on for the agent’s team').waitFor();
    await axeOnTheWay(priya, 'console, Legacy chat without a flag');
    expect(await flagButton(priya).count()).toBe(0);
    await priya.getByRole('heading', { name: 'Rosa Iglesias' }).first().click();
    await priya.keyboard.press('Shift+F');
    await priya.getByRole('textbox', { name: 'Reply to Rosa' }).press('ControlOrMeta+Shift+F');
    expect(await dialog(priya).count()).toBe(0);
    expect(await hands.refused('flag:raise', { ...input, askJoin: false })).toBe('flag_not_enabled');

    await bankingSwitch(marta).waitFor();
    expect(await bankingSwitch(marta).getAttribute('aria-checked')).toBe('false');
    await clean(marta, 'settings, channels');
    await bankingSwitch(marta).click();
    // Live for the agent and for another admin.
    await flagButton(priya).waitFor();
    await grace
      .getByRole('row', { name: /^Banking/ })
      .getByText('On', { exact: true })
      .waitFor();
    expect(await bankingSwitch(grace).getAttribute('aria-checked')).toBe('true');
    expect(await priya.evaluate(() => 'unreloaded' in window)).toBe(true);

    await priya.getByRole('textbox', { name: 'Reply to Rosa' }).press('ControlOrMeta+Shift+F');
    await raise(priya, 'Above my limit, please approve.');
    await card(ines).getByText('Above my limit, please approve.').waitFor();
    await card(ines).getByText('Legacy Chat').waitFor();
    await card(ines).getByRole('button', { name: /^Chat/ }).click();
    const drawer = ines.getByRole('dialog', { name: /^Priya with Rosa/ });
    await drawer.getByRole('list', { name: 'What Legacy Chat can do' }).getByText('Side chat both ways').waitFor();
    await drawer.getByRole('textbox', { name: 'Private to Priya' }).fill('Read the payee back first.');
    await drawer.getByRole('button', { name: 'Send privately' }).click();
    await priya.getByRole('log', { name: 'Side chat lines' }).getByText('Read the payee back first.').waitFor();
    await priya.getByRole('textbox', { name: /^Private to/ }).fill('I did, it is right.');
    await priya.getByRole('button', { name: 'Send privately' }).click();
    await drawer.getByText('I did, it is right.').waitFor();
    await axeOnTheWay(ines, 'wallboard, drawer of a Legacy chat');
    expect(scene.heard(rosa.page)).not.toMatch(/payee|above my limit/i);

    // An open dialog closes with a word when the switch goes off; nothing is left to raise with.
    const [flag] = [...hands.now.flags.values()];
    if (flag === undefined) throw new Error('no flag');
    await hands.does('flag:lower', { flagId: flag.id, outcome: 'answered' });
    await flagButton(priya).click();
    await dialog(priya).waitFor();
    await bankingSwitch(marta).click();
    await priya.getByText('Help flags on Legacy chat were switched off for your team.').waitFor();
    await dialog(priya).waitFor({ state: 'detached' });
    expect(await flagButton(priya).count()).toBe(0);
    expect(await hands.refused('flag:raise', { ...input, askJoin: false })).toBe('flag_not_enabled');
    expect(await priya.evaluate(() => 'unreloaded' in window)).toBe(true);
  });

  test('S1.3: a reload keeps the chat; when the customer leaves it ends, and its flag goes down with that reason', async () => {
    const marta = await floor.staff(home, 'Marta');
    await marta.does('team:set-legacy-flag', { teamId: home.team('Banking'), on: true });
    const { hands, rosa, priya, conversationId } = await talking();
    const ines = await scene.staff('Ines', '/wallboard');
    await flagButton(priya).click();
    await raise(priya, 'Above my limit.');
    await card(ines).waitFor();

    await rosa.page.reload();
    await rosa.chat.getByText('Please transfer 1,640 dollars.').waitFor();
    await rosa.chat.getByRole('textbox', { name: 'Message' }).fill('I am back.');
    await rosa.chat.getByRole('button', { name: 'Send' }).click();
    await priya.getByRole('log').getByText('I am back.').waitFor();
    expect(hands.now.conversations.get(conversationId)?.lifecycle).toBe('open');

    const context = rosa.page.context();
    await rosa.page.goto('about:blank');
    await card(ines).waitFor({ state: 'detached' });
    await priya
      .getByText(/Help flag lowered, Rosa.* left/)
      .first()
      .waitFor();
    await priya
      .getByText(/Ended, Rosa.* left/)
      .first()
      .waitFor();
    await axeOnTheWay(priya, 'console, a Legacy chat that ended');
    expect(await hands.refused('message:send', { conversationId, text: 'Hello?' })).toBe('conversation_closed');

    // Back on the page, the customer reads that it is over and begins another.
    await rosa.page.goto(`${floor.url}/customer?channel=legacy`);
    const launcher = rosa.page.getByRole('button', { name: /^Open the chat/ });
    if (await launcher.isVisible().catch(() => false)) await launcher.click();
    await rosa.chat.getByText('A chat here ends when you close the page.').waitFor();
    await axeOnTheWay(rosa.page, 'customer, a Legacy chat that ended');
    await rosa.chat.getByRole('button', { name: 'Start a new chat' }).click();
    await rosa.chat.getByRole('textbox', { name: 'Your message' }).fill('It is me again.');
    await rosa.chat.getByRole('button', { name: 'Start the chat' }).click();
    const next = await hands.sees('another chat', (live) =>
      [...live.conversations.values()].find(({ lastLine }) => lastLine?.text === 'It is me again.'),
    );
    expect([next.channel, next.id === conversationId]).toEqual(['legacy', false]);
    await context.close();
  });
});
