import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { Floor, type TestOrganisation } from '../support/floor.ts';
import { builtWeb, Scene } from '../support/people.ts';
import { served } from '../support/served.ts';
import { axeOnTheWay, clean } from './looks.ts';

/** Help flags raised by a rule, as people meet them: an admin writes one and tries it, a customer says the words. */

let browser: Browser;
let floor: Floor;
let home: TestOrganisation;
let scene: Scene;

beforeAll(async () => {
  const web = builtWeb();
  browser = await launchChromium();
  floor = await Floor.start({ web, rates: false });
}, 180_000);

afterAll(async () => {
  await browser.close();
  await floor.close();
});

beforeEach(async () => {
  home = await floor.organisation();
  // Words that cannot be a rule are refused while they are typed: the browser reports that.
  scene = new Scene({ browser, floor, organisation: home, expected: /40[01]/ });
});

afterEach(async () => {
  await scene.close();
  expect(scene.problems).toEqual([]);
});

const dialog = (page: Page) => page.getByRole('dialog');
const tryIt = (page: Page) => dialog(page).getByRole('region', { name: 'Try it' });
const phrases = (page: Page, label: string) => dialog(page).getByRole('textbox', { name: label, exact: true });
const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });

/** Adds a phrase by the keyboard. */
async function add(page: Page, label: string, phrase: string): Promise<void> {
  await phrases(page, label).fill(phrase);
  await phrases(page, label).press('Enter');
}

test('S1.17 an admin writes a rule and tries it; a customer says the words; wallboard and agent see which rule heard what', async () => {
  const agent = await floor.staff(home, 'Priya');
  const talk = await served(floor, home, agent, { name: 'Rosa Iglesias', words: 'I want my money back, all of it.' });
  await talk.customer.says('A refund would be fine too.');
  await agent.does('message:send', { conversationId: talk.conversationId, text: 'No refund is due on cards.' });

  const marta = await scene.staff('Marta', '/console#/settings/rules');
  const grace = await scene.staff('Grace', '/console#/settings/rules');
  await marta.getByRole('heading', { name: 'There is no rule yet' }).waitFor();
  await marta.getByRole('button', { name: 'New rule' }).click();
  await dialog(marta).getByText('Write a word, and see').waitFor();

  // Nothing is sent that cannot be a rule, and each field says why.
  await dialog(marta).getByRole('button', { name: 'Make the rule' }).click();
  await dialog(marta).getByText('Type a name.').waitFor();
  await dialog(marta).getByText('Write at least one word under any, all or near.').waitFor();
  await add(marta, 'Any of', 're*');
  await dialog(marta).getByText('write at least 3 letters before the *').waitFor();
  await add(marta, 'Any of', 'refund*, money back');
  await tryIt(marta).getByText('2 lines match').waitFor();
  expect(await tryIt(marta).locator('mark').allTextContents()).toEqual(['refund', 'money back']);
  await tryIt(marta).getByText('It hears much.').waitFor();
  // The other side's lines, at once.
  await dialog(marta).getByRole('radio', { name: 'Either side' }).check();
  await tryIt(marta).getByText('3 lines match').waitFor();
  await add(marta, 'But not', 'cards');
  await tryIt(marta).getByText('2 lines match').waitFor();
  await clean(marta, 'rules, editor');
  await dialog(marta).getByRole('textbox', { name: 'Name' }).fill('Refunds');
  await dialog(marta).getByRole('radio', { name: 'Customer' }).check();
  await dialog(marta)
    .getByRole('combobox', { name: /^Reason/ })
    .click();
  await marta.getByRole('option', { name: /^Escalation/ }).click();
  await dialog(marta).getByRole('button', { name: 'Make the rule' }).click();
  await row(marta, 'Refunds').getByText('any of “refund*” and “money back”, but not “cards”').waitFor();
  // Another admin's list has it without a reload.
  await row(grace, 'Refunds').getByText('no flag').waitFor();
  await clean(marta, 'rules, list');

  const priya = await scene.staff('Priya', `/console#/inbox/${talk.conversationId}`);
  const ines = await scene.staff('Ines', '/wallboard');
  await priya.getByRole('button', { name: /^Flag/ }).waitFor();
  await ines.getByText('No flag is up').waitFor();
  await talk.customer.says('Then refund me the fee at least.');

  const card = ines.getByRole('article', { name: /^Priya with Rosa/ });
  await card.getByText('Rule Refunds heard “refund*”').waitFor();
  expect(await card.locator('mark').allTextContents()).toEqual(['refund']);
  await axeOnTheWay(ines, 'wallboard, a flag by rule');
  const strip = priya.getByRole('region', { name: 'Your help flag' });
  await strip.getByText('Rule Refunds heard “refund*”').waitFor();
  await strip.getByText('Then refund me the fee at least.').waitFor();
  await priya.getByText('A rule raised a help flag.').waitFor();
  await priya.getByRole('log').getByText('Help flag raised by the rule Refunds').waitFor();
  await axeOnTheWay(priya, 'console, a flag by rule');
  await row(grace, 'Refunds').getByText('1 flag').waitFor();

  // In Monitor too.
  await card.getByRole('button', { name: /^Monitor/ }).click();
  const drawer = ines.getByRole('dialog', { name: /^Priya with Rosa/ });
  await drawer.getByText('Rule Refunds heard “refund*”').waitFor();
  await ines.keyboard.press('Escape');

  // The agent did not call, and takes it down.
  await priya.getByRole('button', { name: 'Not needed' }).click();
  await strip.waitFor({ state: 'detached' });
  await card.waitFor({ state: 'detached' });
  await row(grace, 'Refunds').getByText('1 not needed').waitFor();

  // Stopped and removed by the other admin; both lists follow.
  await grace.getByRole('switch', { name: 'Refunds listens' }).click();
  await row(marta, 'Refunds').getByText('Stopped').waitFor();
  await grace.getByRole('button', { name: 'Remove Refunds' }).click();
  await dialog(grace).getByRole('button', { name: 'Remove' }).click();
  await marta.getByRole('heading', { name: 'There is no rule yet' }).waitFor();
  expect(scene.heard(priya)).not.toContain('rule:');
  expect(scene.heard(ines)).not.toContain('rule:');
}, 90_000);

test('S1.17 a rule is changed by the keyboard alone, and whoever may not set up flags has no such page', async () => {
  const admin = await floor.staff(home, 'Marta');
  const [reason] = admin.now.reasons.values();
  if (reason === undefined) throw new Error('there is no reason');
  await admin.does('rule:create', {
    name: 'Lawyers',
    side: 'customer',
    channels: [],
    queueIds: [],
    reasonId: reason.id,
    words: { any: ['lawyer'], all: [], near: null, not: [] },
  });
  const marta = await scene.staff('Marta', '/console#/settings/rules');
  await marta.getByRole('button', { name: 'Edit Lawyers' }).focus();
  await marta.keyboard.press('Enter');
  await phrases(marta, 'Any of').focus();
  await marta.keyboard.type('solicitor,');
  await marta.keyboard.press('Backspace');
  await marta.keyboard.type('court case');
  await marta.keyboard.press('Enter');
  await marta.keyboard.press('Enter');
  await row(marta, 'Lawyers').getByText('any of “lawyer” and “court case”').waitFor();

  const tomasz = await scene.staff('Tomasz', '/console#/settings/rules');
  await tomasz
    .getByRole('button', { name: /^Status/ })
    .or(tomasz.getByRole('heading', { name: /^You may not/ }))
    .first()
    .waitFor();
  expect(await tomasz.getByRole('link', { name: 'Rules' }).count()).toBe(0);
  expect(await tomasz.getByText('court case').count()).toBe(0);
}, 60_000);
